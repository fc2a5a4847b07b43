use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use kernel::{Page, Result, Secret};
use platform::http::{Answer, Body, Caller, Can, Path, SignedIn};
use serde::Deserialize;

use super::{
    answers::{self, Accepted},
    guests::{self, Offer},
    views::MyInvitation,
};
use crate::{
    Deps, InvitationId, account,
    authenticator::forgery::FromBrowser,
    me::views::Me,
    members::model::Person,
    sessions::{self, Method},
    throttle::devices::Device,
};

/// Somebody who holds the link of an invitation.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldsInvitation {
    /// What stands behind `#` in the link.
    #[schema(value_type = String)]
    token: Secret<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitation {
    /// What stands behind `#` in the link.
    #[schema(value_type = String)]
    token: Secret<String>,
    name: Option<String>,
    /// 12 to 128 characters.
    #[schema(value_type = String)]
    password: Secret<String>,
}

/// Get the invitation of a link
#[utoipa::path(post, path = "/api/v1/auth/invitation", operation_id = "get_invitation", tag = "session",
    request_body = HoldsInvitation, security(()),
    responses((status = 200, body = Offer)))]
pub(crate) async fn get_invitation(
    State(deps): State<Deps>,
    Body(request): Body<HoldsInvitation>,
) -> Answer<Json<Offer>> {
    Ok(Json(guests::look(&deps.app, &request.token).await?))
}

/// Accept the invitation of a link
///
/// Makes an account with a password, and sets the session's cookie. Somebody who has an account gives its password, or signs in and
/// accepts with `POST /api/v1/me/invitations/{id}/accept`.
#[utoipa::path(post, path = "/api/v1/auth/invitation/accept", operation_id = "accept_invitation", tag = "session",
    request_body = AcceptInvitation, security(()),
    responses((status = 200, body = Me)))]
pub(crate) async fn accept_invitation(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    headers: HeaderMap,
    Body(request): Body<AcceptInvitation>,
) -> Answer<impl IntoResponse> {
    let AcceptInvitation { token, name, password } = request;
    let entered =
        guests::accept(&deps, &token, name.as_deref(), &password, (origin.clone(), &Device::of(&headers)))
            .await?;
    sessions::routes::open(&deps, entered, Method::Invitation, origin).await
}

/// Decline the invitation of a link
#[utoipa::path(post, path = "/api/v1/auth/invitation/decline", operation_id = "decline_invitation", tag = "session",
    request_body = HoldsInvitation, security(()),
    responses((status = 204)))]
pub(crate) async fn decline_invitation(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    Body(request): Body<HoldsInvitation>,
) -> Answer<StatusCode> {
    guests::decline(&deps.app, &request.token, origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The person who calls.
async fn person(deps: &Deps, caller: &Caller) -> Result<Person> {
    account::actions::person(&deps.app, sessions::routes::person(caller)?).await
}

/// List the open invitations of one's own address
///
/// Once it is proved.
#[utoipa::path(get, path = "/api/v1/me/invitations", operation_id = "list_my_invitations", tag = "session",
    responses((status = 200, body = Page<MyInvitation>)))]
pub(crate) async fn list_my_invitations(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
) -> Answer<Json<Page<MyInvitation>>> {
    let items = answers::pending(&deps.app, &person(&deps, &caller).await?).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Accept an invitation of one's own address
///
/// The caller is a member from now on.
#[utoipa::path(post, path = "/api/v1/me/invitations/{id}/accept", operation_id = "accept_my_invitation", tag = "session",
    params(("id" = InvitationId, Path)),
    responses((status = 200, body = Accepted)))]
pub(crate) async fn accept_my_invitation(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    Path(id): Path<InvitationId>,
) -> Answer<Json<Accepted>> {
    let person = person(&deps, &caller).await?;
    Ok(Json(answers::accept(&deps.app, &person, id, caller.origin.clone()).await?))
}

/// Decline an invitation of one's own address
#[utoipa::path(post, path = "/api/v1/me/invitations/{id}/decline", operation_id = "decline_my_invitation", tag = "session",
    params(("id" = InvitationId, Path)),
    responses((status = 204)))]
pub(crate) async fn decline_my_invitation(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    Path(id): Path<InvitationId>,
) -> Answer<StatusCode> {
    let person = person(&deps, &caller).await?;
    answers::decline(&deps.app, &person, id, caller.origin.clone()).await?;
    Ok(StatusCode::NO_CONTENT)
}
