//! The statements of people's decisions about alerts.

use chrono::{DateTime, Utc};
use kernel::{NodeId, Result, UserId};
use platform::{
    db::TenantTx,
    retention::{Batch, Expired},
    settings::{Counted, MOST_COUNTED},
};
use uuid::Uuid;

use super::model::{Current, FingerprintClaim, Move, Status};
use crate::{AlertId, IssueId};

/// These alerts, as far as they exist, in no order.
pub async fn load(tx: &mut TenantTx, ids: &[AlertId]) -> Result<Vec<Current>> {
    let org = tx.org();
    let query = "select a.id, a.title, a.description, a.severity, a.status, a.fingerprint, a.group_key, a.receiver_im,
            a.assigned_to, a.node_id, b.issue_id, o.alert_id as held_by
        from alerts a
        left join issue_alert_bindings b on b.org_id = a.org_id and b.alert_id = a.id and b.closed_at is null
        left join open_alerts o on o.org_id = a.org_id and o.fingerprint = a.fingerprint
            and o.node_id is not distinct from a.node_id
        where a.org_id = $1 and a.id = any($2)";
    Ok(sqlx::query_as(query).bind(org).bind(uuids(ids)).fetch_all(tx.conn()).await?)
}

/// Those of these alerts that the transaction reaches.
pub async fn visible(tx: &mut TenantTx, ids: &[AlertId]) -> Result<Vec<AlertId>> {
    let org = tx.org();
    let query = "select id from alerts where org_id = $1 and id = any($2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(uuids(ids)).fetch_all(tx.conn()).await?)
}

/// Carries out decisions, each on its own alert.
pub async fn apply(tx: &mut TenantTx, moves: &[(&Current, Move)]) -> Result<()> {
    let ids: Vec<Uuid> = moves.iter().map(|(alert, _)| alert.id.uuid()).collect();
    let states: Vec<Status> = moves.iter().map(|(_, decided)| decided.to).collect();
    set_status(tx, &ids, &states).await?;
    let with =
        |claim| moves.iter().filter(move |(_, decided)| decided.claim == claim).map(|(alert, _)| *alert);
    release(tx, &with(FingerprintClaim::Release).map(|alert| alert.id).collect::<Vec<_>>()).await?;
    let taken: Vec<&Current> = with(FingerprintClaim::Take).collect();
    if taken.is_empty() {
        return Ok(());
    }
    let org = tx.org();
    let query = "insert into open_alerts (org_id, fingerprint, alert_id, node_id)
        select $1, t.fingerprint, t.alert_id, t.node_id
        from unnest($2::text[], $3::uuid[], $4::uuid[]) as t (fingerprint, alert_id, node_id)";
    sqlx::query(query)
        .bind(org)
        .bind(taken.iter().map(|alert| alert.fingerprint.as_str()).collect::<Vec<_>>())
        .bind(taken.iter().map(|alert| alert.id.uuid()).collect::<Vec<_>>())
        .bind(taken.iter().map(|alert| alert.node_id).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Who and when are this transaction's. Reopening forgets the end.
async fn set_status(tx: &mut TenantTx, ids: &[Uuid], states: &[Status]) -> Result<()> {
    let (org, now, by) = (tx.org(), tx.now(), tx.actor().user());
    let query = "update alerts a set
            status = s.status, status_changed_at = $2::timestamptz, status_changed_by = $3, updated_at = $2,
            resolved_at = case when s.status = 'resolved' then $2 end,
            resolved_by = case when s.status = 'resolved' then $3::uuid end,
            ends_at = case when s.status in ('open', 'investigating') then null else a.ends_at end
        from unnest($4::uuid[], $5::text[]) as s (id, status)
        where a.org_id = $1 and a.id = s.id and a.id = any($4)";
    sqlx::query(query).bind(org).bind(now).bind(by).bind(ids).bind(states).execute(tx.conn()).await?;
    Ok(())
}

/// Frees the fingerprints that stand for these alerts.
pub async fn release(tx: &mut TenantTx, ids: &[AlertId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let org = tx.org();
    let query = "delete from open_alerts o using alerts a
        where o.org_id = $1 and a.org_id = $1 and a.id = any($2) and o.fingerprint = a.fingerprint and o.alert_id = a.id
            and o.node_id is not distinct from a.node_id";
    sqlx::query(query).bind(org).bind(uuids(ids)).execute(tx.conn()).await?;
    Ok(())
}

/// An alert that moved, and what it was.
#[derive(sqlx::FromRow)]
pub struct Moved {
    pub id: AlertId,
    pub status: Status,
    pub node_id: Option<NodeId>,
}

/// Moves the alerts of an issue that are in one of the states `from`, except those that another issue looks into by
/// now; answers those that moved, with what they were.
pub async fn move_all_of(
    tx: &mut TenantTx,
    issue: IssueId,
    from: &[Status],
    to: Status,
) -> Result<Vec<Moved>> {
    let org = tx.org();
    let query = "select a.id, a.status, a.node_id from alerts a
        join issue_alert_bindings b on b.org_id = a.org_id and b.alert_id = a.id
        where b.org_id = $1 and b.issue_id = $2 and a.status = any($3)
          and not exists (
            select from issue_alert_bindings other
            where other.org_id = $1 and other.alert_id = a.id and other.issue_id <> $2 and other.closed_at is null)
        order by a.id";
    let moved: Vec<Moved> =
        sqlx::query_as(query).bind(org).bind(issue).bind(from).fetch_all(tx.conn()).await?;
    if !moved.is_empty() {
        let ids: Vec<Uuid> = moved.iter().map(|moved| moved.id.uuid()).collect();
        set_status(tx, &ids, &vec![to; ids.len()]).await?;
    }
    Ok(moved)
}

/// Moves alerts between `open` and `investigating` as their issues open and close, and takes back into
/// investigation those that an earlier verdict muted and that still fire.
pub async fn follow_issue(tx: &mut TenantTx, ids: &[AlertId], to: Status) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "update alerts a set status = $4, status_changed_at = $3, status_changed_by = null, updated_at = $3
        where a.org_id = $1 and a.id = any($2) and a.status <> $4
          and (a.status in ('open', 'investigating')
            or ($4 = 'investigating' and a.status = 'false_positive' and exists (
                select from open_alerts o
                where o.org_id = a.org_id and o.fingerprint = a.fingerprint and o.alert_id = a.id
                    and o.node_id is not distinct from a.node_id)))";
    sqlx::query(query).bind(org).bind(uuids(ids)).bind(now).bind(to).execute(tx.conn()).await?;
    Ok(())
}

pub async fn assign(tx: &mut TenantTx, ids: &[AlertId], user: Option<UserId>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update alerts set assigned_to = $3, updated_at = $4 where org_id = $1 and id = any($2)";
    sqlx::query(query).bind(org).bind(uuids(ids)).bind(user).bind(now).execute(tx.conn()).await?;
    Ok(())
}

fn uuids(ids: &[AlertId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// Overwrites what alerts said. Those that are active are ignored.
pub async fn erase(tx: &mut TenantTx, ids: &[AlertId], text: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update alerts set title = $3, alert_type = $3, source = $3, fingerprint = 'erased:' || id, description = null, labels = '{}', annotations = '{}',
            generator_url = null, raw_payload = '{}', group_key = 'erased:' || id, updated_at = $4,
            status = case when status in ('open', 'investigating') then 'ignored' else status end,
            status_changed_at = case when status in ('open', 'investigating') then $4 else status_changed_at end
        where org_id = $1 and id = any($2)";
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query(query).bind(org).bind(ids).bind(text).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// The SQL that says of an alert `a` of the organization `$1` that it has been over since before `$2`: nobody looks into it, it belongs to no issue, and
/// its source has let go of its fingerprint.
macro_rules! alert_is_over {
    () => {
        "a.status in ('resolved', 'false_positive', 'ignored') and a.last_seen_at < $2 and a.updated_at < $2
            and not exists (
                select from issue_alert_bindings b where b.org_id = $1 and b.alert_id = a.id)
            and not exists (
                select from open_alerts o where o.org_id = $1 and o.fingerprint = a.fingerprint and o.alert_id = a.id)"
    };
}

/// How many are over.
pub async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = concat!(
        "select count(*), min(last_seen_at) as oldest from (
            select a.last_seen_at from alerts a where a.org_id = $1 and a.id < uuid_v7_floor($2) and ",
        alert_is_over!(),
        " order by a.id limit $3) over"
    );
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

/// Removes alerts that have been over for long enough.
pub async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = concat!(
        "with looked as (
            select id from alerts where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4
        ), gone as (
            delete from alerts where org_id = $1 and id < uuid_v7_floor($2) and id = any (array(
                select a.id from alerts a
                where a.org_id = $1 and a.id = any (array(select id from looked)) and a.id < uuid_v7_floor($2) and ",
        alert_is_over!(),
        " for update skip locked))
            returning id
        )
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last"
    );
    let batch = sqlx::query_as(query).bind(org).bind(over.before).bind(over.after).bind(over.rows);
    Ok(batch.fetch_one(tx.conn()).await?)
}
