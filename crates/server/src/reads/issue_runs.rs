//! The investigations of an issue.
//!
//! Runs know their subject by its id alone; that it is an issue of the caller's organization is for `alerts` to say. Both meet
//! here.

use alerts::{IssueId, issues, permissions::IssuesRead};
use axum::{Json, extract::State};
use kernel::{Page, PageQuery};
use platform::routes;
use platform::{
    App,
    http::{Answer, CanIn, Path, Query, Routes},
};
use runs::RunView;

pub fn routes(app: App) -> Routes {
    Routes::new().routes(routes!(list_issue_runs)).with_state(app)
}

/// List the runs of an issue
///
/// Every investigation of the issue, newest first; an earlier one stays when the issue is processed again.
#[utoipa::path(get, path = "/api/v1/issues/{id}/runs", operation_id = "list_issue_runs", tag = "runs",
    params(("id" = IssueId, Path), PageQuery),
    responses(
        (status = 200, body = Page<RunView>)
    ))]
async fn list_issue_runs(
    State(app): State<App>,
    caller: CanIn<IssuesRead>,
    Path(issue): Path<IssueId>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<RunView>>> {
    let mut tx = caller.tx(&app.db).await?;
    issues::views::exists(&mut tx, issue).await?;
    Ok(Json(runs::list(&mut tx, &app.keyring, (alerts::ISSUE, issue.uuid()), &page).await?))
}
