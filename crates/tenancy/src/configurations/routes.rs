use axum::{Json, extract::State, http::StatusCode};
use kernel::{Error, Page, PageQuery, Secret};
use platform::{
    http::{Answer, Body, Can, Path, Query, SettingsRead, SettingsWrite},
    secrets::{self, Name, SecretVersion},
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

/// Which version is used again.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoreConfiguration {
    version: i32,
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
///
/// The value before stays for a while as an earlier version (the setting `secrets.earlier_kept_days`). The same value again is no new version.
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
///
/// With its earlier versions.
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

/// List the versions of a sealed setting
///
/// Those that count now, the current one first, without their values. All are on one page.
#[utoipa::path(get, path = "/api/v1/configurations/{type}/{key}/versions", operation_id = "list_configuration_versions",
    tag = "settings",
    params(("type" = String, Path, description = "A word that groups values, such as `general`"), ("key" = String, Path)),
    responses((status = 200, body = Page<SecretVersion>)))]
pub(crate) async fn list_configuration_versions(
    State(deps): State<Deps>,
    caller: Can<SettingsRead>,
    Path((config_type, config_key)): Path<(String, String)>,
) -> Answer<Json<Page<SecretVersion>>> {
    let name = Name::new(&config_type, &config_key);
    super::check_name(&deps.options, name)?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let items = secrets::versions(&mut tx, name).await?;
    if items.is_empty() {
        return Err(Error::NotFound("configuration").into());
    }
    Ok(Json(Page { items, next_cursor: None }))
}

/// Use an earlier version of a sealed setting again
///
/// As a new version; the one that is current until then stays as an earlier one.
#[utoipa::path(post, path = "/api/v1/configurations/{type}/{key}/restore", operation_id = "restore_configuration",
    tag = "settings", request_body = RestoreConfiguration,
    params(("type" = String, Path, description = "A word that groups values, such as `general`"), ("key" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn restore_configuration(
    State(deps): State<Deps>,
    caller: Can<SettingsWrite>,
    Path((config_type, config_key)): Path<(String, String)>,
    Body(asked): Body<RestoreConfiguration>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    super::restore(&deps, &mut tx, Name::new(&config_type, &config_key), asked.version).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forget earlier versions of a sealed setting
///
/// Only the current version is left, at once.
#[utoipa::path(post, path = "/api/v1/configurations/{type}/{key}/forget-earlier", operation_id = "forget_configurations",
    tag = "settings",
    params(("type" = String, Path, description = "A word that groups values, such as `general`"), ("key" = String, Path)),
    responses((status = 204)))]
pub(crate) async fn forget_configurations(
    State(deps): State<Deps>,
    caller: Can<SettingsWrite>,
    Path((config_type, config_key)): Path<(String, String)>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    super::forget_earlier(&deps, &mut tx, Name::new(&config_type, &config_key)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
