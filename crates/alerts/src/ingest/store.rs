//! The statements of one batch. Their number does not depend on how many alerts it holds.
//!
//! PostgreSQL may plan them while the tables are empty and keep that plan until autovacuum first looks at them. So
//! they leave it little choice: keys are named as arrays, which also leaves out the other partitions, and joins are
//! lateral look-ups of one row by its key.

use chrono::{DateTime, Utc};
use kernel::{NodeId, Result};
use platform::db::TenantTx;
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    plan::{Created, Ended, Known, Repeated},
    signal::Texts,
};
use crate::{
    AlertId, IssueId,
    alerts::Status,
    issues::{
        NewIssue,
        store::{bind_alerts, open_issues},
    },
    severity::Severity,
};

/// The alerts that these fingerprints of an owner stand for.
pub async fn known(tx: &mut TenantTx, home: Option<NodeId>, fingerprints: &[&str]) -> Result<Vec<Known>> {
    let org = tx.org();
    let query = "select o.fingerprint, o.alert_id, known.status, known.severity, known.issue_id
        from open_alerts o
        cross join lateral (
            select a.status, a.severity, (
                select b.issue_id from issue_alert_bindings b
                where b.org_id = $1 and b.alert_id = o.alert_id and b.closed_at is null) as issue_id
            from alerts a where a.org_id = $1 and a.id = o.alert_id limit 1) known
        where o.org_id = $1 and o.fingerprint = any($2) and o.node_id is not distinct from $3";
    Ok(sqlx::query_as(query).bind(org).bind(fingerprints).bind(home).fetch_all(tx.conn()).await?)
}

/// A row of `alerts`, as far as it does not follow from the moment.
#[derive(Serialize)]
struct Row<'a> {
    id: AlertId,
    issue_id: IssueId,
    source: &'a str,
    alert_type: &'a str,
    severity: Severity,
    title: &'a str,
    description: Option<&'a str>,
    fingerprint: &'a str,
    group_key: &'a str,
    labels: &'a Texts,
    annotations: &'a Texts,
    generator_url: Option<&'a str>,
    raw_payload: &'a Value,
    receiver_im: Option<&'a str>,
    status: Status,
    occurrences: i64,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
}

impl<'a> From<&Created<'a>> for Row<'a> {
    fn from(created: &Created<'a>) -> Self {
        let (first, latest) = (created.first, created.latest);
        Self {
            id: created.id,
            issue_id: created.issue_id,
            source: &first.source,
            alert_type: &first.alert_type,
            severity: created.severity,
            title: &first.title,
            description: latest.description.as_deref(),
            fingerprint: &first.fingerprint,
            group_key: &first.group_key,
            labels: &latest.labels,
            annotations: &latest.annotations,
            generator_url: latest.generator_url.as_deref(),
            raw_payload: &latest.raw,
            receiver_im: first.receiver_im.as_deref(),
            status: if created.ended.is_some() { Status::Resolved } else { Status::Investigating },
            occurrences: created.occurrences,
            starts_at: first.starts_at,
            ends_at: created.ended,
        }
    }
}

/// Opens issues and stores new alerts, each tied to its issue; those that did not end within the batch take their
/// fingerprints. One statement: each costs a batch more than the rows in it.
pub async fn insert(
    tx: &mut TenantTx,
    home: Option<NodeId>,
    created: &[Created<'_>],
    opened: &[NewIssue<'_>],
) -> Result<()> {
    if created.is_empty() {
        return Ok(());
    }
    let (org, now, by) = (tx.org(), tx.now(), tx.actor().user());
    let rows: Vec<Row> = created.iter().map(Row::from).collect();
    let query = concat!(
        "with new as (
            select * from jsonb_to_recordset($5) as r (
                id uuid, issue_id uuid, source text, alert_type text, severity text, title text, description text, fingerprint text,
                group_key text, labels jsonb, annotations jsonb, generator_url text, raw_payload jsonb,
                receiver_im text, status text, occurrences bigint, starts_at timestamptz, ends_at timestamptz)
        ), opened as (",
        open_issues!(),
        "), bound as (",
        bind_alerts!("(select issue_id, id as alert_id from new) b"),
        "), claimed as (
            insert into open_alerts (org_id, fingerprint, alert_id, node_id)
            select $1, new.fingerprint, new.id, $6 from new where new.ends_at is null
        )
        insert into alerts (org_id, id, source, alert_type, severity, title, description, fingerprint, group_key,
            labels, annotations, generator_url, raw_payload, receiver_im, status, status_changed_at, resolved_at,
            occurrences, starts_at, ends_at, received_at, last_seen_at, created_at, updated_at, node_id)
        select $1, new.id, new.source, new.alert_type, new.severity, new.title, new.description, new.fingerprint,
            new.group_key, new.labels, new.annotations, new.generator_url, new.raw_payload, new.receiver_im,
            new.status, $2, case when new.ends_at is not null then $2 end,
            new.occurrences, new.starts_at, new.ends_at, $2, $2, $2, $2, $6
        from new"
    );
    sqlx::query(query)
        .bind(org)
        .bind(now)
        .bind(by)
        .bind(Json(opened))
        .bind(Json(rows))
        .bind(home)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What a repeat brings.
#[derive(Serialize)]
struct Repeat<'a> {
    id: AlertId,
    severity: Severity,
    times: i64,
    description: Option<&'a str>,
    labels: &'a Texts,
    annotations: &'a Texts,
    generator_url: Option<&'a str>,
    raw_payload: &'a Value,
}

impl<'a> From<&Repeated<'a>> for Repeat<'a> {
    fn from(repeated: &Repeated<'a>) -> Self {
        let latest = repeated.latest;
        Self {
            id: repeated.id,
            severity: repeated.severity,
            times: repeated.times,
            description: latest.description.as_deref(),
            labels: &latest.labels,
            annotations: &latest.annotations,
            generator_url: latest.generator_url.as_deref(),
            raw_payload: &latest.raw,
        }
    }
}

/// Counts repeats and keeps what the source said last.
pub async fn refresh(tx: &mut TenantTx, repeated: &[Repeated<'_>]) -> Result<()> {
    if repeated.is_empty() {
        return Ok(());
    }
    let (org, now) = (tx.org(), tx.now());
    let rows: Vec<Repeat> = repeated.iter().map(Repeat::from).collect();
    let query = "update alerts a set
            occurrences = a.occurrences + r.times, last_seen_at = $2, updated_at = $2, severity = r.severity,
            description = r.description, labels = r.labels, annotations = r.annotations,
            generator_url = r.generator_url, raw_payload = r.raw_payload
        from jsonb_to_recordset($3) as r (
            id uuid, severity text, times bigint, description text, labels jsonb, annotations jsonb,
            generator_url text, raw_payload jsonb)
        where a.org_id = $1 and a.id = r.id and a.id = any($4)";
    let ids: Vec<Uuid> = repeated.iter().map(|repeated| repeated.id.uuid()).collect();
    sqlx::query(query).bind(org).bind(now).bind(Json(rows)).bind(ids).execute(tx.conn()).await?;
    Ok(())
}

/// Ends alerts: an active one is resolved, one that people closed keeps their word. All give up their fingerprints.
pub async fn end(tx: &mut TenantTx, home: Option<NodeId>, ended: &[Ended]) -> Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    let (org, now) = (tx.org(), tx.now());
    let query = "with ended as (
            select * from unnest($3::uuid[], $4::text[], $5::boolean[], $6::timestamptz[])
                as e (id, fingerprint, active, ends_at)
        ), released as (
            delete from open_alerts o using ended e
            where o.org_id = $1 and o.fingerprint = e.fingerprint and o.alert_id = e.id and o.fingerprint = any($4)
                and o.node_id is not distinct from $7
        )
        update alerts a set
            status = case when e.active then 'resolved' else a.status end,
            resolved_at = case when e.active then $2 else a.resolved_at end,
            status_changed_at = case when e.active then $2 else a.status_changed_at end,
            status_changed_by = case when e.active then null else a.status_changed_by end,
            ends_at = e.ends_at, last_seen_at = $2, updated_at = $2
        from ended e
        where a.org_id = $1 and a.id = e.id and a.id = any($3)";
    sqlx::query(query)
        .bind(org)
        .bind(now)
        .bind(ended.iter().map(|ended| ended.known.alert_id.uuid()).collect::<Vec<_>>())
        .bind(ended.iter().map(|ended| ended.known.fingerprint.as_str()).collect::<Vec<_>>())
        .bind(ended.iter().map(|ended| ended.known.status.is_active()).collect::<Vec<_>>())
        .bind(ended.iter().map(|ended| ended.ends_at).collect::<Vec<_>>())
        .bind(home)
        .execute(tx.conn())
        .await?;
    Ok(())
}
