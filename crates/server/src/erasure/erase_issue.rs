//! Erasing what was said about an issue, wherever the product keeps it.
//!
//! Each domain erases what is its own and knows of the issue by its id alone; all of them meet here, in one transaction.

use alerts::{IssueId, issues, permissions::IssuesErase};
use axum::{extract::State, http::StatusCode};
use notify::deliveries;
use platform::{
    App, erasure,
    http::{Answer, CanIn, Path, Routes},
    routes,
    secrets::Erasable,
};

pub fn routes(app: App) -> Routes {
    Routes::new().routes(routes!(erase_issue)).with_state(app)
}

/// Erase an issue
///
/// For ever: what was said about it, what its alerts said, what its runs did and found, and what receivers were told. Ids, states
/// and times stay, and so does the record of who did what. Messages on platforms stay there. The issue must be closed.
#[utoipa::path(post, path = "/api/v1/issues/{id}/erase", operation_id = "erase_issue", tag = "issues",
    params(("id" = IssueId, Path)),
    responses((status = 204)))]
async fn erase_issue(
    State(app): State<App>,
    caller: CanIn<IssuesErase>,
    Path(id): Path<IssueId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&app.db).await?;
    let alerts = issues::erasable(&mut tx, id).await?;
    let things: Vec<_> = alerts.iter().map(|alert| alert.uuid()).chain([id.uuid()]).collect();
    let prepared = erasure::prepare(&mut tx, &things).await?;
    tx.commit().await?;

    let mut tx = caller.tx(&app.db).await?;
    let (alerts, told) = issues::erase(&mut tx, id).await?;
    let deliveries = deliveries::erase(&mut tx, id.uuid()).await?;
    let runs = runs::erase(&mut tx, id.uuid()).await?;
    let parts = alerts.iter().map(|alert| alert.uuid());
    let parts = parts
        .chain(deliveries.iter().map(|delivery| delivery.uuid()))
        .chain(runs.iter().map(|run| run.uuid()));
    erasure::erase(
        &mut tx,
        Erasable { kind: alerts::ISSUE, id: id.uuid() },
        &parts.collect::<Vec<_>>(),
        prepared,
    )
    .await?;
    issues::tell_erased(&mut tx, told).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
