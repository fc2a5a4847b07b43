//! Settings over HTTP.

use axum::{Json, extract::State, http::StatusCode};
use kernel::Page;
use serde::Deserialize;
use serde_json::Value;

use super::{SettingPreview, SettingState, Settings, actions};
use crate::{
    http::{Answer, Body, Can, Editable, IfMatch, Path, Query, Routes, SettingsRead, SettingsWrite},
    routes,
};

pub fn routes(settings: Settings) -> Routes {
    Routes::new()
        .routes(routes!(list_settings))
        .routes(routes!(preview_setting))
        .routes(routes!(get_setting, set_setting, reset_setting))
        .with_state(settings)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SetSetting {
    /// As the setting's `schema` says.
    value: Value,
}

/// List settings
///
/// Every setting of the organization, with what it may be, what it is, and who changed it.
#[utoipa::path(get, path = "/api/v1/settings", operation_id = "list_settings", tag = "settings",
    responses((status = 200, body = Page<SettingState>)))]
async fn list_settings(
    State(settings): State<Settings>,
    caller: Can<SettingsRead>,
) -> Answer<Json<Page<SettingState>>> {
    let mut tx = caller.tx(&settings.db).await?;
    let items = actions::list(&mut tx, &settings).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Get a setting
#[utoipa::path(get, path = "/api/v1/settings/{key}", operation_id = "get_setting", tag = "settings",
    params(("key" = String, Path, description = "Such as `events.kept_days`")),
    responses((status = 200, body = SettingState, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn get_setting(
    State(settings): State<Settings>,
    caller: Can<SettingsRead>,
    Path(key): Path<String>,
) -> Answer<Editable<SettingState>> {
    let mut tx = caller.tx(&settings.db).await?;
    Ok(Editable(actions::get(&mut tx, settings.find(&key)?).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Preview {
    /// For how many days; left out, for ever.
    value: Option<u32>,
}

/// Preview a setting
///
/// What would go within the hour if it had this value, counted up to 10,000.
#[utoipa::path(get, path = "/api/v1/settings/{key}/preview", operation_id = "preview_setting", tag = "settings",
    params(("key" = String, Path, description = "Such as `events.kept_days`"), Preview),
    responses((status = 200, body = SettingPreview)))]
async fn preview_setting(
    State(settings): State<Settings>,
    caller: Can<SettingsWrite>,
    Path(key): Path<String>,
    Query(preview): Query<Preview>,
) -> Answer<Json<SettingPreview>> {
    let mut tx = caller.tx(&settings.db).await?;
    Ok(Json(actions::preview(&mut tx, settings.find(&key)?, preview.value).await?))
}

/// Set a setting
///
/// In force from the next transaction that reads it.
#[utoipa::path(put, path = "/api/v1/settings/{key}", operation_id = "set_setting", tag = "settings",
    params(("key" = String, Path, description = "Such as `events.kept_days`"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that is replaced")),
    request_body = SetSetting,
    responses((status = 200, body = SettingState, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn set_setting(
    State(settings): State<Settings>,
    caller: Can<SettingsWrite>,
    Path(key): Path<String>,
    known: IfMatch,
    Body(request): Body<SetSetting>,
) -> Answer<Editable<SettingState>> {
    let mut tx = caller.tx(&settings.db).await?;
    let state = actions::set(&mut tx, settings.find(&key)?, &known, request.value).await?;
    tx.commit().await?;
    Ok(Editable(state))
}

/// Reset a setting
///
/// It has its default again, also one that a later version changes.
#[utoipa::path(delete, path = "/api/v1/settings/{key}", operation_id = "reset_setting", tag = "settings",
    params(("key" = String, Path, description = "Such as `events.kept_days`"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that is replaced")),
    responses((status = 204)))]
async fn reset_setting(
    State(settings): State<Settings>,
    caller: Can<SettingsWrite>,
    Path(key): Path<String>,
    known: IfMatch,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&settings.db).await?;
    actions::reset(&mut tx, settings.find(&key)?, &known).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
