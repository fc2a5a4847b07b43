use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use kernel::Secret;
use platform::{
    db::Origin,
    http::{Answer, Body, Can, ProblemBody, SignedIn},
};
use serde::{Deserialize, Serialize};

use super::actions;
use crate::{
    Deps,
    authenticator::client::FromBrowser,
    me::views::{self, Me},
    members::model::{Person, Place},
    sessions::{self, Method, cookie},
    supabase,
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    email: String,
    #[schema(value_type = String)]
    password: Secret<String>,
    /// The slug of the organization to enter; the first unless given.
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
}

/// The ways to sign in.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SignInMethods {
    password: bool,
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

/// Signs in with e-mail and password, and sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/auth/sign-in", operation_id = "sign_in", tag = "session",
    request_body = SignIn, security(()),
    responses((status = 200, body = Me),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn sign_in(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    Body(request): Body<SignIn>,
) -> Answer<impl IntoResponse> {
    let organization = request.organization.as_deref();
    let (person, place) =
        actions::by_password(&deps, &request.email, &request.password, organization, &origin).await?;
    open(&deps, (person, place), Method::Password, origin).await
}

/// Signs in with a JWT of Supabase Auth, and sets the session's cookie. An invited e-mail is bound to its Supabase
/// user at the first sign-in.
#[utoipa::path(post, path = "/api/v1/auth/supabase", operation_id = "sign_in_with_supabase", tag = "session",
    request_body = SupabaseSignIn, security(()),
    responses((status = 200, body = Me),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn sign_in_with_supabase(
    State(deps): State<Deps>,
    FromBrowser(origin): FromBrowser,
    Body(request): Body<SupabaseSignIn>,
) -> Answer<impl IntoResponse> {
    let claims = supabase::actions::verify(&deps, &request.access_token).await?;
    let now = deps.app.clock.now();
    let entered = supabase::actions::enter(&deps, &claims, request.organization.as_deref(), now).await?;
    open(&deps, entered, Method::Supabase, origin).await
}

async fn open(
    deps: &Deps,
    (person, place): (Person, Place),
    method: Method,
    origin: Origin,
) -> Answer<impl IntoResponse + use<>> {
    let opened = sessions::actions::open(deps, &person, &place, method, origin).await?;
    let me = views::me(&deps.app, &opened.caller).await?;
    let headers = AppendHeaders([
        (header::SET_COOKIE, cookie::set(&opened.id, &deps.options)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ]);
    Ok((headers, Json(me)))
}

/// Ends the session.
#[utoipa::path(post, path = "/api/v1/auth/sign-out", operation_id = "sign_out", tag = "session",
    responses((status = 204), (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn sign_out(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    headers: HeaderMap,
) -> Answer<impl IntoResponse> {
    if let Some(id) = cookie::get(&headers) {
        sessions::actions::close(&deps, &caller, &id).await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie::remove(&deps.options))])))
}

/// The ways to sign in that this server offers.
#[utoipa::path(get, path = "/api/v1/auth/methods", operation_id = "list_sign_in_methods", tag = "session",
    security(()), responses((status = 200, body = SignInMethods)))]
pub(crate) async fn list_sign_in_methods(State(deps): State<Deps>) -> Json<SignInMethods> {
    let supabase = deps.options.supabase.as_ref().map(|project| SupabaseMethod {
        auth_url: project.issuer.clone(),
        publishable_key: project.publishable_key.clone(),
    });
    Json(SignInMethods { password: true, supabase })
}
