//! What people and programs did about an alert or an issue, and why: the lines of the audit log about it.
//!
//! Everybody who may see the thing may see this; from where they did it stays in the audit log. `alerts` says whether there
//! is such a thing, the record belongs to no domain, so both meet here.

use alerts::{
    AlertId, IssueId, alerts as alert, issues,
    permissions::{AlertsRead, IssuesRead},
};
use axum::{Json, extract::State};
use kernel::{Page, PageQuery};
use platform::routes;
use platform::{
    db::Db,
    http::{Answer, CanIn, Path, Query, Routes},
    record::history::{self, HistoryLine},
};

pub fn routes(db: Db) -> Routes {
    Routes::new().routes(routes!(list_alert_history)).routes(routes!(list_issue_history)).with_state(db)
}

/// List what was done about an alert
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/alerts/{id}/history", operation_id = "list_alert_history", tag = "alerts",
    params(("id" = AlertId, Path), PageQuery),
    responses((status = 200, body = Page<HistoryLine>)))]
async fn list_alert_history(
    State(db): State<Db>,
    caller: CanIn<AlertsRead>,
    Path(id): Path<AlertId>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<HistoryLine>>> {
    let mut tx = caller.tx(&db).await?;
    alert::views::exists(&mut tx, id).await?;
    Ok(Json(history::list(&mut tx, "alert", id.uuid(), &page).await?))
}

/// List what was done about an issue
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/issues/{id}/history", operation_id = "list_issue_history", tag = "issues",
    params(("id" = IssueId, Path), PageQuery),
    responses((status = 200, body = Page<HistoryLine>)))]
async fn list_issue_history(
    State(db): State<Db>,
    caller: CanIn<IssuesRead>,
    Path(id): Path<IssueId>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<HistoryLine>>> {
    let mut tx = caller.tx(&db).await?;
    issues::views::exists(&mut tx, id).await?;
    Ok(Json(history::list(&mut tx, alerts::ISSUE, id.uuid(), &page).await?))
}
