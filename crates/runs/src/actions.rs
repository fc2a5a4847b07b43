//! What others may do with runs: start one, and find those that nobody pursues any more.

use chrono::{DateTime, Utc};
use kernel::{EventId, NodeId, OrgId, Result, UserId};
use platform::{
    db::{Db, TenantTx},
    jobs::NewJob,
    record::NewEvent,
    secrets::{Erasable, Keyring, subject_key},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use skills::SkillId;
use uuid::Uuid;

use super::{
    execute::{EXECUTE_RUN, ExecuteRun},
    journal, sealed, store,
};
use crate::{
    QUEUE, RunId,
    events::{self, RunCancelled, RunStarted},
};

/// How often a worker tries a run before it is given up.
const MAX_ATTEMPTS: i32 = 5;

/// What a run is to look into.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// `issue`.
    pub subject_type: String,
    pub subject_id: Uuid,
    /// The node that owns the subject, if one does: only skills and tools for its use are used.
    pub node_id: Option<NodeId>,
    /// The brief; see [`crate::brief::Brief`].
    pub input: Value,
    pub requested_by: Option<UserId>,
    /// The skill that a person asked for. Without one, a skill is matched.
    pub skill_id: Option<SkillId>,
}

/// Starts a run, once for each event that causes it and each subject: a reaction that runs twice starts one.
/// Runs of the subject that have not ended are cancelled. None when the subject was erased: there is nothing to look into.
///
/// # Errors
/// Not found when there is no skill of the requested id.
pub async fn start(tx: &mut TenantTx, keyring: &Keyring, new: NewRun) -> Result<Option<RunId>> {
    let id = run_id(tx.scope().causation, new.subject_id, tx.now());
    let of = Erasable { kind: &new.subject_type, id: new.subject_id };
    let Some(key) = subject_key(tx, keyring, of).await? else { return Ok(None) };
    let input = sealed::seal(&key, sealed::INPUT, id.uuid(), &new.input)?;
    if !store::insert(tx, id, &new, &input).await? {
        return Ok(Some(id));
    }
    let mut told = Vec::new();
    for cancelled in store::cancel_others(tx, new.subject_id, id).await? {
        let subject = events::run(cancelled.id, cancelled.node_id);
        let (subject_type, subject_id) = (cancelled.subject_type, cancelled.subject_id);
        let payload = RunCancelled { run_id: cancelled.id, subject_type, subject_id };
        told.push(NewEvent::new::<RunCancelled>(subject, &payload)?);
    }
    let (subject_type, subject_id) = (new.subject_type, new.subject_id);
    let payload = RunStarted { run_id: id, subject_type, subject_id };
    told.push(NewEvent::new::<RunStarted>(events::run(id, new.node_id), &payload)?);
    tx.emit_all(told).await?;
    tx.enqueue(NewJob {
        queue: QUEUE,
        priority: priority(&new.input),
        unique_key: Some(format!("run:{id}")),
        max_attempts: MAX_ATTEMPTS,
        ..NewJob::of(EXECUTE_RUN, &ExecuteRun { run_id: id })?
    })
    .await?;
    Ok(Some(id))
}

/// The same event and subject give the same id. It sorts as the event does: only the random end is changed.
fn run_id(cause: Option<EventId>, subject: Uuid, now: DateTime<Utc>) -> RunId {
    let Some(cause) = cause else { return RunId::new(now) };
    let mut bytes = cause.uuid().into_bytes();
    for (byte, mask) in bytes[12..].iter_mut().zip(Sha256::digest(subject.as_bytes())) {
        *byte ^= mask;
    }
    RunId(Uuid::from_bytes(bytes))
}

/// What is more severe is looked into first.
fn priority(input: &Value) -> i16 {
    match input["severity"].as_str() {
        Some("critical") => 60,
        Some("high") => 30,
        Some("medium") => 10,
        _ => 0,
    }
}

/// Ends a run whose job a person cancelled, as one that found nothing.
pub async fn cancel(tx: &mut TenantTx, id: RunId) -> Result<()> {
    journal::fail_in(tx, id, i64::MAX, "cancelled by a person").await.map(drop)
}

/// Fails the runs for which no job is left: their worker died in every attempt, so nothing else will end them.
/// A reconciler; running it twice changes nothing.
pub async fn sweep_runs(db: &Db) -> Result<()> {
    let mut tx = db.system("runs of every organization").await?;
    let abandoned = store::abandoned(&mut tx).await?;
    drop(tx);
    for (org, id) in abandoned {
        if let Err(error) = fail_abandoned(db, org, id).await {
            tracing::warn!(%org, run = %id, %error, "a run without a job is ended the next time");
        }
    }
    Ok(())
}

async fn fail_abandoned(db: &Db, org: OrgId, id: RunId) -> Result<()> {
    let mut tx = db.tenant(db.system_scope(org, "sweep_runs")).await?;
    journal::fail_in(&mut tx, id, i64::MAX, "the worker stopped without a word in every attempt").await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_cause_and_subject_give_the_same_id() {
        let now = testkit::start_of_time();
        let (first, second) = (EventId::new(now), EventId::new(now));
        let (issue, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(run_id(Some(first), issue, now), run_id(Some(first), issue, now));
        assert_ne!(run_id(Some(first), issue, now), run_id(Some(first), other, now));
        assert!(
            run_id(Some(first), issue, now) < run_id(Some(second), other, now),
            "a later cause sorts later"
        );
        assert_ne!(run_id(None, issue, now), run_id(None, issue, now));
    }
}
