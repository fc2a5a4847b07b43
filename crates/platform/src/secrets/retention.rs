//! How long earlier versions of secrets are kept.

use chrono::{DateTime, Utc};
use kernel::Result;

use crate::{
    db::{Db, TenantTx},
    retention::{self, Batch, Expired},
    settings::{Counted, MOST_COUNTED, Setting},
};

/// How long a version counts after another took its place.
pub const EARLIER_SECRETS_KEPT: Setting<u32> = Setting {
    key: "secrets.earlier_kept_days",
    title: "Earlier versions of secrets",
    help: "A credential that is replaced can be put back for this long, while what uses it moves on. With 0 none is kept. \
           At most the last five of each are.",
    unit: "days",
    default: 7,
    bounds: (0, 90),
    over: Some(|tx, before| Box::pin(count_over(tx, before))),
};

/// Erases the versions that each organization keeps no longer. A periodic task.
pub async fn forget_earlier_secrets(db: &Db) -> Result<()> {
    retention::sweep(db, "earlier_secrets", &EARLIER_SECRETS_KEPT, |tx, over| Box::pin(forget(tx, over)))
        .await
}

async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(replaced_at) as oldest from (
            select replaced_at from earlier_secrets where org_id = $1 and replaced_at <= $2 order by replaced_at, id limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = "delete from earlier_secrets where org_id = $1 and id = any (array(
            select id from earlier_secrets where org_id = $1 and replaced_at <= $2 order by replaced_at, id limit $3))
        returning id";
    let removed = sqlx::query_scalar(query).bind(org).bind(over.before).bind(over.rows);
    Ok(Batch::all(removed.fetch_all(tx.conn()).await?))
}
