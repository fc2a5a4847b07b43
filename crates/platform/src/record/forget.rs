//! Events and audit lines that are over. The tenant's role cannot delete them, so the owner of the tables does, of one organization at a time.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{OrgId, Result};
use uuid::Uuid;

use super::Catalogue;
use crate::{
    db::{Db, SystemTx, TenantTx},
    retention::{self, Expired},
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

/// What goes sooner: a setting and the kinds that it is about.
type Apart = [(&'static Setting<Option<u32>>, Vec<&'static str>)];

/// Batches of an organization in a turn, of each thing.
const BATCHES: u32 = 200;
/// Reasons whose month was dropped go in batches of so many.
const REASONS: i64 = 5000;

/// Removes the events and audit lines that each organization keeps no longer. A periodic task.
pub async fn forget_record(db: &Db, events: &Catalogue) -> Result<()> {
    let apart = events.kept_apart();
    for org in retention::organizations(db).await? {
        if let Err(error) = forget_of(db, org, &apart).await {
            tracing::warn!(%org, %error, "what is over of the record stays until the next turn");
        }
    }
    Ok(())
}

async fn forget_of(db: &Db, org: OrgId, apart: &Apart) -> Result<()> {
    let mut tx = db.tenant(db.system_scope(org, "retention")).await?;
    let events = retention::over(&mut tx, &EVENTS_KEPT).await?;
    let audit = retention::over(&mut tx, &AUDIT_KEPT).await?;
    let mut sooner = Vec::new();
    for (setting, kinds) in apart {
        sooner.extend(retention::over(&mut tx, setting).await?.map(|over| (over, kinds)));
    }
    tx.commit().await?;
    if let Some(over) = events {
        forget_events(db, org, over, None).await?;
    }
    for (over, kinds) in sooner {
        forget_events(db, org, over, Some(kinds)).await?;
    }
    if let Some(over) = audit {
        forget_audit_lines(db, org, over).await?;
    }
    Ok(())
}

/// Of these kinds, or of all. It goes on behind what it removed: before that there may be much that stays.
async fn forget_events(db: &Db, org: OrgId, over: Expired, kinds: Option<&Vec<&str>>) -> Result<()> {
    let (mut after, mut gone) = (Uuid::nil(), 0);
    for _ in 0..BATCHES {
        let mut tx = db.system("tenants cannot delete from the record").await?;
        let removed = delete_events(&mut tx, org, over, kinds, after).await?;
        tx.commit().await?;
        retention::count("events", removed.len() as u64);
        gone += removed.len() as u64;
        let Some(last) = removed.into_iter().max() else { break };
        after = last;
    }
    retention::tell(db, org, "events", gone).await
}

async fn forget_audit_lines(db: &Db, org: OrgId, over: Expired) -> Result<()> {
    let mut gone = 0;
    for _ in 0..BATCHES {
        let mut tx = db.system("tenants cannot delete from the record").await?;
        let removed = delete_audit_lines(&mut tx, org, over).await?;
        tx.commit().await?;
        retention::count("audit_lines", removed);
        gone += removed;
        if removed == 0 {
            break;
        }
    }
    retention::tell(db, org, "audit_lines", gone).await
}

async fn delete_events(
    tx: &mut SystemTx,
    org: OrgId,
    Expired { before, rows }: Expired,
    kinds: Option<&Vec<&str>>,
    after: Uuid,
) -> Result<Vec<Uuid>> {
    let query = "delete from event_log where org_id = $1 and id < uuid_v7_floor($2) and id = any (array(
            select id from event_log where org_id = $1 and id < uuid_v7_floor($2) and id > $3
                and ($4::text[] is null or kind = any ($4)) order by id limit $5))
        returning id";
    let removing = sqlx::query_scalar(query).bind(org).bind(before).bind(after).bind(kinds).bind(rows);
    Ok(removing.fetch_all(tx.conn()).await?)
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

async fn delete_audit_lines(tx: &mut SystemTx, org: OrgId, over: Expired) -> Result<u64> {
    let Expired { before, rows } = over;
    let query = "with gone as (
            delete from audit_logs where org_id = $1 and id < uuid_v7_floor($2) and id = any (array(
                select id from audit_logs where org_id = $1 and id < uuid_v7_floor($2) order by id limit $3))
            returning id), unsaid as (
            delete from change_reasons where org_id = $1 and id in (select id from gone))
        select count(*) from gone";
    let gone: i64 = sqlx::query_scalar(query).bind(org).bind(before).bind(rows).fetch_one(tx.conn()).await?;
    Ok(gone.unsigned_abs())
}

/// Removes the words beside audit lines whose partitions were dropped, of all organizations.
pub async fn forget_reasons(db: &Db, kept: TimeDelta) -> Result<()> {
    let before = db.clock().now() - kept;
    while delete_reasons(db, before).await? > 0 {}
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
