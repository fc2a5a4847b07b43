//! How a claim of a job ends. Each statement names the fence of the claim: one whose lease was lost changes nothing.

use std::time::Duration;

use kernel::{JobId, Result};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{
    Claimed, Moved,
    lanes::{self, InLane},
};
use crate::{
    db::{Db, SystemTx, TenantTx, violated},
    jobs::hint::Hint,
};

/// A claim that ended well.
#[derive(Clone, Copy, Debug)]
pub(in crate::jobs) struct Done {
    pub id: JobId,
    pub fence: i64,
}

/// Deletes finished jobs.
pub(in crate::jobs) async fn complete(db: &Db, done: &[Done]) -> Result<Vec<Hint>> {
    let mut tx = begin(db).await?;
    let query = "with gone as (
            delete from jobs using unnest($1::uuid[], $2::bigint[]) as done (id, fence)
            where jobs.id = done.id and jobs.fence = done.fence
            returning jobs.org_id, jobs.queue, jobs.lane, jobs.id
        )
        select org_id, queue, coalesce(lane, '') as lane, id from gone where lane is not null";
    let ended: Vec<InLane> = sqlx::query_as(query)
        .bind(done.iter().map(|done| done.id).collect::<Vec<_>>())
        .bind(done.iter().map(|done| done.fence).collect::<Vec<_>>())
        .fetch_all(tx.conn())
        .await?;
    end(tx, &ended).await
}

/// Keeps how a job ended, and deletes it.
pub(in crate::jobs) async fn keep(
    db: &Db,
    job: &Claimed,
    outcome: &'static str,
    result: Option<&Value>,
) -> Result<Vec<Hint>> {
    let mut tx = begin(db).await?;
    let gone = keep_in(tx.conn(), job.id, job.fence, outcome, result).await?;
    let ended = if gone { in_lane(job) } else { Vec::new() };
    end(tx, &ended).await
}

/// Ends jobs as cancelled that did not stop when they were told to.
pub(in crate::jobs) async fn cancel(db: &Db, jobs: &[Done]) -> Result<Vec<Hint>> {
    let mut tx = begin(db).await?;
    cancel_in(tx.conn(), jobs).await?;
    let hints = lanes::rescue(tx.conn()).await?;
    tx.commit().await?;
    Ok(hints)
}

/// Ends jobs that a person cancelled; their lanes are to go on.
pub(super) async fn cancel_in(conn: &mut PgConnection, jobs: &[Done]) -> Result<()> {
    for job in jobs {
        keep_in(conn, job.id, job.fence, "cancelled", None).await?;
    }
    Ok(())
}

/// Commits what a job did, and its end with it in one message; answers whether this claim still counted. Nothing is committed otherwise.
pub(in crate::jobs) async fn commit(tx: TenantTx, done: Done) -> Result<bool> {
    // Of what the function raises when there is no such claim.
    const LOST: &str = "JB001";
    let call = format!("end_job('{}', '{}', {})", tx.org(), done.id, done.fence);
    match tx.commit_calling(&call).await {
        Err(error) if error.as_database_error().is_some_and(|said| said.code().as_deref() == Some(LOST)) => {
            Ok(false)
        }
        committed => Ok(committed.map(|()| true)?),
    }
}

/// [`keep`] in the transaction of its effect; answers whether this claim still counted.
pub(in crate::jobs) async fn keep_in(
    conn: &mut PgConnection,
    id: JobId,
    fence: i64,
    outcome: &'static str,
    result: Option<&Value>,
) -> Result<bool> {
    let query = "with gone as (
            delete from jobs where id = $1 and fence = $2 and ($3 <> 'cancelled' or cancel_requested_at is not null)
            returning org_id, id, queue, kind, attempt, created_at
        )
        insert into finished_jobs (org_id, id, queue, kind, outcome, result, attempt, created_at, finished_at)
        select org_id, id, queue, kind, $3, $4, attempt, created_at, database_time() from gone
        on conflict (org_id, id) do update set outcome = excluded.outcome, result = excluded.result,
            attempt = excluded.attempt, finished_at = excluded.finished_at";
    let kept = sqlx::query(query).bind(id).bind(fence).bind(outcome).bind(result).execute(conn).await?;
    Ok(kept.rows_affected() == 1)
}

/// Hands a job back, to be run again after a time. An error is added to its history; without one the attempt does not count. One that
/// somebody cancelled meanwhile is not run again.
pub(in crate::jobs) async fn hand_back(
    db: &Db,
    job: &Claimed,
    wait: Duration,
    error: Option<&str>,
) -> Result<Vec<Hint>> {
    let mut tx = begin(db).await?;
    let moved = match put_back(&mut tx, job, wait, error, true).await {
        // Another with its key was enqueued while it ran. Both are to be done.
        Err(error_of_key) if violated(&error_of_key) == Some("jobs_unique_key_key") => {
            drop(tx);
            tx = begin(db).await?;
            put_back(&mut tx, job, wait, error, false).await?
        }
        moved => moved?,
    };
    let Some(moved) = moved else {
        drop(tx);
        return keep(db, job, "cancelled", None).await;
    };
    if job.lane.is_some() {
        return end(tx, &in_lane(job)).await;
    }
    tx.commit().await?;
    Ok(Hint::of(moved).collect())
}

/// In a lane it stands in line with its time; out of one it has a time, or is due.
async fn put_back(
    tx: &mut SystemTx,
    job: &Claimed,
    wait: Duration,
    error: Option<&str>,
    with_key: bool,
) -> Result<Option<Moved>, sqlx::Error> {
    let query = "update jobs set lease_until = null, worker = null, progress = null,
            state = case when lane is null and $3 > interval '0' then 'scheduled' else 'available' end,
            run_at = database_time() + $3, rank = database_time() + $3 - make_interval(mins => priority),
            attempt = case when $4::jsonb is null then attempt - 1 else attempt end,
            errors = case when $4::jsonb is null then errors
                else errors || ($4::jsonb || jsonb_build_object('at', database_time())) end,
            unique_key = case when $5 then unique_key end
        where id = $1 and fence = $2 and state = 'running' and cancel_requested_at is null
        returning org_id, queue, case when state = 'available' then rank end as rank,
            case when state = 'scheduled' then run_at end as run_at";
    let entry = error.map(|error| json!({ "attempt": job.attempt, "error": error }));
    sqlx::query_as(query)
        .bind(job.id)
        .bind(job.fence)
        .bind(wait)
        .bind(entry)
        .bind(with_key)
        .fetch_optional(tx.conn())
        .await
}

/// Moves a job to the dead letters, unless a person cancelled it meanwhile.
pub(in crate::jobs) async fn bury(db: &Db, job: &Claimed, error: &str) -> Result<Vec<Hint>> {
    let mut tx = begin(db).await?;
    if keep_in(tx.conn(), job.id, job.fence, "cancelled", None).await? {
        return end(tx, &in_lane(job)).await;
    }
    let gone = bury_in(tx.conn(), &[Done { id: job.id, fence: job.fence }], error).await?;
    end(tx, &gone).await
}

/// Moves jobs to the dead letters; answers those that were in lanes.
pub(super) async fn bury_in(conn: &mut PgConnection, jobs: &[Done], error: &str) -> Result<Vec<InLane>> {
    let query = "with gone as (
            delete from jobs using unnest($1::uuid[], $2::bigint[]) as given_up (id, fence)
            where jobs.id = given_up.id and jobs.fence = given_up.fence
            returning jobs.org_id, jobs.id, jobs.queue, jobs.kind, jobs.args, jobs.priority, jobs.lane, jobs.attempt,
                jobs.max_attempts, jobs.errors, jobs.keep_result, jobs.correlation_id, jobs.created_at
        ), letters as (
            insert into dead_letters (org_id, id, source, event_type, payload, error, retry_count, created_at, context)
            select org_id, id, 'job', kind, args, $3::text, greatest(0, attempt - 1), database_time(),
                jsonb_build_object('queue', queue, 'priority', priority, 'lane', lane, 'attempt', attempt,
                    'max_attempts', max_attempts, 'keep_result', keep_result, 'correlation_id', correlation_id,
                    'created_at', created_at, 'errors', errors
                        || jsonb_build_object('at', database_time(), 'attempt', attempt, 'error', $3::text))
            from gone
            on conflict (org_id, id) do update set error = excluded.error, retry_count = excluded.retry_count,
                created_at = excluded.created_at, context = excluded.context, processed_at = null
        )
        select org_id, queue, coalesce(lane, '') as lane, id from gone where lane is not null";
    Ok(sqlx::query_as(query)
        .bind(jobs.iter().map(|job| job.id).collect::<Vec<_>>())
        .bind(jobs.iter().map(|job| job.fence).collect::<Vec<_>>())
        .bind(error)
        .fetch_all(conn)
        .await?)
}

async fn begin(db: &Db) -> Result<SystemTx> {
    db.system("workers serve every organization").await
}

fn in_lane(job: &Claimed) -> Vec<InLane> {
    let lane = job.lane.clone();
    let ended = lane.map(|lane| InLane { org_id: job.org_id, queue: job.queue.clone(), lane, id: job.id });
    ended.into_iter().collect()
}

/// Lets the lanes of what ended go on, and commits.
async fn end(mut tx: SystemTx, ended: &[InLane]) -> Result<Vec<Hint>> {
    let hints = lanes::go_on(tx.conn(), ended).await?;
    tx.commit().await?;
    Ok(hints)
}

/// Lets the lane go on of a job that its handler ended in its own transaction.
pub(in crate::jobs) async fn ended_by_itself(db: &Db, job: &Claimed) -> Result<Vec<Hint>> {
    if job.lane.is_none() {
        return Ok(Vec::new());
    }
    end(begin(db).await?, &in_lane(job)).await
}
