//! The health of a receiver as its deliveries leave it. Only a change of it is an event.

use kernel::{ReceiverId, Result};
use platform::{db::TenantTx, record::Subject};
use serde_json::json;

use crate::receivers::store;

pub(crate) async fn note_success(tx: &mut TenantTx, receiver: ReceiverId) -> Result<()> {
    if let Some(changed) = store::note_success(tx, receiver).await? {
        let subject = Subject::new("receiver", receiver.uuid()).owned_by(changed.node_id);
        tx.emit("receiver.recovered.v1", subject, json!({})).await?;
    }
    Ok(())
}

pub(crate) async fn note_failure(tx: &mut TenantTx, receiver: ReceiverId, error: &str) -> Result<()> {
    if let Some(changed) = store::note_failure(tx, receiver, error).await? {
        let subject = Subject::new("receiver", receiver.uuid()).owned_by(changed.node_id);
        tx.emit("receiver.failing.v1", subject, json!({ "error": error })).await?;
    }
    Ok(())
}
