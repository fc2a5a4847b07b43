//! What a first page shows of alerts and issues, one statement for each figure.

use chrono::{DateTime, Utc};
use kernel::Result;
use platform::db::TenantTx;
use serde::Serialize;

use crate::IssueId;

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct BySeverity {
    pub critical: i64,
    pub high: i64,
    pub medium: i64,
    pub low: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct OpenIssues {
    pub analyzing: i64,
    pub in_progress: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Count {
    pub at: DateTime<Utc>,
    pub count: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct RecentIssue {
    pub id: IssueId,
    pub title: String,
    pub severity: String,
    pub status: String,
    pub is_real_issue: Option<bool>,
    pub ai_conclusion: Option<String>,
    pub created_at: DateTime<Utc>,
}

pub async fn open_alerts(tx: &mut TenantTx) -> Result<BySeverity> {
    let org = tx.org();
    let query = "select count(*) filter (where severity = 'critical') as critical,
            count(*) filter (where severity = 'high') as high,
            count(*) filter (where severity = 'medium') as medium,
            count(*) filter (where severity = 'low') as low
        from alerts where org_id = $1 and status in ('open', 'investigating')";
    Ok(sqlx::query_as(query).bind(org).fetch_one(tx.conn()).await?)
}

pub async fn open_issues(tx: &mut TenantTx) -> Result<OpenIssues> {
    let org = tx.org();
    let query = "select count(*) filter (where status = 'analyzing') as analyzing,
            count(*) filter (where status = 'in_progress') as in_progress
        from issues where org_id = $1 and status in ('analyzing', 'in_progress')";
    Ok(sqlx::query_as(query).bind(org).fetch_one(tx.conn()).await?)
}

/// Alerts received in each hour in which there were any. Ids are ordered by time, so an hour is a range of the primary key and is
/// counted without reading the alerts.
pub async fn received_by_hour(tx: &mut TenantTx, since: DateTime<Utc>) -> Result<Vec<Count>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "select h.at, received.count
        from generate_series(date_trunc('hour', $2::timestamptz), $3, interval '1 hour') as h (at)
        cross join lateral (
            select count(*) from alerts
            where org_id = $1 and id >= uuid_v7_floor(greatest(h.at, $2)) and id < uuid_v7_floor(h.at + interval '1 hour')
        ) received
        where received.count > 0 order by h.at";
    Ok(sqlx::query_as(query).bind(org).bind(since).bind(now).fetch_all(tx.conn()).await?)
}

/// The newest issues.
pub async fn recent_issues(tx: &mut TenantTx, most: i64) -> Result<Vec<RecentIssue>> {
    let org = tx.org();
    let query = "select id, title, severity, status, is_real_issue, ai_conclusion, created_at from issues
        where org_id = $1 order by id desc limit $2";
    Ok(sqlx::query_as(query).bind(org).bind(most).fetch_all(tx.conn()).await?)
}

/// When the newest issues since were opened.
pub async fn opened_since(
    tx: &mut TenantTx,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(IssueId, DateTime<Utc>)>> {
    let org = tx.org();
    let query = "select id, created_at from issues
        where org_id = $1 and created_at >= $2 order by id desc limit $3";
    Ok(sqlx::query_as(query).bind(org).bind(since).bind(most).fetch_all(tx.conn()).await?)
}
