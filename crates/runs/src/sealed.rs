//! What of a run and its steps is sealed, for whoever reads it and for erasing it.
//!
//! It is sealed with the key of the run's subject (`platform::secrets::subject_key`). Rows from before that have it in the open.
//! What was erased reads as nothing; the rows stay.

use kernel::Result;
use platform::{
    db::TenantTx,
    record::NewEvent,
    secrets::{Erasable, Keyring, Readable, SubjectKey},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    model::Step,
    store::{self, StoredStep},
};
use crate::{
    RunId,
    events::{self, RunCancelled},
};

pub const INPUT: &str = "runs.sealed_input";
pub const MEMORY: &str = "runs.sealed_memory";
pub const OUTPUT: &str = "runs.sealed_output";
pub const STEP: &str = "run_steps.sealed";

/// What stands in place of a text that was erased.
const ERASED: &str = "This was erased.";

pub fn seal(key: &SubjectKey, column: &str, row: Uuid, value: &impl Serialize) -> Result<Vec<u8>> {
    key.seal(column, row, &serde_json::to_vec(value)?)
}

/// A value that stands in the open or sealed; none when there is none or it was erased.
pub fn open<T: DeserializeOwned>(
    readable: &Readable,
    (column, row): (&str, Uuid),
    (plain, sealed): (Option<serde_json::Value>, Option<&[u8]>),
) -> Result<Option<T>> {
    if readable.erased_at().is_some() {
        return Ok(None);
    }
    match (sealed, readable.key()) {
        (Some(sealed), Some(key)) => Ok(Some(serde_json::from_slice(&key.open(column, row, sealed)?)?)),
        _ => Ok(plain.map(serde_json::from_value).transpose()?),
    }
}

pub fn open_step(readable: &Readable, stored: StoredStep) -> Result<Step> {
    let plain = stored.content.zip(stored.metadata).map(serde_json::to_value).transpose()?;
    let place = (STEP, stored.id.uuid());
    let (content, metadata) = open(readable, place, (plain, stored.sealed.as_deref()))?
        .unwrap_or_else(|| (ERASED.to_owned(), serde_json::json!({})));
    Ok(Step {
        id: stored.id,
        seq: stored.seq,
        key: stored.key,
        kind: stored.kind,
        content,
        metadata,
        duration_ms: stored.duration_ms,
        created_at: stored.created_at,
    })
}

/// The steps of a run in their order.
pub async fn steps(tx: &mut TenantTx, readable: &Readable, run: RunId) -> Result<Vec<Step>> {
    let stored = store::steps(tx, run).await?;
    stored.into_iter().map(|step| open_step(readable, step)).collect()
}

/// Whether the runs of a subject can be read.
pub async fn readable(tx: &mut TenantTx, keyring: &Keyring, (kind, id): (&str, Uuid)) -> Result<Readable> {
    platform::secrets::readable(tx, keyring, Erasable { kind, id }).await
}

/// Ends the runs of a subject, and empties what of them is not sealed; answers which they are. The caller destroys the key
/// (`platform::erasure::erase`).
pub async fn erase(tx: &mut TenantTx, of: Uuid) -> Result<Vec<RunId>> {
    let cancelled = store::cancel_others(tx, of, RunId::from(Uuid::nil())).await?;
    let told = cancelled.into_iter().map(|run| {
        let (subject_type, subject_id) = (run.subject_type, run.subject_id);
        let payload = RunCancelled { run_id: run.id, subject_type, subject_id };
        NewEvent::new::<RunCancelled>(events::run(run.id, run.node_id), &payload)
    });
    let told = told.collect::<Result<_>>()?;
    let emptied = store::empty(tx, of, ERASED).await?;
    tx.emit_all(told).await?;
    Ok(emptied)
}
