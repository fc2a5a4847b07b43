//! Rows whose time is over go, in small numbers (docs/adr/0020-retention.md).
//!
//! Each domain that owns something which grows declares how long an organization keeps it, as a setting in days, and calls
//! [`sweep`] from a periodic task. That deletes batch after batch, each in a transaction of its own, so that no lock is held for long; it takes no input and therefore goes on where
//! it was stopped. Whole months of all organizations are dropped as partitions ([`crate::db::maintain_partitions`]).

use std::{future::Future, pin::Pin};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{OrgId, Result};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Db, TenantTx},
    http::SettingsRead,
    jobs, record,
    settings::{self, AnySetting, Kind, Setting},
};

/// Rows of one batch.
const ROWS: i64 = 500;
/// Batches of one organization in a turn: others wait for theirs.
const BATCHES: u32 = 200;

/// What belongs to the platform itself.
pub const SETTINGS: &[&dyn AnySetting] = &[&record::EVENTS_KEPT, &record::AUDIT_KEPT, &jobs::DEAD_JOBS_KEPT];

crate::events! {
    /// What happens to what is over. The subject is the organization.
    pub EVENTS, about "organization", for SettingsRead {
        /// What an organization keeps no longer was removed: so much of a kind, in one turn.
        DataRemoved = "organization.data_removed.v1",
    }
}

/// What was removed.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DataRemoved {
    /// As in the metric `steward_retention_rows_removed_total`: `alerts`, `issues`, `events`.
    pub kind: String,
    pub count: u64,
}

/// What is over.
#[derive(Clone, Copy, Debug)]
pub struct Expired {
    /// What ended before this.
    pub before: DateTime<Utc>,
    /// No more than this at once.
    pub rows: i64,
}

/// Deletes rows of the transaction's organization; answers how many.
pub type Deleting<'a> = Pin<Box<dyn Future<Output = Result<u64>> + Send + 'a>>;

/// Has `delete` take what is over of each organization, batch by batch, until it finds no more or the turn ends. `kind` is the
/// metric's label. One organization that cannot be seen to now keeps no other waiting.
pub async fn sweep<T, F>(db: &Db, kind: &'static str, setting: &Setting<T>, delete: F) -> Result<()>
where
    T: Kind + Into<Option<u32>>,
    F: for<'a> Fn(&'a mut TenantTx, Expired) -> Deleting<'a> + Send + Sync,
{
    for org in organizations(db).await? {
        let mut gone = 0;
        for _ in 0..BATCHES {
            match batch(db, org, setting, &delete).await {
                Ok(0) => break,
                Ok(removed) => {
                    count(kind, removed);
                    gone += removed;
                }
                Err(error) => {
                    tracing::warn!(%org, kind, %error, "what is over stays until the next turn");
                    break;
                }
            }
        }
        if let Err(error) = tell(db, org, kind, gone).await {
            tracing::warn!(%org, kind, gone, %error, "what was removed is told nowhere else");
        }
    }
    Ok(())
}

/// Tells what an organization's turn removed: in the log, and as an event of the organization.
pub(crate) async fn tell(db: &Db, org: OrgId, kind: &'static str, count: u64) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    tracing::info!(%org, kind, count, "what was over is removed");
    let mut tx = db.tenant(db.system_scope(org, "retention")).await?;
    tx.emit::<DataRemoved>((org.uuid(), None), &DataRemoved { kind: kind.into(), count }).await?;
    tx.commit().await
}

async fn batch<T, F>(db: &Db, org: OrgId, setting: &Setting<T>, delete: &F) -> Result<u64>
where
    T: Kind + Into<Option<u32>>,
    F: for<'a> Fn(&'a mut TenantTx, Expired) -> Deleting<'a> + Send + Sync,
{
    let mut tx = db.tenant(db.system_scope(org, "retention")).await?;
    let Some(over) = over(&mut tx, setting).await? else { return Ok(0) };
    let removed = delete(&mut tx, over).await?;
    tx.commit().await?;
    Ok(removed)
}

/// What is over in the transaction's organization; none when it keeps everything.
pub(crate) async fn over<T>(tx: &mut TenantTx, setting: &Setting<T>) -> Result<Option<Expired>>
where
    T: Kind + Into<Option<u32>>,
{
    let days: Option<u32> = settings::read(tx, setting).await?.into();
    Ok(days.map(|days| Expired { before: tx.now() - TimeDelta::days(days.into()), rows: ROWS }))
}

/// Every organization, also those that are suspended or given up: their time passes too.
pub(crate) async fn organizations(db: &Db) -> Result<Vec<OrgId>> {
    let mut tx = db.system("retention sees to every organization").await?;
    let found = sqlx::query_scalar("select organization_ids()").fetch_all(tx.conn()).await?;
    tx.commit().await?;
    Ok(found)
}

/// For `steward_retention_rows_removed_total`.
pub(crate) fn count(kind: &'static str, removed: u64) {
    if removed > 0 {
        metrics::counter!("steward_retention_rows_removed_total", "kind" => kind).increment(removed);
    }
}
