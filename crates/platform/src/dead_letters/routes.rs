//! Dead letters over HTTP.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Page, PageQuery};
use serde::Deserialize;
use uuid::Uuid;

use super::{DeadLetter, Source, dismiss, list, replay};
use crate::{
    db::Db,
    http::{Answer, Can, JobsRead, JobsWrite, Path, Query, Routes},
    routes,
};

#[derive(Clone)]
struct Letters {
    db: Db,
    sources: Arc<[Source]>,
}

/// The letters of these sources.
pub fn routes(db: Db, sources: Vec<Source>) -> Routes {
    let letters = Letters { db, sources: sources.into() };
    Routes::new()
        .routes(routes!(list_dead_letters))
        .routes(routes!(replay_dead_letter))
        .routes(routes!(dismiss_dead_letter))
        .with_state(letters)
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only those that wait for somebody.
    open: Option<bool>,
}

/// List dead letters
///
/// Work that was given up, the latest first.
#[utoipa::path(get, path = "/api/v1/dead-letters", operation_id = "list_dead_letters", tag = "jobs", params(Filter, PageQuery),
    responses((status = 200, body = Page<DeadLetter>)))]
async fn list_dead_letters(
    State(letters): State<Letters>,
    caller: Can<JobsRead>,
    Query(filter): Query<Filter>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<DeadLetter>>> {
    let mut tx = caller.tx(&letters.db).await?;
    Ok(Json(list(&mut tx, &page, filter.open.unwrap_or(false)).await?))
}

/// Have a dead letter tried again
///
/// A job goes back into its queue under its id, with fresh attempts; `GET /api/v1/jobs/{id}` says how it ends. Asking twice tries once.
#[utoipa::path(post, path = "/api/v1/dead-letters/{id}/replay", operation_id = "replay_dead_letter", tag = "jobs",
    params(("id" = Uuid, Path)),
    responses((status = 204)))]
async fn replay_dead_letter(
    State(letters): State<Letters>,
    caller: Can<JobsWrite>,
    Path(id): Path<Uuid>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&letters.db).await?;
    replay(&mut tx, &letters.sources, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a dead letter aside
///
/// It need not be tried again: what it was about was done in another way, or is no more. It stays in the list for as long as it is kept.
#[utoipa::path(post, path = "/api/v1/dead-letters/{id}/dismiss", operation_id = "dismiss_dead_letter", tag = "jobs",
    params(("id" = Uuid, Path)),
    responses((status = 204)))]
async fn dismiss_dead_letter(
    State(letters): State<Letters>,
    caller: Can<JobsWrite>,
    Path(id): Path<Uuid>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&letters.db).await?;
    dismiss(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
