//! An organization's queues: how much is in them, pausing, and how many jobs may run at once.

use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

use super::events::{QueueChanged, Served};
use crate::{db::TenantTx, jobs::Hint, record::Change};

/// A queue of an organization. Counts go to ten thousand: more is a lot.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct QueueSummary {
    pub queue: String,
    /// Since when nothing of it is begun; what runs goes on to its end.
    pub paused_at: Option<DateTime<Utc>>,
    /// How many jobs run at once over all processes, if that is limited.
    pub concurrency: Option<i32>,
    /// Jobs that are due.
    pub available: i64,
    /// Jobs that have a time: they wait for it, or for their next attempt.
    pub scheduled: i64,
    pub running: i64,
    /// For how long the first of those that are due has been.
    pub oldest_seconds: Option<f64>,
}

/// What changes; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeQueue {
    pub paused: Option<bool>,
    /// 1 to 1000; null for as many as there is room for.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<i32>, nullable, minimum = 1, maximum = 1000)]
    pub concurrency: Option<Option<i32>>,
}

pub(super) async fn list(tx: &mut TenantTx, queues: &[&str]) -> Result<Vec<QueueSummary>> {
    let org = tx.org();
    let query = "select q.queue, c.paused_at, c.concurrency, free.count + laned.count as available, scheduled.count as scheduled,
            running.count as running,
            extract(epoch from database_time() - least(free.oldest, laned.oldest))::double precision as oldest_seconds
        from unnest($2::text[]) as q (queue)
        left join job_queues c on c.org_id = $1 and c.queue = q.queue
        cross join lateral (select count(*), min(run_at) as oldest from (
            select run_at from jobs j where j.org_id = $1 and j.queue = q.queue and j.state = 'available' and j.lane is null
            order by j.rank limit 10000) few) free
        cross join lateral (select count(*), min(run_at) filter (where run_at <= database_time()) as oldest from (
            select run_at from jobs j where j.org_id = $1 and j.queue = q.queue and j.state = 'available' and j.lane is not null
            limit 10000) few) laned
        cross join lateral (select count(*) from (
            select from jobs j where j.org_id = $1 and j.queue = q.queue and j.state = 'scheduled' limit 10000) few) scheduled
        cross join lateral (select count(*) from (
            select from jobs j where j.org_id = $1 and j.queue = q.queue and j.state = 'running' limit 10000) few) running
        order by q.queue";
    Ok(sqlx::query_as(query).bind(org).bind(queues).fetch_all(tx.conn()).await?)
}

/// Pauses a queue of the organization, lets it go on, or limits how many of its jobs run at once.
///
/// # Errors
/// `not_found`, `invalid_concurrency`
pub(super) async fn change(
    tx: &mut TenantTx,
    queues: &[&str],
    queue: &str,
    change: &ChangeQueue,
) -> Result<QueueSummary> {
    if !queues.contains(&queue) {
        return Err(Error::NotFound("queue"));
    }
    if let Some(Some(number)) = change.concurrency
        && !(1..=1000).contains(&number)
    {
        let detail = format!("must be from 1 to 1000, not {number}; null takes the limit away");
        return Err(Error::field("invalid_concurrency", "concurrency", detail));
    }
    let before = lock(tx, queue).await?;
    let after = Served {
        queue: queue.into(),
        paused_at: match change.paused {
            Some(true) => before.paused_at.or_else(|| Some(tx.now())),
            Some(false) => None,
            None => before.paused_at,
        },
        concurrency: change.concurrency.unwrap_or(before.concurrency),
    };
    if after != before {
        save(tx, &after).await?;
        let org = tx.org().uuid();
        tx.record::<QueueChanged, _>((org, None), Change::between(before, after)).await?;
        tx.hints.push(Hint::Look);
    }
    list(tx, &[queue]).await?.pop().ok_or(Error::NotFound("queue"))
}

async fn lock(tx: &mut TenantTx, queue: &str) -> Result<Served> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into job_queues (org_id, queue, updated_at) values ($1, $2, $3) on conflict (org_id, queue) do nothing";
    sqlx::query(query).bind(org).bind(queue).bind(now).execute(tx.conn()).await?;
    let query = "select paused_at, concurrency from job_queues where org_id = $1 and queue = $2 for update";
    let (paused_at, concurrency): (Option<DateTime<Utc>>, Option<i32>) =
        sqlx::query_as(query).bind(org).bind(queue).fetch_one(tx.conn()).await?;
    Ok(Served { queue: queue.into(), paused_at, concurrency })
}

async fn save(tx: &mut TenantTx, served: &Served) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update job_queues set paused_at = $3, concurrency = $4, updated_at = $5 where org_id = $1 and queue = $2";
    let saved =
        sqlx::query(query).bind(org).bind(&served.queue).bind(served.paused_at).bind(served.concurrency);
    saved.bind(now).execute(tx.conn()).await?;
    Ok(())
}
