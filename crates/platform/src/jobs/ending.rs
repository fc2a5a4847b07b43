//! Writing down how a job ended.
//!
//! A job is not run again because the database was away when it ended: it stays held, so that its lease is renewed, and
//! its end is written when the database is back. Only a process that stops gives up before.

use std::{future::Future, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, JobId, Result};
use rand::Rng;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    handler::{Failure, Handled, Outcome},
    lease::Held,
    queue::{self, Claimed},
};
use crate::db::Db;

/// The longest wait between two attempts of a job.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);
/// The wait between two attempts to write an end.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes completions in batches: one commit for all that ended while the last one was written.
pub(super) async fn complete_in_batches(
    db: Db,
    held: Arc<Held>,
    mut finished: mpsc::Receiver<(JobId, i64)>,
    stop: CancellationToken,
) {
    let mut batch = Vec::new();
    while finished.recv_many(&mut batch, 256).await > 0 {
        if let Err(error) = written(&db, &stop, || queue::complete(&db, &batch)).await {
            tracing::warn!(%error, jobs = batch.len(), "these jobs run again when their leases run out");
        }
        batch.drain(..).for_each(|(id, fence)| held.remove(id, fence));
    }
}

/// Writes until it is written.
///
/// # Errors
/// What is not [`Error::Unavailable`]; and that, once the process is to stop.
pub(super) async fn written<W>(db: &Db, stop: &CancellationToken, write: impl Fn() -> W) -> Result<()>
where
    W: Future<Output = Result<()>>,
{
    loop {
        match write().await {
            Err(error @ Error::Unavailable { .. }) if !stop.is_cancelled() => {
                tracing::debug!(%error, "the end of a job is written later");
                db.heed(&error);
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = async { tokio::time::sleep(PAUSE).await; db.comes_back().await } => {}
                }
            }
            ended => return ended,
        }
    }
}

/// Writes down how a job ended. It runs again when somebody else holds it by now: then this changes nothing.
pub(super) async fn settle(db: &Db, job: &Claimed, handled: &Handled) -> Result<()> {
    let now = db.clock().now();
    let entry = |error: &str| json!({ "at": now, "attempt": job.attempt, "error": error });
    match handled {
        Ok(Outcome::Done) => queue::complete(db, &[(job.id, job.fence)]).await,
        Ok(Outcome::Snooze(time)) => queue::hand_back(db, job, later(now, *time), None).await,
        Err(Failure::Retry { error, after }) if job.attempt < job.max_attempts => {
            tracing::warn!(job.kind, job.id = %job.id, job.attempt, %error, "a job failed and will be retried");
            let wait = after.unwrap_or_else(|| backoff(job.attempt));
            queue::hand_back(db, job, later(now, wait), Some(entry(error))).await
        }
        Err(Failure::Retry { error, .. } | Failure::Dead { error }) => {
            tracing::error!(job.kind, job.id = %job.id, job.attempt, %error, "a job was given up");
            queue::bury(db, job, entry(error)).await
        }
    }
}

/// Somebody outside may ask for any wait; a day is the longest that one is taken at its word.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(1);

fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(wait).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

/// Full jitter: anywhere between nothing and 2^attempt seconds, so that failures do not come back together.
fn backoff(attempt: i32) -> Duration {
    let cap = Duration::from_secs(1 << attempt.clamp(0, 16)).min(LONGEST_BACKOFF);
    rand::rng().random_range(Duration::ZERO..=cap)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    proptest::proptest! {
        #[test]
        fn no_wait_is_longer_than_a_day(seconds in 0..u64::MAX) {
            let now = chrono::DateTime::UNIX_EPOCH;
            proptest::prop_assert!(super::later(now, Duration::from_secs(seconds)) <= now + super::LONGEST_WAIT);
        }

        #[test]
        fn backoff_never_exceeds_five_minutes(attempt in 0..1_000_000) {
            proptest::prop_assert!(super::backoff(attempt) <= Duration::from_secs(300));
        }
    }
}
