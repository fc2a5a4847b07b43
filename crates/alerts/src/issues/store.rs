//! The statements of issues and of what ties alerts to them.

use chrono::{DateTime, Utc};
use kernel::{NodeId, Result, UserId};
use platform::{
    db::TenantTx,
    retention::{Batch, Expired},
    settings::{Counted, MOST_COUNTED},
};
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Current, IssueConclusion, OpenIssue, Over, Status};
use crate::{AlertId, IssueId, severity::Severity};

/// An issue to open; it is `analyzing`.
#[derive(Serialize)]
pub struct NewIssue<'a> {
    pub id: IssueId,
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub severity: Severity,
    pub group_key: &'a str,
    pub receivers: &'a [String],
    pub node_id: Option<NodeId>,
}

/// Locks and answers the open issues of these groups of an owner, and those of the alerts that these fingerprints of it stand
/// for. The caller holds the intake lock, so none can come meanwhile.
pub async fn lock_concerned(
    tx: &mut TenantTx,
    home: Option<NodeId>,
    groups: &[&str],
    fingerprints: &[&str],
) -> Result<Vec<OpenIssue>> {
    let org = tx.org();
    // Look-ups of one row by its key, as in `ingest::store`, and locks in the order of ids.
    let query = "with concerned (id) as (
            select i.id from unnest($2::text[]) as g (group_key)
            cross join lateral (
                select i.id from issues i
                where i.org_id = $1 and i.group_key = g.group_key and i.node_id is not distinct from $4
                    and i.status in ('analyzing', 'in_progress') limit 1) i
            union
            select b.issue_id from unnest($3::text[]) as f (fingerprint)
            cross join lateral (
                select o.alert_id from open_alerts o
                where o.org_id = $1 and o.fingerprint = f.fingerprint and o.node_id is not distinct from $4 limit 1) o
            cross join lateral (
                select b.issue_id from issue_alert_bindings b
                where b.org_id = $1 and b.alert_id = o.alert_id and b.closed_at is null limit 1) b
            order by 1
        )
        select i.id, i.group_key, i.title, i.severity, i.receivers, i.node_id from concerned
        cross join lateral (
            select * from issues i
            where i.org_id = $1 and i.id = concerned.id and i.status in ('analyzing', 'in_progress')
            limit 1 for update) i";
    let query = sqlx::query_as(query).bind(org).bind(groups).bind(fingerprints).bind(home);
    Ok(query.fetch_all(tx.conn()).await?)
}

/// The open issue of an owner's group. The caller holds the intake lock.
pub async fn of_group(tx: &mut TenantTx, home: Option<NodeId>, group_key: &str) -> Result<Option<OpenIssue>> {
    Ok(lock_concerned(tx, home, &[group_key], &[]).await?.pop())
}

/// Locks the open issues of these alerts. The caller holds the intake lock.
pub async fn lock_of_alerts(tx: &mut TenantTx, alerts: &[AlertId]) -> Result<()> {
    let org = tx.org();
    let query = "select from issues i
        where i.org_id = $1 and i.id in (
            select b.issue_id from issue_alert_bindings b
            where b.org_id = $1 and b.alert_id = any($2) and b.closed_at is null)
        order by i.id for update of i";
    let alerts: Vec<Uuid> = alerts.iter().map(|id| id.uuid()).collect();
    sqlx::query(query).bind(org).bind(alerts).execute(tx.conn()).await?;
    Ok(())
}

/// The SQL that opens the issues ([`NewIssue`]) in `$4`: of the organization `$1`, at `$2`, by `$3`.
macro_rules! open_issues {
    () => {
        "insert into issues
            (org_id, id, created_by, title, description, severity, group_key, receivers, created_at, updated_at, node_id)
        select $1, r.id, $3, r.title, r.description, r.severity, r.group_key, r.receivers, $2, $2, r.node_id
        from jsonb_to_recordset($4) as r (
            id uuid, title text, description text, severity text, group_key text, receivers text[], node_id uuid)"
    };
}

/// The SQL that ties alerts to issues, given by rows of both ids; of the organization `$1`, at `$2`.
macro_rules! bind_alerts {
    ($rows:literal) => {
        concat!(
            "insert into issue_alert_bindings (org_id, id, issue_id, alert_id, created_at)
            select $1, gen_random_uuid(), b.issue_id, b.alert_id, $2 from ",
            $rows
        )
    };
}

pub(crate) use {bind_alerts, open_issues};

pub async fn insert(tx: &mut TenantTx, issue: &NewIssue<'_>) -> Result<()> {
    let (org, now, by) = (tx.org(), tx.now(), tx.actor().user());
    sqlx::query(open_issues!()).bind(org).bind(now).bind(by).bind(Json([issue])).execute(tx.conn()).await?;
    Ok(())
}

/// Saves severity and receivers.
pub async fn grow(tx: &mut TenantTx, issues: &[&OpenIssue]) -> Result<()> {
    if issues.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = issues.iter().map(|issue| issue.id.uuid()).collect();
    let (org, now) = (tx.org(), tx.now());
    let query = "update issues i set severity = r.severity, receivers = r.receivers, updated_at = $2
        from jsonb_to_recordset($3) as r (id uuid, severity text, receivers text[])
        where i.org_id = $1 and i.id = r.id and i.id = any($4)";
    sqlx::query(query).bind(org).bind(now).bind(Json(issues)).bind(ids).execute(tx.conn()).await?;
    Ok(())
}

/// Ties alerts to open issues.
pub async fn bind(tx: &mut TenantTx, bindings: &[(IssueId, AlertId)]) -> Result<()> {
    if bindings.is_empty() {
        return Ok(());
    }
    let (org, now) = (tx.org(), tx.now());
    sqlx::query(bind_alerts!("unnest($3::uuid[], $4::uuid[]) as b (issue_id, alert_id)"))
        .bind(org)
        .bind(now)
        .bind(bindings.iter().map(|(issue, _)| issue.uuid()).collect::<Vec<_>>())
        .bind(bindings.iter().map(|(_, alert)| alert.uuid()).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Locks an issue until the end of the transaction: nobody else changes it or its alerts meanwhile.
pub async fn lock(tx: &mut TenantTx, id: IssueId) -> Result<Option<Current>> {
    let org = tx.org();
    let query = "select group_key, status, assigned_to, is_real_issue, run_id, node_id, erased_at is not null as erased
        from issues where org_id = $1 and id = $2 for update";
    Ok(sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?)
}

/// Those of the issues whose alerts are all over: none is active any more and at least one was resolved.
pub async fn over(tx: &mut TenantTx, ids: &[IssueId]) -> Result<Vec<IssueId>> {
    let org = tx.org();
    let query = "select i.id from issues i
        cross join lateral (
            select bool_and(a.status not in ('open', 'investigating')) and bool_or(a.status = 'resolved') as over
            from issue_alert_bindings b
            cross join lateral (
                select a.status from alerts a where a.org_id = $1 and a.id = b.alert_id limit 1) a
            where b.org_id = $1 and b.issue_id = i.id) its_alerts
        where i.org_id = $1 and i.id = any($2) and its_alerts.over";
    Ok(sqlx::query_scalar(query).bind(org).bind(uuids(ids)).fetch_all(tx.conn()).await?)
}

pub async fn is_over(tx: &mut TenantTx, id: IssueId) -> Result<Over> {
    Ok(if over(tx, &[id]).await?.is_empty() { Over::No } else { Over::Yes })
}

/// Resolves those of the issues that are in progress.
pub async fn resolve_in_progress(
    tx: &mut TenantTx,
    ids: &[IssueId],
) -> Result<Vec<(IssueId, Option<NodeId>)>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update issues set status = 'resolved', resolved_at = $2, updated_at = $2
        where org_id = $1 and id = any($3) and status = 'in_progress' returning id, node_id";
    Ok(sqlx::query_as(query).bind(org).bind(now).bind(uuids(ids)).fetch_all(tx.conn()).await?)
}

/// A person's word on an issue.
pub async fn close(tx: &mut TenantTx, id: IssueId, status: Status, is_real: Option<bool>) -> Result<()> {
    let (org, now, by) = (tx.org(), tx.now(), tx.actor().user());
    let query = "update issues set status = $4, is_real_issue = $5, updated_at = $3::timestamptz,
            resolved_at = case when $4 = 'resolved' then $3 end,
            resolved_by = case when $4 = 'resolved' then $6::uuid end
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(id)
        .bind(now)
        .bind(status)
        .bind(is_real)
        .bind(by)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A run's word on an issue.
pub async fn conclude(
    tx: &mut TenantTx,
    id: IssueId,
    status: Status,
    conclusion: &IssueConclusion,
) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update issues set status = $4, ai_conclusion = $5, cause = $6, is_real_issue = $7,
            skill_id = coalesce($8, skill_id), updated_at = $3::timestamptz, resolved_at = case when $4 = 'resolved' then $3 end
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(id)
        .bind(now)
        .bind(status)
        .bind(&conclusion.summary)
        .bind(&conclusion.cause)
        .bind(conclusion.verdict.is_real_issue())
        .bind(conclusion.skill_id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn attach_run(tx: &mut TenantTx, id: IssueId, run: Uuid, skill: Option<Uuid>) -> Result<bool> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update issues set run_id = $3, skill_id = coalesce($4, skill_id), updated_at = $5
        where org_id = $1 and id = $2 and status = 'analyzing'";
    let done =
        sqlx::query(query).bind(org).bind(id).bind(run).bind(skill).bind(now).execute(tx.conn()).await?;
    Ok(done.rows_affected() == 1)
}

/// Begins anew. The conclusions of earlier runs stay with those runs.
pub async fn restart(tx: &mut TenantTx, id: IssueId, group_key: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update issues set status = 'analyzing', group_key = $4, run_id = null, ai_conclusion = null,
            cause = null, is_real_issue = null, resolved_at = null, resolved_by = null, updated_at = $3
        where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(now).bind(group_key).execute(tx.conn()).await?;
    Ok(())
}

pub async fn assign(tx: &mut TenantTx, id: IssueId, user: Option<UserId>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update issues set assigned_to = $3, updated_at = $4 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(user).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// Its alerts may join other issues from now on.
pub async fn close_bindings(tx: &mut TenantTx, ids: &[IssueId]) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update issue_alert_bindings set closed_at = $2
        where org_id = $1 and issue_id = any($3) and closed_at is null";
    sqlx::query(query).bind(org).bind(now).bind(uuids(ids)).execute(tx.conn()).await?;
    Ok(())
}

/// Takes its alerts back.
///
/// # Errors
/// Violates `issue_alert_bindings_open_alert_key` when one of them has another open issue.
pub async fn reopen_bindings(tx: &mut TenantTx, id: IssueId) -> Result<(), sqlx::Error> {
    let org = tx.org();
    let query = "update issue_alert_bindings set closed_at = null where org_id = $1 and issue_id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await.map(drop)
}

/// The nearest node that stands above all of these, or is one of them; none when that is the whole organization.
pub async fn common_owner(tx: &mut TenantTx, owners: &[Option<NodeId>]) -> Result<Option<NodeId>> {
    let org = tx.org();
    let Some(owners) = owners.iter().copied().collect::<Option<Vec<NodeId>>>() else { return Ok(None) };
    let query = "select common_node($1, $2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(owners).fetch_one(tx.conn()).await?)
}

pub async fn alert_ids(tx: &mut TenantTx, id: IssueId) -> Result<Vec<AlertId>> {
    let org = tx.org();
    let query = "select alert_id from issue_alert_bindings where org_id = $1 and issue_id = $2";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).fetch_all(tx.conn()).await?)
}

/// Overwrites what was said about an issue.
pub async fn erase(tx: &mut TenantTx, id: IssueId, text: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update issues set title = $3, description = null, ai_conclusion = null, cause = null,
            group_key = 'erased:' || id, erased_at = coalesce(erased_at, $4), updated_at = $4
        where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(text).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// Whether one of its alerts belongs to an issue that is open.
pub async fn shares_alerts_with_open(tx: &mut TenantTx, id: IssueId) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from issue_alert_bindings mine
        join issue_alert_bindings b on b.org_id = mine.org_id and b.alert_id = mine.alert_id
        where mine.org_id = $1 and mine.issue_id = $2 and b.closed_at is null)";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?)
}

/// The SQL that says of an issue `i` of the organization `$1` that it has been closed, and its alerts have been over, since before `$2`. An alert that
/// fires would never get another issue: its source only repeats it. Whoever is at an issue keeps it.
macro_rules! is_over {
    () => {
        "i.updated_at < $2 and i.status in ('resolved', 'false_positive', 'unable_to_resolve')
            and not exists (
                select from issue_alert_bindings b
                cross join lateral (
                    select * from alerts a where a.org_id = $1 and a.id = b.alert_id limit 1) a
                where b.org_id = $1 and b.issue_id = i.id
                    and (a.status in ('open', 'investigating') or a.updated_at >= $2 or exists (
                        select from open_alerts o
                        where o.org_id = $1 and o.fingerprint = a.fingerprint and o.alert_id = a.id)))"
    };
}

/// How many are over, as `forget` sees it.
pub async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = concat!(
        "select count(*), min(updated_at) as oldest from (
            select i.updated_at from issues i where i.org_id = $1 and i.id < uuid_v7_floor($2) and ",
        is_over!(),
        " order by i.id limit $3) over"
    );
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

/// Removes issues that have been closed, and whose alerts have been over, for long enough; their ties to alerts go with them.
pub async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    // An issue is created before it is changed last: ids bound the search.
    let query = concat!(
        "with looked as (
            select id from issues where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4
        ), gone as (
            delete from issues where org_id = $1 and id = any (array(
                select i.id from issues i
                where i.org_id = $1 and i.id = any (array(select id from looked)) and ",
        is_over!(),
        " for update skip locked))
            returning id
        )
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last"
    );
    // Much hangs on each.
    let rows = (over.rows / 10).max(1);
    let batch = sqlx::query_as(query).bind(org).bind(over.before).bind(over.after).bind(rows);
    Ok(batch.fetch_one(tx.conn()).await?)
}

fn uuids(ids: &[IssueId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
