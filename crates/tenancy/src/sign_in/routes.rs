use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use kernel::{Page, Secret};
use platform::http::{Answer, Body};
use serde::{Deserialize, Serialize};

use super::actions::{self, Attempt};
use crate::{
    Deps, InvitationId,
    authenticator::{forgery::FromBrowser, leaving::Leaving},
    invitations::views::MyInvitation,
    me::views::Me,
    organizations::model::typed_slug,
    sessions::{self, Method, cookie},
    supabase,
    throttle::devices::Device,
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    email: String,
    #[schema(value_type = String)]
    password: Secret<String>,
    /// The slug of the organization to enter; the first unless given. Needed by an account whose address is not proved.
    organization: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupabaseSignIn {
    /// The access token of a Supabase session.
    #[schema(value_type = String)]
    access_token: Secret<String>,
    /// The slug of the organization to enter; the first unless given.
    organization: Option<String>,
    /// An invitation of the user's address to accept first, and to enter by.
    accept: Option<InvitationId>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupabaseUser {
    /// The access token of a Supabase session.
    #[schema(value_type = String)]
    access_token: Secret<String>,
}

/// The ways to sign in.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SignInMethods {
    password: bool,
    /// Whether this server sends mail: then a forgotten password is mended by a link.
    mail: bool,
    /// None when this server knows no Supabase project.
    #[schema(required)]
    supabase: Option<SupabaseMethod>,
}

/// Where a browser gets the JWT for `POST /api/v1/auth/supabase`.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SupabaseMethod {
    /// Base URL of the project's Auth API.
    auth_url: String,
    /// The project's publishable key, sent as `apikey`. Without it, only an application can hand its session over.
    #[schema(required)]
    publishable_key: Option<String>,
}

/// Sign in with e-mail and password
///
/// Sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/auth/sign-in", operation_id = "sign_in", tag = "session",
    request_body = SignIn, security(()),
    responses((status = 200, body = Me)))]
pub(crate) async fn sign_in(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    headers: HeaderMap,
    Body(request): Body<SignIn>,
) -> Answer<impl IntoResponse> {
    let device = Device::of(&headers);
    let organization = request.organization.as_deref().map(typed_slug);
    let attempt = Attempt {
        email: &request.email,
        password: &request.password,
        organization: organization.as_deref(),
        origin: &origin,
        device: &device,
    };
    let entered = actions::by_password(&deps.app, &attempt).await?;
    let device = [(header::SET_COOKIE, device.cookie(&deps.options))];
    Ok((AppendHeaders(device), sessions::routes::open(&deps, entered, Method::Password, origin).await?))
}

/// Sign in with Supabase
///
/// With a JWT of Supabase Auth; sets the session's cookie. Somebody who was invited accepts with `accept`.
#[utoipa::path(post, path = "/api/v1/auth/supabase", operation_id = "sign_in_with_supabase", tag = "session",
    request_body = SupabaseSignIn, security(()),
    responses((status = 200, body = Me)))]
pub(crate) async fn sign_in_with_supabase(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    Body(request): Body<SupabaseSignIn>,
) -> Answer<impl IntoResponse> {
    let claims = supabase::actions::verify(&deps, &request.access_token).await?;
    let entered = match request.accept {
        Some(invitation) => supabase::actions::accept(&deps, &claims, invitation, origin.clone()).await?,
        None => {
            let now = deps.app.clock.now();
            let organization = request.organization.as_deref().map(typed_slug);
            supabase::actions::enter(&deps, &claims, organization.as_deref(), now).await?
        }
    };
    sessions::routes::open(&deps, entered, Method::Supabase, origin).await
}

/// List the open invitations of a Supabase user
#[utoipa::path(post, path = "/api/v1/auth/supabase/invitations", operation_id = "list_supabase_invitations", tag = "session",
    request_body = SupabaseUser, security(()),
    responses((status = 200, body = Page<MyInvitation>)))]
pub(crate) async fn list_supabase_invitations(
    State(deps): State<Deps>,
    Body(request): Body<SupabaseUser>,
) -> Answer<Json<Page<MyInvitation>>> {
    let claims = supabase::actions::verify(&deps, &request.access_token).await?;
    let items = supabase::actions::invitations(&deps, &claims).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// Sign out
///
/// Also in an organization that is suspended.
#[utoipa::path(post, path = "/api/v1/auth/sign-out", operation_id = "sign_out", tag = "session",
    responses((status = 204)))]
pub(crate) async fn sign_out(
    State(deps): State<Deps>,
    Leaving(caller): Leaving,
    headers: HeaderMap,
) -> Answer<impl IntoResponse> {
    if let Some(id) = cookie::get(&headers) {
        sessions::actions::close(&deps, &caller, &id).await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie::remove(&deps.options))])))
}

/// List the ways to sign in
#[utoipa::path(get, path = "/api/v1/auth/methods", operation_id = "list_sign_in_methods", tag = "session",
    security(()), responses((status = 200, body = SignInMethods)))]
pub(crate) async fn list_sign_in_methods(State(deps): State<Deps>) -> Json<SignInMethods> {
    let supabase = deps.options.supabase.as_ref().map(|project| SupabaseMethod {
        auth_url: project.issuer.clone(),
        publishable_key: project.publishable_key.clone(),
    });
    Json(SignInMethods { password: true, mail: deps.options.mail.is_some(), supabase })
}
