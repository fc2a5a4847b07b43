//! Writing down how a job ended.
//!
//! A job is not run again because the database was away when it ended: it stays held, so that its lease is renewed, and
//! its end is written when the database is back. Only a process that stops gives up before.

use std::{future::Future, sync::Arc, time::Duration};

use kernel::{Error, Result};
use rand::Rng;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    handler::{Failure, Handled, Outcome},
    hint::Hint,
    lease::Held,
    queue::{
        Claimed,
        ends::{self, Done},
    },
};
use crate::db::Db;

/// The longest wait between two attempts of a job.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);
/// The wait between two attempts to write an end.
const PAUSE: Duration = Duration::from_secs(1);
/// How many ends share a commit.
const BATCH: usize = 512;

/// Writes completions in batches: one commit for all that ended while the last one was written.
pub(super) async fn complete_in_batches(
    db: Db,
    held: Arc<Held>,
    mut finished: mpsc::Receiver<Done>,
    stop: CancellationToken,
) {
    let mut batch = Vec::new();
    while finished.recv_many(&mut batch, BATCH).await > 0 {
        match written(&db, &stop, || ends::complete(&db, &batch)).await {
            Ok(hints) => hints.into_iter().for_each(|hint| db.job_hints().tell(hint)),
            Err(error) => {
                tracing::warn!(%error, jobs = batch.len(), "these jobs run again when their leases run out");
            }
        }
        batch.drain(..).for_each(|job| held.remove(job.id, job.fence));
    }
}

/// Writes until it is written.
///
/// # Errors
/// What is not [`Error::Unavailable`]; and that, once the process is to stop.
pub(super) async fn written<T, W>(db: &Db, stop: &CancellationToken, write: impl Fn() -> W) -> Result<T>
where
    W: Future<Output = Result<T>>,
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

/// Writes down how a job ended; answers what is due by it. It runs again when somebody else holds it by now: then this changes nothing.
pub(super) async fn settle(db: &Db, job: &Claimed, handled: &Handled) -> Result<Vec<Hint>> {
    match handled {
        Ok(Outcome::Done) if job.keep_result => ends::keep(db, job, "completed", None).await,
        Ok(Outcome::With(result)) if job.keep_result => ends::keep(db, job, "completed", Some(result)).await,
        Ok(Outcome::Done | Outcome::With(_)) => {
            ends::complete(db, &[Done { id: job.id, fence: job.fence }]).await
        }
        Ok(Outcome::Snooze(time)) => ends::hand_back(db, job, bounded(*time), None).await,
        Err(Failure::Retry { error, after }) if job.attempt < job.max_attempts => {
            tracing::warn!(job.kind, job.id = %job.id, job.attempt, %error, "a job failed and will be retried");
            let wait = after.unwrap_or_else(|| backoff(job.attempt));
            ends::hand_back(db, job, bounded(wait), Some(error)).await
        }
        Err(Failure::Retry { error, .. } | Failure::Dead { error }) => {
            tracing::error!(job.kind, job.id = %job.id, job.attempt, %error, "a job was given up");
            ends::bury(db, job, error).await
        }
    }
}

/// Somebody outside may ask for any wait; a day is the longest that one is taken at its word. PostgreSQL counts in microseconds.
fn bounded(wait: Duration) -> Duration {
    const LONGEST_WAIT: Duration = Duration::from_hours(24);
    Duration::from_micros(u64::try_from(wait.min(LONGEST_WAIT).as_micros()).unwrap_or_default())
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
        fn no_wait_is_longer_than_a_day(seconds in 0..u64::MAX, nanos in 0..1_000_000_000_u32) {
            let wait = super::bounded(Duration::new(seconds, nanos));
            proptest::prop_assert!(wait <= Duration::from_secs(86_400));
            proptest::prop_assert_eq!(wait.as_nanos() % 1000, 0);
        }

        #[test]
        fn backoff_never_exceeds_five_minutes(attempt in 0..1_000_000) {
            proptest::prop_assert!(super::backoff(attempt) <= Duration::from_secs(300));
        }
    }
}
