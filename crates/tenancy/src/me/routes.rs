use axum::{Json, extract::State, http::HeaderMap};
use platform::http::{Answer, Body, Can, SignedIn};
use serde::Deserialize;

use super::views::{self, Me};
use crate::{
    Deps,
    authenticator::leaving::Leaving,
    sessions::{self, cookie},
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SwitchOrganization {
    /// The slug of the organization to work in.
    organization: String,
}

/// Get the caller
///
/// The organization they work in, and what they may do there.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "get_me", tag = "session",
    responses((status = 200, body = Me)))]
pub(crate) async fn get_me(State(deps): State<Deps>, caller: Can<SignedIn>) -> Answer<Json<Me>> {
    Ok(Json(views::me(&deps.app, &caller).await?))
}

/// Move the session to another organization
///
/// Of the same person, also out of one that is suspended.
#[utoipa::path(post, path = "/api/v1/me/organization", operation_id = "switch_organization", tag = "session",
    request_body = SwitchOrganization,
    responses((status = 200, body = Me)))]
pub(crate) async fn switch_organization(
    State(deps): State<Deps>,
    Leaving(caller): Leaving,
    headers: HeaderMap,
    Body(request): Body<SwitchOrganization>,
) -> Answer<Json<Me>> {
    let id = cookie::get(&headers);
    let caller = sessions::actions::switch(&deps, &caller, id.as_ref(), &request.organization).await?;
    Ok(Json(views::me(&deps.app, &caller).await?))
}
