use axum::{Json, extract::State, http::StatusCode};
use kernel::{Page, PageQuery, Secret};
use platform::{
    http::{Answer, Body, Can, Path, Query, SettingsRead, SettingsWrite},
    secrets::Name,
};
use serde::Deserialize;

use super::views::{self, Configuration};
use crate::Deps;

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetConfiguration {
    /// Up to 64 KiB; it cannot be read again.
    #[schema(value_type = String)]
    value: Secret<String>,
}

/// List sealed settings
///
/// Without their values.
#[utoipa::path(get, path = "/api/v1/configurations", operation_id = "list_configurations", tag = "settings",
    params(PageQuery),
    responses((status = 200, body = Page<Configuration>)))]
pub(crate) async fn list_configurations(
    State(deps): State<Deps>,
    caller: Can<SettingsRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Configuration>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Set a sealed setting
#[utoipa::path(put, path = "/api/v1/configurations/{type}/{key}", operation_id = "set_configuration",
    tag = "settings", request_body = SetConfiguration,
    params(("type" = String, Path, description = "A word that groups values, such as `general`"), ("key" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn set_configuration(
    State(deps): State<Deps>,
    caller: Can<SettingsWrite>,
    Path((config_type, config_key)): Path<(String, String)>,
    Body(request): Body<SetConfiguration>,
) -> Answer<StatusCode> {
    let name = Name::new(&config_type, &config_key);
    let mut tx = caller.tx(&deps.app.db).await?;
    super::set(&deps, &mut tx, name, &request.value).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a sealed setting
#[utoipa::path(delete, path = "/api/v1/configurations/{type}/{key}", operation_id = "delete_configuration",
    tag = "settings",
    params(("type" = String, Path, description = "A word that groups values, such as `general`"), ("key" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn delete_configuration(
    State(deps): State<Deps>,
    caller: Can<SettingsWrite>,
    Path((config_type, config_key)): Path<(String, String)>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    super::delete(&deps, &mut tx, Name::new(&config_type, &config_key)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
