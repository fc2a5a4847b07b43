//! Issues over HTTP.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Error, Page, PageQuery, Result};
use platform::http::{Answer, Body, CanIn, Path, Query, Routes};
use platform::routes;
use serde::Deserialize;

use super::{
    actions,
    model::Closing,
    views::{self, Filter, IssueDetail, IssueRow},
};
use crate::{
    AlertId, Deps, IssueId,
    alerts::{Assignment, Reason},
    permissions::{IssuesRead, IssuesWrite},
};

/// The most alerts that a new issue may be opened from.
const MOST_ALERTS: usize = 200;
const LONGEST_TITLE: usize = 500;

pub fn routes(deps: Deps) -> Routes {
    Routes::new()
        .routes(routes!(list_issues, create_issue))
        .routes(routes!(get_issue))
        .routes(routes!(assign_issue))
        .routes(routes!(resolve_issue))
        .routes(routes!(mark_issue_false_positive))
        .routes(routes!(reprocess_issue))
        .with_state(deps)
}

/// List issues
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/issues", operation_id = "list_issues", tag = "issues", params(Filter, PageQuery),
    responses((status = 200, body = Page<IssueRow>)))]
async fn list_issues(
    State(deps): State<Deps>,
    caller: CanIn<IssuesRead>,
    Query(filter): Query<Filter>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<IssueRow>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &filter, &page).await?))
}

/// An issue to open.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewIssue {
    /// 1 to 200 alerts that have no open issue.
    alert_ids: Vec<AlertId>,
    /// The title of the worst alert unless given.
    title: Option<String>,
}

impl NewIssue {
    /// The alerts, each once, and the title.
    fn checked(&self) -> Result<(Vec<AlertId>, Option<&str>)> {
        let mut ids: Vec<AlertId> = Vec::new();
        for id in &self.alert_ids {
            if !ids.contains(id) {
                ids.push(*id);
            }
        }
        if ids.is_empty() || self.alert_ids.len() > MOST_ALERTS {
            return Err(Error::field("invalid_body", "/alert_ids", "must name 1 to 200 alerts"));
        }
        let title = self.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
        if title.is_some_and(|title| title.chars().count() > LONGEST_TITLE) {
            return Err(Error::field("invalid_body", "/title", "may have 500 characters"));
        }
        Ok((ids, title))
    }
}

/// Open an issue from alerts
///
/// It is looked into at once.
#[utoipa::path(post, path = "/api/v1/issues", operation_id = "create_issue", tag = "issues", request_body = NewIssue,
    responses((status = 201, body = IssueDetail)))]
async fn create_issue(
    State(deps): State<Deps>,
    caller: CanIn<IssuesWrite>,
    Body(new): Body<NewIssue>,
) -> Answer<(StatusCode, Json<IssueDetail>)> {
    let (ids, title) = new.checked()?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let id = actions::create(&mut tx, &ids, title).await?;
    tx.narrow().await?;
    let issue = views::get(&mut tx, id).await.map_err(|error| match error {
        Error::NotFound(_) => Error::field(
            "invalid_node",
            "/alert_ids",
            "belong to different units or teams, so their issue would belong above those in which you may do this",
        ),
        other => other,
    })?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(issue)))
}

/// Get an issue
#[utoipa::path(get, path = "/api/v1/issues/{id}", operation_id = "get_issue", tag = "issues",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = IssueDetail)))]
async fn get_issue(
    State(deps): State<Deps>,
    caller: CanIn<IssuesRead>,
    Path(id): Path<IssueId>,
) -> Answer<Json<IssueDetail>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::get(&mut tx, id).await?))
}

/// Assign an issue
#[utoipa::path(post, path = "/api/v1/issues/{id}/assign", operation_id = "assign_issue", tag = "issues",
    params(("id" = uuid::Uuid, Path)), request_body = Assignment,
    responses((status = 200, body = IssueDetail)))]
async fn assign_issue(
    State(deps): State<Deps>,
    caller: CanIn<IssuesWrite>,
    Path(id): Path<IssueId>,
    Body(assignment): Body<Assignment>,
) -> Answer<Json<IssueDetail>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::assign(&mut tx, id, assignment.user_id).await?;
    tx.narrow().await?;
    let issue = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(issue))
}

/// Resolve an issue
///
/// Its alerts are resolved with it; their next notifications open new ones.
#[utoipa::path(post, path = "/api/v1/issues/{id}/resolve", operation_id = "resolve_issue", tag = "issues",
    params(("id" = uuid::Uuid, Path)), request_body = Reason,
    responses((status = 200, body = IssueDetail)))]
async fn resolve_issue(
    State(deps): State<Deps>,
    caller: CanIn<IssuesWrite>,
    Path(id): Path<IssueId>,
    Body(reason): Body<Reason>,
) -> Answer<Json<IssueDetail>> {
    close(&deps, &caller, id, (Closing::Resolved, &reason)).await
}

/// Mark an issue as a false positive
///
/// Its alerts stay quiet until their source resolves them.
#[utoipa::path(post, path = "/api/v1/issues/{id}/false-positive", operation_id = "mark_issue_false_positive", tag = "issues",
    params(("id" = uuid::Uuid, Path)), request_body = Reason,
    responses((status = 200, body = IssueDetail)))]
async fn mark_issue_false_positive(
    State(deps): State<Deps>,
    caller: CanIn<IssuesWrite>,
    Path(id): Path<IssueId>,
    Body(reason): Body<Reason>,
) -> Answer<Json<IssueDetail>> {
    close(&deps, &caller, id, (Closing::FalsePositive, &reason)).await
}

async fn close(
    deps: &Deps,
    caller: &CanIn<IssuesWrite>,
    id: IssueId,
    (closing, reason): (Closing, &Reason),
) -> Answer<Json<IssueDetail>> {
    let reason = reason.checked()?;
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::close(&mut tx, id, closing, reason).await?;
    tx.narrow().await?;
    let issue = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(issue))
}

/// Nothing to say.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Reprocess {}

/// Have an issue looked into again
///
/// From any state. Earlier runs and what they found stay.
#[utoipa::path(post, path = "/api/v1/issues/{id}/reprocess", operation_id = "reprocess_issue", tag = "issues",
    params(("id" = uuid::Uuid, Path)), request_body = Reprocess,
    responses((status = 200, body = IssueDetail)))]
async fn reprocess_issue(
    State(deps): State<Deps>,
    caller: CanIn<IssuesWrite>,
    Path(id): Path<IssueId>,
    Body(Reprocess {}): Body<Reprocess>,
) -> Answer<Json<IssueDetail>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::reprocess(&mut tx, id).await?;
    tx.narrow().await?;
    let issue = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(issue))
}
