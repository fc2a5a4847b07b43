//! Putting jobs into the queue.

use chrono::{DateTime, Utc};
use kernel::{EventId, JobId, Result};
use serde::Serialize;
use serde_json::Value;

use crate::db::TenantTx;

/// A job to be done after the commit.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: &'static str,
    pub args: Value,
    /// One that some domain declares ([`crate::domain::Domain::queues`]).
    pub queue: &'static str,
    /// Higher is more urgent.
    pub priority: i16,
    /// Jobs of one lane run one at a time, in the order in which they were enqueued.
    pub lane: Option<String>,
    /// Dropped when a job with the same key is still in the queue.
    pub unique_key: Option<String>,
    /// Not before this time; at once when absent.
    pub run_at: Option<DateTime<Utc>>,
    pub max_attempts: i32,
    /// The event that it answers, when it is not the transaction's own cause.
    pub causation: Option<EventId>,
}

impl NewJob {
    /// A job of the default queue: 20 attempts are about an hour and a half.
    pub fn new(kind: &'static str, args: Value) -> Self {
        Self {
            kind,
            args,
            queue: "default",
            priority: 0,
            lane: None,
            unique_key: None,
            run_at: None,
            max_attempts: 20,
            causation: None,
        }
    }

    /// [`NewJob::new`] with arguments that are still a struct.
    pub fn of(kind: &'static str, args: &impl Serialize) -> Result<Self> {
        Ok(Self::new(kind, serde_json::to_value(args)?))
    }
}

impl TenantTx {
    /// Enqueues a job that exists if and only if this transaction commits.
    pub async fn enqueue(&mut self, job: NewJob) -> Result<()> {
        self.enqueue_all(vec![job]).await
    }

    /// Enqueues many jobs in one round trip.
    pub async fn enqueue_all(&mut self, jobs: Vec<NewJob>) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        let (org, now, correlation, causation) =
            (self.org(), self.now(), self.scope().correlation, self.scope().causation);
        let query = "insert into jobs (id, org_id, queue, kind, args, priority, lane, unique_key, run_at, max_attempts,
                correlation_id, causation_id, created_at)
            select j.id, $1, j.queue, j.kind, j.args, j.priority, j.lane, j.unique_key, j.run_at, j.max_attempts,
                $2, coalesce(j.causation, $3), $4
            from unnest($5::uuid[], $6::text[], $7::text[], $8::jsonb[], $9::smallint[], $10::text[], $11::text[],
                    $12::timestamptz[], $13::integer[], $14::uuid[])
                as j (id, queue, kind, args, priority, lane, unique_key, run_at, max_attempts, causation)
            on conflict (org_id, unique_key) where unique_key is not null do nothing";
        sqlx::query(query)
            .bind(org)
            .bind(correlation)
            .bind(causation)
            .bind(now)
            .bind(jobs.iter().map(|_| JobId::new(now)).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.queue).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.kind).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| &job.args).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.priority).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.lane.clone()).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.unique_key.clone()).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.run_at.unwrap_or(now)).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.max_attempts).collect::<Vec<_>>())
            .bind(jobs.iter().map(|job| job.causation).collect::<Vec<_>>())
            .execute(self.conn())
            .await?;
        self.added_jobs = true;
        Ok(())
    }
}
