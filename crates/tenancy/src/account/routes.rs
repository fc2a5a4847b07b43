use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use kernel::Secret;
use platform::http::{Answer, Body, Can, SignedIn};
use serde::{Deserialize, Serialize};

use super::{actions, password, prove::Proved, reset};
use crate::{
    Deps,
    authenticator::forgery::FromBrowser,
    me::views::{self, Me},
    organizations::model::{check_name, typed_slug},
    sessions::routes::{current, person},
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMe {
    /// What others see; without it they see the address.
    name: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    #[schema(value_type = String)]
    current_password: Secret<String>,
    /// 12 to 128 characters.
    #[schema(value_type = String)]
    password: Secret<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgottenPassword {
    email: String,
    /// The slug of the organization; needed for an account whose address is not proved.
    organization: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPassword {
    /// What stands behind `#` in the link.
    #[schema(value_type = String)]
    token: Secret<String>,
    /// 12 to 128 characters.
    #[schema(value_type = String)]
    password: Secret<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PasswordSet {
    /// The address had an account elsewhere already: the membership went there, and that account keeps its own password.
    merged: bool,
}

/// Change one's own name
#[utoipa::path(patch, path = "/api/v1/me", operation_id = "update_me", tag = "session", request_body = UpdateMe,
    responses((status = 200, body = Me)))]
pub(crate) async fn update_me(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    Body(update): Body<UpdateMe>,
) -> Answer<Json<Me>> {
    let user = person(&caller)?;
    let name = update.name.as_deref().map(check_name).transpose()?;
    actions::rename(&deps.app, user, name.as_deref()).await?;
    Ok(Json(views::me(&deps.app, &caller).await?))
}

/// Change one's own password
///
/// Their other sessions end.
#[utoipa::path(put, path = "/api/v1/me/password", operation_id = "change_password", tag = "session",
    request_body = ChangePassword,
    responses((status = 204)))]
pub(crate) async fn change_password(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    headers: HeaderMap,
    Body(change): Body<ChangePassword>,
) -> Answer<StatusCode> {
    let (user, kept) = (person(&caller)?, current(&headers));
    let ChangePassword { current_password, password } = change;
    password::change(&deps.app, (user, &caller.origin), &current_password, &password, kept.as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Request a link to prove one's own address
///
/// It is sent by mail.
#[utoipa::path(post, path = "/api/v1/me/address-proof", operation_id = "request_address_proof", tag = "session",
    responses((status = 202)))]
pub(crate) async fn request_address_proof(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
) -> Answer<StatusCode> {
    let user = person(&caller)?;
    let email = actions::address_to_prove(&deps.app, user).await?;
    let organization = views::slug_of(&deps.app, &caller).await?;
    reset::request(&deps, &email, Some(organization), &caller.origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Request a link to set a password
///
/// It is sent to the address by mail, if it has an account; the answer does not tell.
#[utoipa::path(post, path = "/api/v1/auth/password-reset", operation_id = "request_password_reset", tag = "session",
    request_body = ForgottenPassword, security(()),
    responses((status = 202)))]
pub(crate) async fn request_password_reset(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    Body(request): Body<ForgottenPassword>,
) -> Answer<StatusCode> {
    let organization = request.organization.as_deref().map(typed_slug);
    reset::request(&deps, &request.email, organization, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Set a password with a link
///
/// Of the account that a link by mail belongs to. Its sessions end.
#[utoipa::path(post, path = "/api/v1/auth/password", operation_id = "set_password", tag = "session",
    request_body = SetPassword, security(()),
    responses((status = 200, body = PasswordSet)))]
pub(crate) async fn set_password(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    Body(request): Body<SetPassword>,
) -> Answer<Json<PasswordSet>> {
    let proved = reset::complete(&deps.app, &request.token, &request.password, &origin).await?;
    Ok(Json(PasswordSet { merged: proved == Proved::Merged }))
}
