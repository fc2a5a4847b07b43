//! Leases: who holds a job says so again and again; what nobody holds any more is freed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::{JobId, Result};
use sqlx::PgConnection;

use super::{
    Moved,
    ends::{Done, bury_in, cancel_in},
    lanes::{self, InLane},
};
use crate::{
    db::{Db, Work},
    jobs::hint::Hint,
};

/// The key of a job of `$1` that waits again: none, when another with its key waits, or is freed before it.
macro_rules! key_again {
    () => {
        "case when exists (select from jobs twin where twin.org_id = jobs.org_id and twin.unique_key = jobs.unique_key
            and (twin.state <> 'running' or twin.id = any ($1) and twin.id < jobs.id)) then null else unique_key end"
    };
}

/// Renews leases, without waiting for whoever has one of the rows locked; answers the jobs that are still held.
pub(in crate::jobs) async fn renew(
    conn: &mut PgConnection,
    worker: &str,
    held: &[Done],
    lease: Duration,
) -> Result<Vec<JobId>> {
    let (ids, fences): (Vec<_>, Vec<_>) = held.iter().map(|job| (job.id, job.fence)).unzip();
    let query = "with mine as (
            select jobs.id from unnest($2::uuid[], $3::bigint[]) as held (id, fence)
            join jobs on jobs.id = held.id and jobs.fence = held.fence and jobs.worker = $4 and jobs.state = 'running'
            for update of jobs skip locked
        )
        update jobs set lease_until = database_time() + $1 where id = any (array(select id from mine))";
    let renewed = sqlx::query(query).bind(lease).bind(&ids).bind(&fences).bind(worker);
    renewed.execute(&mut *conn).await?;
    // What somebody has locked is at its end, or at a step of it, and still held.
    let query = "select jobs.id from unnest($1::uuid[], $2::bigint[]) as held (id, fence)
        join jobs on jobs.id = held.id and jobs.fence = held.fence and jobs.worker = $3 and jobs.state = 'running'";
    Ok(sqlx::query_scalar(query).bind(&ids).bind(&fences).bind(worker).fetch_all(conn).await?)
}

#[derive(sqlx::FromRow)]
struct Lost {
    id: JobId,
    fence: i64,
    is_last: bool,
    is_cancelled: bool,
}

/// Frees jobs whose worker stopped renewing its lease. One that took its worker down on its last attempt is buried, one that somebody had
/// cancelled ends as that. Answers what is due by it, and how many there were.
pub(in crate::jobs) async fn rescue(conn: &mut PgConnection) -> Result<(Vec<Hint>, usize)> {
    let query = "select id, fence, attempt >= max_attempts as is_last, cancel_requested_at is not null as is_cancelled
        from jobs where state = 'running' and lease_until < database_time() for update skip locked";
    let lost: Vec<Lost> = sqlx::query_as(query).fetch_all(&mut *conn).await?;
    if lost.is_empty() {
        return Ok((lanes::rescue(conn).await?, 0));
    }
    let error = "the worker stopped without a word";
    let of = |which: fn(&Lost) -> bool| -> Vec<Done> {
        lost.iter().filter(|job| which(job)).map(|job| Done { id: job.id, fence: job.fence }).collect()
    };
    cancel_in(conn, &of(|job| job.is_cancelled)).await?;
    bury_in(conn, &of(|job| job.is_last && !job.is_cancelled), error).await?;
    let query = concat!(
        "update jobs set state = 'available', lease_until = null, worker = null, progress = null, fence = fence + 1,
            run_at = database_time(), rank = database_time() - make_interval(mins => priority), unique_key = ",
        key_again!(),
        ", errors = errors || jsonb_build_object('at', database_time(), 'attempt', attempt, 'error', $2::text)
        where id = any ($1) and state = 'running'
        returning org_id, queue, case when lane is null then rank end as rank, null::timestamptz as run_at"
    );
    let freed: Vec<JobId> =
        of(|job| !job.is_last && !job.is_cancelled).into_iter().map(|job| job.id).collect();
    let moved: Vec<Moved> = sqlx::query_as(query).bind(freed).bind(error).fetch_all(&mut *conn).await?;
    let mut hints: Vec<Hint> = moved.into_iter().flat_map(Hint::of).collect();
    hints.extend(lanes::rescue(conn).await?);
    Ok((hints, lost.len()))
}

/// What a job that is held is told.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(in crate::jobs) struct Told {
    pub id: JobId,
    pub is_suspended: bool,
    /// For how long it has been asked to stop, when somebody cancelled it.
    pub cancelled_seconds: Option<f64>,
}

/// Which of the jobs that are held are to stop. Those of organizations that were suspended meanwhile are handed back at once: whoever still
/// works on one finds that its fence is too old.
pub(in crate::jobs) async fn watch(db: &Db, held: &[Done]) -> Result<Vec<Told>> {
    let mut tx = db.system("workers serve every organization").await?;
    let query = "select jobs.id, not t.is_active as is_suspended,
            extract(epoch from database_time() - jobs.cancel_requested_at)::double precision as cancelled_seconds
        from unnest($1::uuid[], $2::bigint[]) as held (id, fence)
        join jobs on jobs.id = held.id and jobs.fence = held.fence and jobs.state = 'running'
        join tenants t on t.org_id = jobs.org_id
        where not t.is_active or jobs.cancel_requested_at is not null";
    let told: Vec<Told> = sqlx::query_as(query)
        .bind(held.iter().map(|job| job.id).collect::<Vec<_>>())
        .bind(held.iter().map(|job| job.fence).collect::<Vec<_>>())
        .fetch_all(tx.conn())
        .await?;
    let suspended: Vec<JobId> = told.iter().filter(|told| told.is_suspended).map(|told| told.id).collect();
    put_back(tx.conn(), &suspended).await?;
    tx.commit().await?;
    Ok(told)
}

/// Hands jobs back as they were before they were claimed, with a fence that no claim knows; those that a person cancelled have ended.
async fn put_back(conn: &mut PgConnection, jobs: &[JobId]) -> Result<Vec<Hint>> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let query = "select id, fence from jobs where id = any ($1) and state = 'running' and cancel_requested_at is not null";
    let cancelled: Vec<(JobId, i64)> = sqlx::query_as(query).bind(jobs).fetch_all(&mut *conn).await?;
    let cancelled: Vec<Done> = cancelled.into_iter().map(|(id, fence)| Done { id, fence }).collect();
    cancel_in(conn, &cancelled).await?;
    let query = concat!(
        "update jobs set state = 'available', lease_until = null, worker = null, progress = null, attempt = attempt - 1,
            fence = fence + 1, unique_key = ",
        key_again!(),
        " where id = any ($1) and state = 'running'
        returning org_id, queue, coalesce(lane, '') as lane, id, rank, lane is not null as is_in_lane"
    );
    let back: Vec<Back> = sqlx::query_as(query).bind(jobs).fetch_all(&mut *conn).await?;
    let (in_lanes, free): (Vec<_>, Vec<_>) = back.into_iter().partition(|job| job.is_in_lane);
    let ended: Vec<InLane> = in_lanes.into_iter().map(|job| job.job).collect();
    let due = |Back { job, rank, .. }: Back| Hint::Due { queue: job.queue, org: job.org_id, rank };
    let mut hints = lanes::go_on(conn, &ended).await?;
    if !cancelled.is_empty() {
        hints.extend(lanes::rescue(conn).await?);
    }
    hints.extend(free.into_iter().map(due));
    Ok(hints)
}

#[derive(sqlx::FromRow)]
struct Back {
    #[sqlx(flatten)]
    job: InLane,
    rank: DateTime<Utc>,
    is_in_lane: bool,
}

/// Hands back everything a worker still holds: a graceful shutdown.
pub(in crate::jobs) async fn release(db: &Db, worker: &str) -> Result<Vec<Hint>> {
    let mut tx = db.system("workers serve every organization").await?;
    let query = "select id from jobs where state = 'running' and worker = $1 for update";
    let held: Vec<JobId> = sqlx::query_scalar(query).bind(worker).fetch_all(tx.conn()).await?;
    let hints = put_back(tx.conn(), &held).await?;
    tx.commit().await?;
    Ok(hints)
}

/// Ends every lease, when the database itself was started anew: whoever held one lost its connections with it. A worker that
/// lives on all the same finds that its fence is too old.
pub async fn expire_leases(db: &Db) -> Result<()> {
    let mut tx = db.working(Work::Machine).system("workers serve every organization").await?;
    let query = "update jobs set lease_until = database_time() - interval '1 second'
        where state = 'running' and lease_until > database_time()";
    sqlx::query(query).execute(tx.conn()).await?;
    tx.commit().await
}
