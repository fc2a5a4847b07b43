//! Runs over HTTP. They are started by what happens to their subject, never here.

use axum::{Json, extract::State};
use kernel::{IssueId, Page, PageQuery, RunId};
use platform::http::{Answer, Can, IssuesRead, Path, ProblemBody, Query};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::views::{self, RunDetail, RunView};
use crate::Deps;

pub fn routes(deps: Deps) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list_issue_runs)).routes(routes!(get_run)).with_state(deps)
}

/// The runs of an issue
///
/// Every investigation of the issue, newest first; an earlier one stays when the issue is processed again.
/// An issue that does not exist has none.
#[utoipa::path(get, path = "/api/v1/issues/{id}/runs", operation_id = "list_issue_runs", tag = "runs",
    params(("id" = IssueId, Path), PageQuery),
    responses(
        (status = 200, body = Page<RunView>),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn list_issue_runs(
    State(deps): State<Deps>,
    caller: Can<IssuesRead>,
    Path(issue): Path<IssueId>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<RunView>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::runs_of(&mut tx, issue.uuid(), &page).await?))
}

/// A run with its steps
///
/// What was done, in order: the match of a skill, each call of a tool with its arguments and result, what was
/// thought, and the conclusion with the steps that each of its claims rests on.
#[utoipa::path(get, path = "/api/v1/runs/{id}", operation_id = "get_run", tag = "runs",
    params(("id" = RunId, Path)),
    responses(
        (status = 200, body = RunDetail),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn get_run(
    State(deps): State<Deps>,
    caller: Can<IssuesRead>,
    Path(id): Path<RunId>,
) -> Answer<Json<RunDetail>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::run(&mut tx, id).await?))
}
