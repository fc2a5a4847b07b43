use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use kernel::{Error, Page, Result, UserId};
use platform::{
    db::{Actor, Origin},
    http::{Answer, Caller, Can, Path, SignedIn},
};

use super::{
    Method, actions,
    cookie::{self, SessionKey},
    views::{self, Session},
};
use crate::{
    Deps, SessionId, me,
    members::model::{Person, Place},
};

/// Opens a session for somebody who proved who they are, and gives the browser its cookie.
pub(crate) async fn open(
    deps: &Deps,
    (person, place): (Person, Place),
    method: Method,
    origin: Origin,
) -> Answer<impl IntoResponse + use<>> {
    let opened = actions::open(deps, &person, &place, method, origin).await?;
    let me = me::views::me(&deps.app, &opened.caller).await?;
    let headers = [
        (header::SET_COOKIE, cookie::set(&opened.key, &deps.options)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((AppendHeaders(headers), Json(me)))
}

/// The person behind a request: sessions are people's.
pub(crate) fn person(caller: &Caller) -> Result<UserId> {
    match &caller.actor {
        Actor::User { id, .. } => Ok(*id),
        // Whoever's it is: a token does not become a person.
        _ => Err(Error::conflict("no_session", "only a person has an account; this is a token")),
    }
}

/// The key of the session that a request came with.
pub(crate) fn current(headers: &HeaderMap) -> Option<SessionKey> {
    cookie::get(headers)
}

/// List one's own sessions
///
/// In every organization, the one used last first.
#[utoipa::path(get, path = "/api/v1/me/sessions", operation_id = "list_sessions", tag = "session",
    responses((status = 200, body = Page<Session>)))]
pub(crate) async fn list_sessions(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    headers: HeaderMap,
) -> Answer<Json<Page<Session>>> {
    let items = views::of_person(&deps.app, person(&caller)?, current(&headers).as_ref()).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// End one of one's own sessions
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", operation_id = "end_session", tag = "session",
    params(("id" = SessionId, Path)),
    responses((status = 204)))]
pub(crate) async fn end_session(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    Path(id): Path<SessionId>,
) -> Answer<StatusCode> {
    actions::end(&deps, &caller, person(&caller)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all of one's own sessions but this one
#[utoipa::path(delete, path = "/api/v1/me/sessions", operation_id = "end_other_sessions", tag = "session",
    responses((status = 204)))]
pub(crate) async fn end_other_sessions(
    State(deps): State<Deps>,
    caller: Can<SignedIn>,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    actions::end_others(&deps, &caller, person(&caller)?, current(&headers).as_ref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
