//! What people and programs did about an alert or an issue, and why: the lines of the audit log about it.
//!
//! Everybody who may see the thing may see this; from where they did it stays in the audit log. `alerts` says whether there
//! is such a thing, the record belongs to no domain, so both meet here.

use alerts::AlertId;
use alerts::IssueId;
use alerts::{alerts as alert, issues};
use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use kernel::{EventId, Page, PageQuery, Result};
use platform::{
    db::{Db, TenantTx},
    http::{AlertsRead, Answer, CanIn, IssuesRead, Path, ProblemBody, Query},
};
use serde::Serialize;
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub fn routes(db: Db) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list_alert_history))
        .routes(routes!(list_issue_history))
        .with_state(db)
}

/// One change, and who made it.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
struct HistoryLine {
    id: EventId,
    /// `user`, `token` or `system`.
    actor_type: String,
    actor_name: String,
    /// Such as `issue.changed`.
    action: String,
    #[schema(required = true)]
    before: Option<Value>,
    #[schema(required = true)]
    after: Option<Value>,
    #[schema(required = true)]
    reason: Option<String>,
    occurred_at: DateTime<Utc>,
}

/// What was done about an alert, newest first.
#[utoipa::path(get, path = "/api/v1/alerts/{id}/history", operation_id = "list_alert_history", tag = "alerts",
    params(("id" = AlertId, Path), PageQuery),
    responses((status = 200, body = Page<HistoryLine>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn list_alert_history(
    State(db): State<Db>,
    caller: CanIn<AlertsRead>,
    Path(id): Path<AlertId>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<HistoryLine>>> {
    let mut tx = caller.tx(&db).await?;
    alert::views::exists(&mut tx, id).await?;
    Ok(Json(list(&mut tx, "alert", id.uuid(), &page).await?))
}

/// What was done about an issue, newest first.
#[utoipa::path(get, path = "/api/v1/issues/{id}/history", operation_id = "list_issue_history", tag = "issues",
    params(("id" = IssueId, Path), PageQuery),
    responses((status = 200, body = Page<HistoryLine>),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn list_issue_history(
    State(db): State<Db>,
    caller: CanIn<IssuesRead>,
    Path(id): Path<IssueId>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<HistoryLine>>> {
    let mut tx = caller.tx(&db).await?;
    issues::views::exists(&mut tx, id).await?;
    Ok(Json(list(&mut tx, "issue", id.uuid(), &page).await?))
}

async fn list(tx: &mut TenantTx, kind: &str, subject: Uuid, page: &PageQuery) -> Result<Page<HistoryLine>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let query =
        "select a.id, a.actor_type, a.actor_name, a.action, a.before, a.after, r.reason, a.occurred_at from audit_logs a
        left join change_reasons r on r.org_id = a.org_id and r.id = a.id
        where a.org_id = $1 and a.subject_id = $2 and a.subject_type = $3 and ($4::uuid is null or a.id < $4)
        order by a.id desc limit $5";
    let rows = sqlx::query_as(query)
        .bind(org)
        .bind(subject)
        .bind(kind)
        .bind(page.after::<EventId>()?)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |line: &HistoryLine| line.id))
}
