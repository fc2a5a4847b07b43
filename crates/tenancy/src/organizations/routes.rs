use axum::{Json, extract::State};
use platform::http::{Answer, Body, Can, SettingsWrite, SignedIn};
use serde::Deserialize;

use super::{actions, model::Organization, store};
use crate::Deps;

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateOrganization {
    name: String,
}

/// Get the caller's organization
#[utoipa::path(get, path = "/api/v1/organization", operation_id = "get_organization", tag = "settings",
    responses((status = 200, body = Organization)))]
pub(crate) async fn get_organization(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
) -> Answer<Json<Organization>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(store::get(&mut tx).await?))
}

/// Rename the organization
///
/// Its slug stays, because tokens start with it.
#[utoipa::path(patch, path = "/api/v1/organization", operation_id = "update_organization", tag = "settings",
    request_body = UpdateOrganization,
    responses((status = 200, body = Organization)))]
pub(crate) async fn update_organization(
    State(deps): State<Deps>,
    caller: Can<SettingsWrite>,
    Body(update): Body<UpdateOrganization>,
) -> Answer<Json<Organization>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    let organization = actions::rename(&mut tx, &update.name).await?;
    tx.commit().await?;
    Ok(Json(organization))
}
