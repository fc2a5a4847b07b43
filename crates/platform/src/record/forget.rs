//! Events and audit lines that are over. The tenant's role cannot delete them, so the owner of the tables does, of one organization at a time.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{OrgId, Result};
use uuid::Uuid;

use super::{Catalogue, taken};
use crate::{
    db::{Db, SystemTx, TenantTx},
    retention::{self, Batch, Expired, Turn},
    settings::{Counted, MOST_COUNTED, Setting},
};

/// How long the organization's events are kept.
pub const EVENTS_KEPT: Setting<Option<u32>> = Setting {
    key: "events.kept_days",
    title: "Events",
    help: "What happened, as it is shown with what it happened to and as it went to streams. Older events are removed. \
           Some kinds may go sooner, and none is kept longer than the server's operator says.",
    unit: "days",
    default: None,
    bounds: (7, 3650),
    over: Some(|tx, before| Box::pin(events_over(tx, before, None))),
};

/// How long the organization's audit lines are kept.
pub const AUDIT_KEPT: Setting<Option<u32>> = Setting {
    key: "audit.kept_days",
    title: "Audit log",
    help: "Who did what, and why they did it. Older lines are removed. None is kept longer than the server's operator says.",
    unit: "days",
    default: None,
    bounds: (30, 3650),
    over: Some(|tx, before| Box::pin(audit_lines_over(tx, before))),
};

/// Reasons whose month was dropped go in batches of so many.
const REASONS: i64 = 5000;

/// Removes the events and audit lines that each organization keeps no longer. A periodic task.
pub async fn forget_record(db: &Db, events: &Catalogue) -> Result<()> {
    let taken = taken::taken_until(db).await?;
    forget_events(db, (&EVENTS_KEPT, None), taken).await?;
    for (setting, kinds) in events.kept_apart() {
        forget_events(db, (setting, Some(&kinds)), taken).await?;
    }
    retention::in_turns(db, "audit_lines", |org, after| async move {
        let Some(over) = over(db, org, &AUDIT_KEPT, after).await? else { return Ok(Batch::default()) };
        let mut tx = db.system("tenants cannot delete from the record").await?;
        let batch = delete_audit_lines(&mut tx, org, over).await?;
        tx.commit().await?;
        Ok(batch)
    })
    .await
}

/// Of these kinds, or of all; none that happened after `taken`, if that is known.
async fn forget_events(
    db: &Db,
    (setting, kinds): (&Setting<Option<u32>>, Option<&[&str]>),
    taken: Option<DateTime<Utc>>,
) -> Result<()> {
    retention::in_turns(db, "events", |org, after| async move {
        let Some(mut over) = over(db, org, setting, after).await? else { return Ok(Batch::default()) };
        over.before = taken.map_or(over.before, |taken| taken.min(over.before));
        let mut tx = db.system("tenants cannot delete from the record").await?;
        let batch = delete_events(&mut tx, org, over, kinds).await?;
        tx.commit().await?;
        Ok(batch)
    })
    .await
}

async fn over(db: &Db, org: OrgId, setting: &Setting<Option<u32>>, after: Uuid) -> Result<Option<Expired>> {
    let mut tx = db.tenant(db.system_scope(org, "retention")).await?;
    retention::over(&mut tx, setting, after).await
}

async fn delete_events(
    tx: &mut SystemTx,
    org: OrgId,
    over: Expired,
    kinds: Option<&[&str]>,
) -> Result<Batch> {
    let query = "with looked as (
            select id, kind from event_log where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4
        ), gone as (
            delete from event_log where org_id = $1 and id < uuid_v7_floor($2) and id = any (array(
                select id from looked where $5::text[] is null or kind = any ($5)))
            returning id
        )
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last";
    let batch =
        sqlx::query_as(query).bind(org).bind(over.before).bind(over.after).bind(over.rows).bind(kinds);
    Ok(batch.fetch_one(tx.conn()).await?)
}

/// How many of the organization's events are from before, of these kinds or of all.
pub async fn events_over(
    tx: &mut TenantTx,
    before: DateTime<Utc>,
    kinds: Option<Vec<&str>>,
) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(occurred_at) as oldest from (
            select occurred_at from event_log where org_id = $1 and id < uuid_v7_floor($2)
                and ($3::text[] is null or kind = any ($3)) order by id limit $4) over";
    let counting = sqlx::query_as(query).bind(org).bind(before).bind(kinds).bind(MOST_COUNTED);
    Ok(counting.fetch_one(tx.conn()).await?)
}

async fn audit_lines_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(occurred_at) as oldest from (
            select occurred_at from audit_logs where org_id = $1 and id < uuid_v7_floor($2) order by id limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

async fn delete_audit_lines(tx: &mut SystemTx, org: OrgId, over: Expired) -> Result<Batch> {
    let query = "with gone as (
            delete from audit_logs where org_id = $1 and id < uuid_v7_floor($2) and id = any (array(
                select id from audit_logs where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4))
            returning id
        ), unsaid as (
            delete from change_reasons where org_id = $1 and id in (select id from gone)
        )
        select id from gone";
    let gone = sqlx::query_scalar(query).bind(org).bind(over.before).bind(over.after).bind(over.rows);
    Ok(Batch::all(gone.fetch_all(tx.conn()).await?))
}

/// Removes the words beside audit lines whose partitions were dropped, of all organizations.
pub async fn forget_reasons(db: &Db, kept: TimeDelta) -> Result<()> {
    let (before, turn) = (db.clock().now() - kept, Turn::begin(db));
    while !turn.is_over() && delete_reasons(db, before).await? > 0 {}
    Ok(())
}

async fn delete_reasons(db: &Db, before: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.system("retention belongs to no organization").await?;
    let query = "delete from change_reasons where id = any (array(
            select id from change_reasons where id < uuid_v7_floor(date_trunc('month', $1, 'UTC')) order by id limit $2))";
    let removed = sqlx::query(query).bind(before).bind(REASONS).execute(tx.conn()).await?.rows_affected();
    tx.commit().await?;
    retention::count("change_reasons", removed);
    Ok(removed)
}
