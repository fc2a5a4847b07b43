//! Rows whose time is over go, in small numbers (docs/adr/0020-retention.md).
//!
//! Each domain that owns something which grows declares how long an organization keeps it, as a setting in days, and calls
//! [`sweep`] from a periodic task. That deletes batch after batch, each in a transaction of its own, so that no lock is held for long; it takes no input and therefore goes on where
//! it was stopped. Whole months of all organizations are dropped as partitions ([`crate::db::maintain_partitions`]).
//!
//! A sweep walks: a batch looks at some rows, in the order of their ids, and the next begins behind them. What is old and stays is passed once in a
//! turn, however much it is. Organizations take turns, a batch each, and each turn begins with another of them: where time runs out, nobody is always the last.

use std::{
    collections::{BTreeMap, VecDeque},
    pin::Pin,
};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{OrgId, Result};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    db::{Db, TenantTx},
    dead_letters,
    http::SettingsRead,
    jobs, record, secrets,
    settings::{self, AnySetting, Kind, Setting},
};

/// Rows that a batch looks at.
const ROWS: i64 = 500;
/// How long a turn lasts.
pub const TURN: TimeDelta = TimeDelta::minutes(5);

/// What belongs to the platform itself.
pub const SETTINGS: &[&dyn AnySetting] = &[
    &record::EVENTS_KEPT,
    &record::AUDIT_KEPT,
    &dead_letters::DEAD_LETTERS_KEPT,
    &jobs::FINISHED_JOBS_KEPT,
    &secrets::EARLIER_SECRETS_KEPT,
];

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
    /// The rows behind this one.
    pub after: Uuid,
    /// No more than this are looked at, whether they go or stay.
    pub rows: i64,
}

/// What a batch did.
#[derive(Debug, Default, FromRow)]
pub struct Batch {
    pub removed: Vec<Uuid>,
    /// The last row that was looked at; none if there was none.
    pub last: Option<Uuid>,
}

impl Batch {
    /// Of a walk on which everything goes.
    pub fn all(mut removed: Vec<Uuid>) -> Self {
        removed.sort_unstable();
        Self { last: removed.last().copied(), removed }
    }
}

/// Deletes rows of the transaction's organization.
pub type Deleting<'a> = Pin<Box<dyn Future<Output = Result<Batch>> + Send + 'a>>;

/// Has `delete` take what is over of each organization, batch by batch, until it finds no more or the turn ends. `kind` is the
/// metric's label.
pub async fn sweep<T, F>(db: &Db, kind: &'static str, setting: &Setting<T>, delete: F) -> Result<()>
where
    T: Kind + Into<Option<u32>>,
    F: for<'a> Fn(&'a mut TenantTx, Expired) -> Deleting<'a> + Send + Sync,
{
    let delete = &delete;
    in_turns(db, kind, |org, after| async move {
        let mut tx = db.tenant(db.system_scope(org, "retention")).await?;
        let Some(over) = over(&mut tx, setting, after).await? else { return Ok(Batch::default()) };
        let batch = delete(&mut tx, over).await?;
        tx.commit().await?;
        Ok(batch)
    })
    .await
}

/// Has `batch` take from one organization after the other, from behind a row on. One that cannot be seen to now keeps no other waiting.
pub(crate) async fn in_turns<F, Fut>(db: &Db, kind: &'static str, batch: F) -> Result<()>
where
    F: Fn(OrgId, Uuid) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Batch>> + Send,
{
    let turn = Turn::begin(db);
    let mut orgs = organizations(db).await?;
    orgs.shuffle(&mut rand::rng());
    let mut gone = BTreeMap::new();
    let mut waiting: VecDeque<_> = orgs.into_iter().map(|org| (org, Uuid::nil())).collect();
    while let Some((org, after)) = waiting.pop_front() {
        if turn.is_over() {
            tracing::info!(
                kind,
                organizations = waiting.len() + 1,
                "the rest of what is over waits for the next turn"
            );
            break;
        }
        match batch(org, after).await {
            Ok(Batch { last: None, .. }) => {}
            Ok(Batch { removed, last: Some(last) }) => {
                let removed = removed.len() as u64;
                count(kind, removed);
                *gone.entry(org).or_insert(0) += removed;
                waiting.push_back((org, last));
            }
            Err(error) => tracing::warn!(%org, kind, %error, "what is over stays until the next turn"),
        }
    }
    for (org, gone) in gone {
        if let Err(error) = tell(db, org, kind, gone).await {
            tracing::warn!(%org, kind, gone, %error, "what was removed is told nowhere else");
        }
    }
    Ok(())
}

/// Tells what an organization's turn removed: in the log, and as an event of the organization.
async fn tell(db: &Db, org: OrgId, kind: &'static str, count: u64) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    tracing::info!(%org, kind, count, "what was over is removed");
    let mut tx = db.tenant(db.system_scope(org, "retention")).await?;
    tx.emit::<DataRemoved>((org.uuid(), None), &DataRemoved { kind: kind.into(), count }).await?;
    tx.commit().await
}

/// The time that a task has before it leaves the rest to its next turn.
pub(crate) struct Turn<'a> {
    db: &'a Db,
    until: DateTime<Utc>,
}

impl<'a> Turn<'a> {
    pub(crate) fn begin(db: &'a Db) -> Self {
        Self { db, until: db.clock().now() + TURN }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.db.clock().now() >= self.until
    }
}

/// What is over in the transaction's organization, behind a row; none when it keeps everything.
pub(crate) async fn over<T>(tx: &mut TenantTx, setting: &Setting<T>, after: Uuid) -> Result<Option<Expired>>
where
    T: Kind + Into<Option<u32>>,
{
    let days: Option<u32> = settings::read(tx, setting).await?.into();
    Ok(days.map(|days| {
        let before = tx.now() - TimeDelta::days(days.into());
        Expired { before, after, rows: ROWS }
    }))
}

/// Every organization, also those that are suspended or given up: their time passes too.
async fn organizations(db: &Db) -> Result<Vec<OrgId>> {
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
