//! Dead letters: what could not be done, kept until somebody replays it.

use chrono::{DateTime, Utc};
use kernel::{Error, JobId, Page, PageQuery, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    db::{Db, TenantTx},
    http::JobsRead,
    record::Change,
    retention::{self, Batch, Expired},
    settings::{Counted, MOST_COUNTED, Setting},
};

/// How long they are kept.
pub const DEAD_JOBS_KEPT: Setting<u32> = Setting {
    key: "jobs.dead_kept_days",
    title: "Dead letters",
    help: "Work that was given up and may be replayed. Older ones are removed, with what they were to work on.",
    unit: "days",
    default: 90,
    bounds: (1, 3650),
    over: Some(|tx, before| Box::pin(count_over(tx, before))),
};

/// A job that was given up. Its arguments stay inside: they may hold what outsiders sent.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct DeadJob {
    pub id: JobId,
    pub kind: String,
    pub attempt: i32,
    /// Every failed attempt: when, and what was said.
    pub errors: Value,
    pub created_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub replayed_at: Option<DateTime<Utc>>,
}

/// Which job was put back into the queue.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Replayed {
    pub kind: String,
}

crate::events! {
    /// What happens to jobs that people see.
    pub JOBS, about "job", for JobsRead {
        /// A job that was given up is tried again.
        JobReplayed: Change<Replayed> = "job.replayed.v1",
    }
}

/// The dead letters of an organization, newest first.
pub async fn list_dead(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<DeadJob>> {
    let limit = page.limit()?;
    let org = tx.org();
    let query = "select id, kind, attempt, errors, created_at, finished_at, replayed_at from dead_jobs
        where org_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3";
    let rows = sqlx::query_as(query)
        .bind(org)
        .bind(page.after::<JobId>()?)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |job: &DeadJob| job.id))
}

/// Puts a dead job back into the queue with fresh attempts. It keeps its id, so replaying twice runs it once.
pub async fn replay(tx: &mut TenantTx, id: JobId) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into jobs (id, org_id, queue, kind, args, priority, lane, run_at, max_attempts,
            correlation_id, created_at)
        select id, org_id, queue, kind, args, priority, lane, $3, max_attempts, correlation_id, created_at
        from dead_jobs where org_id = $1 and id = $2
        on conflict do nothing";
    sqlx::query(query).bind(org).bind(id).bind(now).execute(tx.conn()).await?;
    let query = "update dead_jobs set replayed_at = $3 where org_id = $1 and id = $2 returning kind";
    let kind: Option<String> =
        sqlx::query_scalar(query).bind(org).bind(id).bind(now).fetch_optional(tx.conn()).await?;
    let kind = kind.ok_or(Error::NotFound("dead job"))?;
    tx.added_jobs = true;
    tx.record::<JobReplayed, _>((id.uuid(), None), Change::to(Replayed { kind })).await.map(drop)
}

/// How many jobs failed for good and were not tried again.
pub async fn count_dead(tx: &mut TenantTx) -> Result<i64> {
    let org = tx.org();
    let query = "select count(*) from dead_jobs where org_id = $1 and replayed_at is null";
    Ok(sqlx::query_scalar(query).bind(org).fetch_one(tx.conn()).await?)
}

/// Removes the dead letters that each organization keeps no longer. A periodic task.
pub async fn forget_dead_jobs(db: &Db) -> Result<()> {
    retention::sweep(db, "dead_jobs", &DEAD_JOBS_KEPT, |tx, over| Box::pin(forget(tx, over))).await
}

async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(finished_at) as oldest from (
            select finished_at from dead_jobs where org_id = $1 and id < uuid_v7_floor($2) and finished_at < $2
            order by id limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = "with looked as (
            select id from dead_jobs where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4
        ), gone as (
            delete from dead_jobs where org_id = $1 and id = any (array(select id from looked)) and finished_at < $2
            returning id
        )
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last";
    let batch = sqlx::query_as(query).bind(org).bind(over.before).bind(over.after).bind(over.rows);
    Ok(batch.fetch_one(tx.conn()).await?)
}
