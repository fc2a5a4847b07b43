//! `/api/v1/bindings`.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Page, PageQuery};
use platform::http::{Answer, Body, CanIn, Path, Query, Routes};
use platform::routes;

use super::{
    actions::{self, BindingChange, NewBinding},
    views::{self, BindingRow},
};
use crate::{
    BindingId, Deps,
    permissions::{SkillsRead, SkillsWrite},
};

pub fn routes() -> Routes<Deps> {
    Routes::new()
        .routes(routes!(list_bindings, create_binding))
        .routes(routes!(update_binding, delete_binding))
}

/// List bindings
///
/// In the order in which they are tried: highest priority first, older first among equals.
#[utoipa::path(get, path = "/api/v1/bindings", operation_id = "list_bindings", tag = "skills",
    params(PageQuery),
    responses((status = 200, body = Page<BindingRow>)))]
async fn list_bindings(
    State(deps): State<Deps>,
    caller: CanIn<SkillsRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<BindingRow>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Bind alerts that match a pattern to a skill
#[utoipa::path(post, path = "/api/v1/bindings", operation_id = "create_binding", tag = "skills",
    request_body = NewBinding,
    responses((status = 201, body = BindingRow)))]
async fn create_binding(
    State(deps): State<Deps>,
    caller: CanIn<SkillsWrite>,
    Body(new): Body<NewBinding>,
) -> Answer<(StatusCode, Json<BindingRow>)> {
    let id = actions::create(&deps, caller.scope(), new).await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok((StatusCode::CREATED, Json(views::get(&mut tx, id).await?)))
}

/// Change a binding
#[utoipa::path(patch, path = "/api/v1/bindings/{id}", operation_id = "update_binding", tag = "skills",
    params(("id" = BindingId, Path)), request_body = BindingChange,
    responses((status = 200, body = BindingRow)))]
async fn update_binding(
    State(deps): State<Deps>,
    caller: CanIn<SkillsWrite>,
    Path(id): Path<BindingId>,
    Body(change): Body<BindingChange>,
) -> Answer<Json<BindingRow>> {
    actions::update(&deps, caller.scope(), id, change).await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::get(&mut tx, id).await?))
}

/// Delete a binding
#[utoipa::path(delete, path = "/api/v1/bindings/{id}", operation_id = "delete_binding", tag = "skills",
    params(("id" = BindingId, Path)),
    responses((status = 204)))]
async fn delete_binding(
    State(deps): State<Deps>,
    caller: CanIn<SkillsWrite>,
    Path(id): Path<BindingId>,
) -> Answer<StatusCode> {
    actions::delete(&deps, caller.scope(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
