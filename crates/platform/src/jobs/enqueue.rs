//! Putting jobs into the queue.

use chrono::{DateTime, Utc};
use kernel::{EventId, OrgId, Result};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{hint::Hint, queue::Moved};
use crate::db::TenantTx;

/// A job to be done after the commit.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: &'static str,
    pub args: Value,
    /// One that some domain declares ([`crate::domain::Domain::queues`]).
    pub queue: &'static str,
    /// From -100 to 100. A point counts like a minute of waiting: what is more urgent overtakes, and nothing waits for ever.
    pub priority: i16,
    /// Jobs of one lane run one at a time, in the order in which they were enqueued.
    pub lane: Option<String>,
    /// Dropped when a job with the same key waits. One that runs does not count: it may have begun before what this one is about.
    pub unique_key: Option<String>,
    /// Not before this time; at once when absent.
    pub run_at: Option<DateTime<Utc>>,
    pub max_attempts: i32,
    /// Whether its result can be asked for afterwards.
    pub keep_result: bool,
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
            keep_result: false,
            causation: None,
        }
    }

    /// [`NewJob::new`] with arguments that are still a struct.
    pub fn of(kind: &'static str, args: &impl Serialize) -> Result<Self> {
        Ok(Self::new(kind, serde_json::to_value(args)?))
    }
}

/// A job on its way into the queue: whose it is, and what it belongs to.
pub(super) struct Placed {
    pub org: OrgId,
    pub correlation: Uuid,
    pub causation: Option<EventId>,
    pub job: NewJob,
}

/// A job that is dropped locks its twin until the commit: only then is the twin claimed, and sees what this transaction wrote.
/// A lane is entered when a job is promoted, so that no two transactions wait for each other at it.
const ENQUEUE: &str = "
    with added as (
        insert into jobs (id, org_id, queue, kind, args, state, priority, rank, lane, unique_key, run_at, max_attempts,
            keep_result, correlation_id, causation_id, created_at)
        select new_job_id(), j.org_id, j.queue, j.kind, j.args,
            case when j.lane is not null or j.run_at > database_time() then 'scheduled' else 'available' end, j.priority,
            greatest(j.run_at, database_time()) - make_interval(mins => j.priority), j.lane, j.unique_key,
            greatest(j.run_at, database_time()), j.max_attempts, j.keep_result, j.correlation, j.causation, database_time()
        from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::smallint[], $6::text[], $7::text[],
                $8::timestamptz[], $9::integer[], $10::boolean[], $11::uuid[], $12::uuid[])
            as j (org_id, queue, kind, args, priority, lane, unique_key, run_at, max_attempts, keep_result, correlation,
                causation)
        on conflict (org_id, unique_key) where unique_key is not null and state <> 'running'
            do update set unique_key = excluded.unique_key
        returning org_id, queue, state, rank, run_at
    )
    select org_id, queue, min(rank) filter (where state = 'available') as rank,
        min(run_at) filter (where state = 'scheduled') as run_at
    from added group by org_id, queue";

/// Puts jobs into the queue in one round trip; answers what is due by them once they are committed.
pub(super) async fn enqueue(conn: &mut PgConnection, jobs: &[Placed]) -> Result<Vec<Hint>> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let new = || jobs.iter().map(|placed| &placed.job);
    let added: Vec<Moved> = sqlx::query_as(ENQUEUE)
        .bind(jobs.iter().map(|placed| placed.org).collect::<Vec<_>>())
        .bind(new().map(|job| job.queue).collect::<Vec<_>>())
        .bind(new().map(|job| job.kind).collect::<Vec<_>>())
        .bind(new().map(|job| &job.args).collect::<Vec<_>>())
        .bind(new().map(|job| job.priority).collect::<Vec<_>>())
        .bind(new().map(|job| job.lane.clone()).collect::<Vec<_>>())
        .bind(new().map(|job| job.unique_key.clone()).collect::<Vec<_>>())
        .bind(new().map(|job| job.run_at).collect::<Vec<_>>())
        .bind(new().map(|job| job.max_attempts).collect::<Vec<_>>())
        .bind(new().map(|job| job.keep_result).collect::<Vec<_>>())
        .bind(jobs.iter().map(|placed| placed.correlation).collect::<Vec<_>>())
        .bind(jobs.iter().map(|placed| placed.job.causation.or(placed.causation)).collect::<Vec<_>>())
        .fetch_all(conn)
        .await?;
    Ok(added.into_iter().flat_map(Hint::of).collect())
}

impl TenantTx {
    /// Enqueues a job that exists if and only if this transaction commits.
    pub async fn enqueue(&mut self, job: NewJob) -> Result<()> {
        self.enqueue_all(vec![job]).await
    }

    /// Enqueues many jobs in one round trip.
    pub async fn enqueue_all(&mut self, jobs: Vec<NewJob>) -> Result<()> {
        let org = self.org();
        let (correlation, causation) = (self.scope().correlation, self.scope().causation);
        let placed = |job| Placed { org, correlation, causation, job };
        let placed: Vec<Placed> = jobs.into_iter().map(placed).collect();
        let hints = enqueue(self.conn(), &placed).await?;
        self.hints.extend(hints);
        Ok(())
    }
}
