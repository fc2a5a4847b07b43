//! How long letters are kept.

use chrono::{DateTime, Utc};
use kernel::Result;

use crate::{
    db::{Db, TenantTx},
    retention::{self, Batch, Expired},
    settings::{Counted, MOST_COUNTED, Setting},
};

pub const DEAD_LETTERS_KEPT: Setting<u32> = Setting {
    key: "jobs.dead_kept_days",
    title: "Dead letters",
    help: "Work that was given up and may be replayed. Older ones are removed, with what they were to work on.",
    unit: "days",
    default: 90,
    bounds: (1, 3650),
    over: Some(|tx, before| Box::pin(count_over(tx, before))),
};

/// Removes the letters that each organization keeps no longer. A periodic task.
pub async fn forget_dead_letters(db: &Db) -> Result<()> {
    retention::sweep(db, "dead_letters", &DEAD_LETTERS_KEPT, |tx, over| Box::pin(forget(tx, over))).await
}

async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(created_at) as oldest from (
            select created_at from dead_letters where org_id = $1 and created_at < $2 order by created_at, id limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

/// Everything that is over goes, so a batch is the oldest there are.
async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = "delete from dead_letters where org_id = $1 and id = any (array(
            select id from dead_letters where org_id = $1 and created_at < $2 order by created_at, id limit $3))
        returning id";
    let removed = sqlx::query_scalar(query).bind(org).bind(over.before).bind(over.rows);
    Ok(Batch::all(removed.fetch_all(tx.conn()).await?))
}
