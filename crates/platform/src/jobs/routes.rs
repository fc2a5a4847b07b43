//! Dead letters over HTTP.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{JobId, Page, PageQuery};

use super::dead::{self, DeadJob};
use crate::{
    db::Db,
    http::{Answer, Can, JobsRead, JobsWrite, Path, Query, Routes},
    routes,
};

pub fn routes(db: Db) -> Routes {
    Routes::new().routes(routes!(list_dead_jobs)).routes(routes!(replay_dead_job)).with_state(db)
}

/// List dead jobs
///
/// Work that was given up, newest first.
#[utoipa::path(get, path = "/api/v1/jobs/dead", operation_id = "list_dead_jobs", tag = "jobs", params(PageQuery),
    responses((status = 200, body = Page<DeadJob>)))]
async fn list_dead_jobs(
    State(db): State<Db>,
    caller: Can<JobsRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<DeadJob>>> {
    let mut tx = caller.tx(&db).await?;
    Ok(Json(dead::list_dead(&mut tx, &page).await?))
}

/// Put a dead job back into the queue
#[utoipa::path(post, path = "/api/v1/jobs/dead/{id}/replay", operation_id = "replay_dead_job", tag = "jobs",
    params(("id" = JobId, Path)),
    responses((status = 204)))]
async fn replay_dead_job(
    State(db): State<Db>,
    caller: Can<JobsWrite>,
    Path(id): Path<JobId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&db).await?;
    dead::replay(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
