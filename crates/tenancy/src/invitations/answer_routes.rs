use crate::InvitationId;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use kernel::{Error, Page, Result, Secret};
use platform::http::{Answer, Body, Caller, Can, Path, ProblemBody, SignedIn};
use serde::Deserialize;

use super::{
    answers::{self, Accepted},
    guests::{self, Offer},
    views::MyInvitation,
};
use crate::{
    Deps,
    authenticator::forgery::FromBrowser,
    me::views::Me,
    members::{self, model::Person},
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

/// What the invitation of a link offers.
#[utoipa::path(post, path = "/api/v1/auth/invitation", operation_id = "find_invitation", tag = "session",
    request_body = HoldsInvitation, security(()),
    responses((status = 200, body = Offer),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn find_invitation(
    State(deps): State<Deps>,
    Body(request): Body<HoldsInvitation>,
) -> Answer<Json<Offer>> {
    Ok(Json(guests::look(&deps.app, &request.token).await?))
}

/// Makes an account with a password, accepts the invitation of a link, and sets the session's cookie. Somebody who has an
/// account gives its password, or signs in and accepts with `POST /api/v1/me/invitations/{id}/accept`.
#[utoipa::path(post, path = "/api/v1/auth/invitation/accept", operation_id = "accept_invitation", tag = "session",
    request_body = AcceptInvitation, security(()),
    responses((status = 200, body = Me),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
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

/// Declines the invitation of a link.
#[utoipa::path(post, path = "/api/v1/auth/invitation/decline", operation_id = "decline_invitation", tag = "session",
    request_body = HoldsInvitation, security(()),
    responses((status = 204), (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
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
    let user = sessions::routes::person(caller)?;
    let mut tx = deps.app.db.system("an account belongs to a person").await?;
    members::store::person(tx.conn(), user).await?.ok_or(Error::NotFound("user"))
}

/// The open invitations of the caller's address, once it is proved.
#[utoipa::path(get, path = "/api/v1/me/invitations", operation_id = "list_my_invitations", tag = "session",
    responses((status = 200, body = Page<MyInvitation>),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list_my_invitations(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
) -> Answer<Json<Page<MyInvitation>>> {
    let items = answers::pending(&deps.app, &person(&deps, &caller).await?).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Accepts an invitation of the caller's address: they are a member from now on.
#[utoipa::path(post, path = "/api/v1/me/invitations/{id}/accept", operation_id = "accept_my_invitation", tag = "session",
    params(("id" = InvitationId, Path)),
    responses((status = 200, body = Accepted),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn accept_my_invitation(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    Path(id): Path<InvitationId>,
) -> Answer<Json<Accepted>> {
    let person = person(&deps, &caller).await?;
    Ok(Json(answers::accept(&deps.app, &person, id, caller.origin.clone()).await?))
}

/// Declines an invitation of the caller's address.
#[utoipa::path(post, path = "/api/v1/me/invitations/{id}/decline", operation_id = "decline_my_invitation", tag = "session",
    params(("id" = InvitationId, Path)),
    responses((status = 204), (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn decline_my_invitation(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    Path(id): Path<InvitationId>,
) -> Answer<StatusCode> {
    let person = person(&deps, &caller).await?;
    answers::decline(&deps.app, &person, id, caller.origin.clone()).await?;
    Ok(StatusCode::NO_CONTENT)
}
