//! How jobs ended, kept for a while for whoever asked.

use chrono::{DateTime, Utc};
use kernel::Result;

use crate::{
    db::{Db, TenantTx},
    retention::{self, Batch, Expired},
    settings::{Counted, MOST_COUNTED, Setting},
};

pub const FINISHED_JOBS_KEPT: Setting<u32> = Setting {
    key: "jobs.finished_kept_days",
    title: "Finished jobs",
    help: "How jobs ended that were cancelled or tried again by a person, and results that were asked for.",
    unit: "days",
    default: 7,
    bounds: (1, 3650),
    over: Some(|tx, before| Box::pin(count_over(tx, before))),
};

/// Removes what each organization keeps no longer. A periodic task.
pub async fn forget_finished_jobs(db: &Db) -> Result<()> {
    retention::sweep(db, "finished_jobs", &FINISHED_JOBS_KEPT, |tx, over| Box::pin(forget(tx, over))).await
}

async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(finished_at) as oldest from (
            select finished_at from finished_jobs where org_id = $1 and finished_at < $2 order by finished_at, id limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = "delete from finished_jobs where org_id = $1 and id = any (array(
            select id from finished_jobs where org_id = $1 and finished_at < $2 order by finished_at, id limit $3))
        returning id";
    let removed = sqlx::query_scalar(query).bind(org).bind(over.before).bind(over.rows);
    Ok(Batch::all(removed.fetch_all(tx.conn()).await?))
}
