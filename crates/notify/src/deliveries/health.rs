//! The health of a receiver as its deliveries leave it. Only a change of it is an event.

use kernel::Result;
use platform::db::TenantTx;

use crate::{
    ReceiverId,
    events::{ReceiverFailing, ReceiverRecovered},
    receivers::store,
};

pub(crate) async fn note_success(tx: &mut TenantTx, receiver: ReceiverId) -> Result<()> {
    if let Some(changed) = store::note_success(tx, receiver).await? {
        let subject = (receiver.uuid(), changed.node_id);
        tx.emit::<ReceiverRecovered>(subject, &ReceiverRecovered {}).await?;
    }
    Ok(())
}

pub(crate) async fn note_failure(tx: &mut TenantTx, receiver: ReceiverId, error: &str) -> Result<()> {
    if let Some(changed) = store::note_failure(tx, receiver, error).await? {
        let subject = (receiver.uuid(), changed.node_id);
        tx.emit::<ReceiverFailing>(subject, &ReceiverFailing {}).await?;
    }
    Ok(())
}
