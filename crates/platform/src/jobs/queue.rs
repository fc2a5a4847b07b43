//! The queue's statements: claim, end, retry, bury, rescue.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{EventId, JobId, OrgId, Result};
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Db, Work};

/// A job under this worker's lease.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Claimed {
    pub id: JobId,
    pub org_id: OrgId,
    pub kind: String,
    pub args: Value,
    pub attempt: i32,
    pub max_attempts: i32,
    pub fence: i64,
    pub correlation_id: Uuid,
    pub causation_id: Option<EventId>,
    pub lane: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// Which jobs to claim, and as whom.
pub(super) struct Claim<'a> {
    pub queue: &'a str,
    pub worker: &'a str,
    pub limit: i64,
    pub lease: TimeDelta,
    /// The organization that was served first last time; this time the ones after it come first.
    pub after: Uuid,
}

/// Walks the organizations with due jobs by the index (one step each, at most 64 that are active: a suspended one is stepped
/// over), takes an equal share from each, and the heads of the lanes, which are each organization's own. `skip locked` keeps
/// workers out of each other's way. The most urgent come first, for a worker that has fewer slots than it claims.
/// It asks the view `tenants`: the function `is_active` is planned anew in each statement, which costs more than all the rest.
const CLAIM: &str = "
    with recursive queued_orgs (org_id, active, n) as (
        select first.org_id, o.is_active, o.is_active::int from (
            select j.org_id from jobs j
            where j.queue = $1 and j.state = 'available' and j.lane is null and j.org_id > $2
            order by j.org_id limit 1) first
        join tenants o on o.org_id = first.org_id
        union all
        select next.org_id, o.is_active, queued_orgs.n + o.is_active::int
        from queued_orgs cross join lateral (
            select j.org_id from jobs j
            where j.queue = $1 and j.state = 'available' and j.lane is null and j.org_id > queued_orgs.org_id
            order by j.org_id limit 1) next
        join tenants o on o.org_id = next.org_id
        where queued_orgs.n < 64
    ), due_orgs as (
        select org_id from queued_orgs where active
    ), lanes (org_id, lane, id) as (
        (select j.org_id, j.lane, j.id from jobs j
         where j.queue = $1 and j.lane is not null order by j.org_id, j.lane, j.id limit 1)
        union all
        select next.org_id, next.lane, next.id from lanes cross join lateral (
            select j.org_id, j.lane, j.id from jobs j
            where j.queue = $1 and j.lane is not null and (j.org_id, j.lane) > (lanes.org_id, lanes.lane)
            order by j.org_id, j.lane, j.id limit 1) next
    ), free as (
        select picked.id from due_orgs cross join lateral (
            select j.id from jobs j
            where j.queue = $1 and j.org_id = due_orgs.org_id and j.state = 'available' and j.lane is null
                and j.run_at <= $3
            order by j.priority desc, j.run_at, j.id
            limit greatest(1, $4 / (select count(*) from due_orgs))
            for update skip locked) picked
        limit $4
    ), heads as (
        select j.id from jobs j
        where j.id in (select lanes.id from lanes) and j.state = 'available' and j.run_at <= $3
            and exists (select from tenants o where o.org_id = j.org_id and o.is_active)
        limit $4
        for update skip locked
    ), claimed as (
        update jobs set state = 'running', attempt = attempt + 1, fence = fence + 1, lease_until = $5, worker = $6
        where id in (select id from free union all select id from heads limit $4)
        returning *
    )
    select id, org_id, kind, args, attempt, max_attempts, fence, correlation_id, causation_id, lane, created_at
    from claimed order by priority desc, run_at, id";

/// The queues that hold jobs.
pub(super) async fn names(db: &Db) -> Result<Vec<String>> {
    let mut tx = db.system("queues are of all organizations").await?;
    Ok(sqlx::query_scalar("select distinct queue from jobs order by queue").fetch_all(tx.conn()).await?)
}

pub(super) async fn claim(db: &Db, claim: &Claim<'_>) -> Result<Vec<Claimed>> {
    let now = db.clock().now();
    let mut tx = db.system("workers serve every organization").await?;
    let jobs = sqlx::query_as(CLAIM)
        .bind(claim.queue)
        .bind(claim.after)
        .bind(now)
        .bind(claim.limit)
        .bind(now + claim.lease)
        .bind(claim.worker)
        .fetch_all(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Deletes finished jobs; one whose lease was lost stays with its new holder.
pub(super) async fn complete(db: &Db, done: &[(JobId, i64)]) -> Result<()> {
    let mut tx = db.system("workers serve every organization").await?;
    let query = "delete from jobs using unnest($1::uuid[], $2::bigint[]) as done (id, fence)
        where jobs.id = done.id and jobs.fence = done.fence";
    sqlx::query(query)
        .bind(done.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(done.iter().map(|(_, fence)| *fence).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    tx.commit().await
}

/// Hands a job back, to be run again at a time. An error is added to its history; without one the attempt
/// does not count.
pub(super) async fn hand_back(
    db: &Db,
    job: &Claimed,
    run_at: DateTime<Utc>,
    error: Option<Value>,
) -> Result<()> {
    let mut tx = db.system("workers serve every organization").await?;
    let query = "update jobs set state = 'available', lease_until = null, worker = null, run_at = $3,
            attempt = case when $4::jsonb is null then attempt - 1 else attempt end,
            errors = case when $4::jsonb is null then errors else errors || $4::jsonb end
        where id = $1 and fence = $2";
    sqlx::query(query).bind(job.id).bind(job.fence).bind(run_at).bind(error).execute(tx.conn()).await?;
    tx.commit().await
}

/// Moves a job to the dead letters.
pub(super) async fn bury(db: &Db, job: &Claimed, error: Value) -> Result<()> {
    let now = db.clock().now();
    let mut tx = db.system("workers serve every organization").await?;
    let query = "with gone as (delete from jobs where id = $1 and fence = $2 returning *)
        insert into dead_jobs (org_id, id, queue, kind, args, priority, lane, attempt, max_attempts, errors,
            correlation_id, created_at, finished_at)
        select org_id, id, queue, kind, args, priority, lane, attempt, max_attempts, errors || $3::jsonb,
            correlation_id, created_at, $4
        from gone
        on conflict (org_id, id) do update set attempt = excluded.attempt, errors = excluded.errors,
            finished_at = excluded.finished_at, replayed_at = null";
    sqlx::query(query).bind(job.id).bind(job.fence).bind(error).bind(now).execute(tx.conn()).await?;
    tx.commit().await
}

/// Ends every lease, when the database itself was started anew: whoever held one lost its connections with it. A worker that
/// lives on all the same finds that its fence is too old.
pub async fn expire_leases(db: &Db) -> Result<()> {
    let now = db.clock().now();
    let mut tx = db.working(Work::Machine).system("workers serve every organization").await?;
    let query = "update jobs set lease_until = $1 where state = 'running' and lease_until > $1";
    sqlx::query(query).bind(now - TimeDelta::seconds(1)).execute(tx.conn()).await?;
    tx.commit().await
}

/// Frees jobs whose worker stopped renewing its lease. One that took its worker down on its last attempt is
/// buried.
pub(super) async fn rescue(db: &Db) -> Result<u64> {
    let now = db.clock().now();
    let error = serde_json::json!({ "at": now, "error": "the worker stopped without a word" });
    let mut tx = db.system("workers serve every organization").await?;
    let query = "with lost as (
            select id from jobs where state = 'running' and lease_until < $1 for update skip locked
        ), buried as (
            delete from jobs where id in (select id from lost) and attempt >= max_attempts returning *
        ), kept as (
            insert into dead_jobs (org_id, id, queue, kind, args, priority, lane, attempt, max_attempts, errors,
                correlation_id, created_at, finished_at)
            select org_id, id, queue, kind, args, priority, lane, attempt, max_attempts, errors || $2::jsonb,
                correlation_id, created_at, $1
            from buried
            on conflict (org_id, id) do update set attempt = excluded.attempt, errors = excluded.errors,
                finished_at = excluded.finished_at, replayed_at = null
        )
        update jobs set state = 'available', lease_until = null, worker = null, run_at = $1,
            errors = errors || $2::jsonb
        where id in (select id from lost) and attempt < max_attempts";
    let freed = sqlx::query(query).bind(now).bind(error).execute(tx.conn()).await?.rows_affected();
    tx.commit().await?;
    Ok(freed)
}

/// Hands back everything a worker still holds: a graceful shutdown.
pub(super) async fn release(db: &Db, worker: &str) -> Result<u64> {
    let mut tx = db.system("workers serve every organization").await?;
    let query =
        "update jobs set state = 'available', lease_until = null, worker = null, attempt = attempt - 1
        where state = 'running' and worker = $1";
    let released = sqlx::query(query).bind(worker).execute(tx.conn()).await?.rows_affected();
    tx.commit().await?;
    Ok(released)
}

/// Hands back what is held for organizations that were suspended meanwhile; answers those jobs. Whoever still works on one finds
/// that its fence is too old.
pub(super) async fn hand_back_suspended(db: &Db, held: &[(JobId, i64)]) -> Result<Vec<JobId>> {
    let mut tx = db.system("workers serve every organization").await?;
    let query = "update jobs set state = 'available', lease_until = null, worker = null, attempt = attempt - 1,
            fence = jobs.fence + 1
        from unnest($1::uuid[], $2::bigint[]) as held (id, fence)
        where jobs.id = held.id and jobs.fence = held.fence and jobs.state = 'running' and not is_active(jobs.org_id)
        returning jobs.id";
    let lost = sqlx::query_scalar(query)
        .bind(held.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(held.iter().map(|(_, fence)| *fence).collect::<Vec<_>>())
        .fetch_all(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(lost)
}

/// Renews leases; answers the jobs that are still held.
pub(super) async fn renew(
    db: &Db,
    worker: &str,
    held: &[(JobId, i64)],
    lease: TimeDelta,
) -> Result<Vec<JobId>> {
    let until = db.clock().now() + lease;
    let mut tx = db.system("workers serve every organization").await?;
    let query = "update jobs set lease_until = $1
        from unnest($2::uuid[], $3::bigint[]) as held (id, fence)
        where jobs.id = held.id and jobs.fence = held.fence and jobs.worker = $4 and jobs.state = 'running'
        returning jobs.id";
    let kept = sqlx::query_scalar(query)
        .bind(until)
        .bind(held.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(held.iter().map(|(_, fence)| *fence).collect::<Vec<_>>())
        .bind(worker)
        .fetch_all(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(kept)
}

/// What waits in a queue.
#[derive(Debug, sqlx::FromRow)]
pub struct Waiting {
    pub queue: String,
    /// Up to ten thousand: more is a lot.
    pub jobs: i64,
    /// For how long the first of them has been due.
    pub oldest_seconds: f64,
}

/// The jobs that are due, the oldest ten thousand of them: a long queue costs no more to look at than one of that length.
pub async fn waiting(db: &Db) -> Result<Vec<Waiting>> {
    let now = db.clock().now();
    let mut tx = db.system("the queue's length is of the process").await?;
    let query = "select queue, count(*) as jobs,
            coalesce(greatest(0, extract(epoch from $1 - min(run_at))), 0)::double precision as oldest_seconds
        from (select queue, run_at from jobs where state = 'available' and run_at <= $1 order by id limit 10000) due
        group by queue";
    Ok(sqlx::query_as(query).bind(now).fetch_all(tx.conn()).await?)
}
