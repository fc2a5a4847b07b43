//! Cancelling a job: one that waits is not run, one that runs is told to stop and is not run again.

use kernel::{Error, JobId, Result};
use serde_json::Value;

use super::events::{Cancelled, JobCancelled};
use crate::{
    db::TenantTx,
    jobs::{
        Registry,
        queue::{
            ends,
            lanes::{self, InLane},
        },
    },
    record::Change,
};

#[derive(sqlx::FromRow)]
struct Waiting {
    state: String,
    fence: i64,
    queue: String,
    kind: String,
    args: Value,
    lane: Option<String>,
    is_cancelled: bool,
}

/// Cancels a job, and the thing that it works on with it ([`Registry::on_cancel`]). Cancelling twice does nothing more.
///
/// # Errors
/// `not_found`: it has ended, or never was; `job_must_be_done` for a reaction, without which its issue would wait for ever.
pub(super) async fn cancel(tx: &mut TenantTx, registry: &Registry, id: JobId) -> Result<()> {
    let org = tx.org();
    let query =
        "select state, fence, queue, kind, args, lane, cancel_requested_at is not null as is_cancelled from jobs
        where org_id = $1 and id = $2 for update";
    let job: Option<Waiting> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    let Some(job) = job else { return was_cancelled(tx, id).await };
    let was_running = job.state == "running";
    if job.is_cancelled && was_running {
        return Ok(());
    }
    if !registry.may_be_cancelled(&job.kind) {
        let detail = "it is what follows from something that happened, and others wait for it: pause its queue to hold it up";
        return Err(Error::conflict("job_must_be_done", detail));
    }
    let query = "update jobs set cancel_requested_at = database_time() where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    if !was_running {
        end(tx, id, &job).await?;
    }
    registry.cancel(&job.kind, job.args, tx).await?;
    let change = Change::to(Cancelled { kind: job.kind, was_running });
    tx.record::<JobCancelled, _>((id.uuid(), None), change).await.map(drop)
}

/// Whether it was cancelled before.
async fn was_cancelled(tx: &mut TenantTx, id: JobId) -> Result<()> {
    let org = tx.org();
    let query =
        "select exists (select from finished_jobs where org_id = $1 and id = $2 and outcome = 'cancelled')";
    let cancelled: bool = sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?;
    if cancelled { Ok(()) } else { Err(Error::NotFound("job")) }
}

/// One that waits has ended with that, and its lane goes on.
async fn end(tx: &mut TenantTx, id: JobId, job: &Waiting) -> Result<()> {
    ends::keep_in(tx.conn(), id, job.fence, "cancelled", None).await?;
    if let Some(lane) = job.lane.clone() {
        let ended = InLane { org_id: tx.org(), queue: job.queue.clone(), lane, id };
        let hints = lanes::go_on(tx.conn(), &[ended]).await?;
        tx.hints.extend(hints);
    }
    Ok(())
}
