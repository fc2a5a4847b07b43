//! `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): a repeat gets the stored answer.
//!
//! The key belongs to who sends it, and to the operation with its query. A second request with another body is refused (422), one
//! that comes while the first is at work too (409). Answers are kept for a day. A repeat is answered only to somebody who may
//! still do what the first request was allowed to do; a refusal is not kept, so the request may be mended and sent again.
//!
//! A first request that ended without an answer, in a server error or with the server itself, frees its key if it changed
//! nothing. Whether it did is told by the record: every change writes an event with the request's correlation in the same
//! commit. If it did, a repeat is refused (409 `idempotency_answer_lost`): nothing stored is ever changed twice. What goes outside
//! before its record commits, as a receiver's test message does, may go twice when the server dies in between.

mod store;

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use kernel::{Error, NodeId, Result};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Caller, Problem, body::refusal, caller::lacks};
use crate::{App, db::Db};

pub use store::forget_idempotency_keys;
pub(crate) use store::{forget_answers, forget_late_answers};

const HEADER: &str = "idempotency-key";
/// Bodies and answers above this are not remembered.
const LARGEST: usize = 2 << 20;
/// Bytes of an operation that are kept as they are.
const LONGEST_OPERATION: usize = 512;
/// How long a first request may work before its key is free again: longer than any request lasts.
const LOCK: TimeDelta = TimeDelta::seconds(180);

/// The permission that a handler asked for while it answered.
#[derive(Clone, Default)]
pub(super) struct Asked(Arc<Mutex<Option<&'static str>>>);

impl Asked {
    pub(super) fn note(&self, permission: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(permission);
    }

    fn permission(&self) -> Option<&'static str> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Key<'a> {
    caller: &'a Caller,
    actor: String,
    operation: String,
    key: String,
    request_hash: Vec<u8>,
}

enum Claimed {
    First,
    Answered(Response),
}

/// Middleware, inside authentication.
pub async fn idempotency(State(app): State<App>, request: Request, next: Next) -> Response {
    let caller = Caller::of(request.extensions()).cloned();
    let key = request.headers().get(HEADER).cloned();
    let (Method::POST, Some(caller), Some(key)) = (request.method().clone(), caller, key) else {
        return next.run(request).await;
    };
    match once(&app, &caller, &key, request, next).await {
        Ok(response) => response,
        Err(error) => Problem(error).into_response(),
    }
}

async fn once(
    app: &App,
    caller: &Caller,
    key: &HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response> {
    let db = &app.db;
    let invalid = || Error::field("invalid_idempotency_key", HEADER, "must be 1 to 255 printable characters");
    let text = key.to_str().ok().filter(|text| (1..=255).contains(&text.len())).ok_or_else(invalid)?;
    let target =
        request.uri().path_and_query().map_or_else(|| request.uri().path(), |target| target.as_str());
    let mut operation = format!("{} {target}", request.method());
    if operation.len() > LONGEST_OPERATION {
        // An index takes no more; the whole of it still tells one operation from another.
        operation = format!("{} sha256:{}", request.method(), hex::encode(Sha256::digest(target)));
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.map_err(unreadable)?;
    // Peppered, because a body may hold a password.
    let hash = Sha256::new().chain_update(app.keyring.pepper()).chain_update(&body);
    let request_hash = hash.finalize().to_vec();
    let actor = format!("{}:{}", caller.actor.kind(), caller.actor.id().unwrap_or_default());
    let key = Key { caller, actor, operation, key: text.into(), request_hash };
    if let Claimed::Answered(response) = claim(db, &key).await? {
        return Ok(response);
    }
    let asked = Asked::default();
    parts.extensions.insert(asked.clone());
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // `no-store` marks an answer that shows a secret once: it must not be kept.
    let secret = response.headers().get(header::CACHE_CONTROL).is_some_and(|value| value == "no-store");
    if secret || response.status().is_client_error() || response.status().is_server_error() {
        store::free(db, &key).await?;
        return Ok(response);
    }
    keep(db, &key, asked.permission(), response).await
}

fn unreadable(error: axum::Error) -> Error {
    refusal(&error).unwrap_or_else(|| {
        Error::invalid("body_too_large", "a request with an Idempotency-Key may have 2 MiB")
    })
}

async fn claim(db: &Db, key: &Key<'_>) -> Result<Claimed> {
    let mut tx = key.caller.tx(db).await?;
    if !store::insert(&mut tx, key).await? {
        let first = store::get(&mut tx, key).await?;
        if first.request_hash != key.request_hash {
            let detail = "this Idempotency-Key was used with another body; use a new key for a new request";
            return Err(Error::invalid("idempotency_key_reused", detail));
        }
        if let Some(status) = first.status {
            let needed = first.permission.as_deref().unwrap_or_default();
            if !still_may(key.caller, needed, first.reach.as_deref().unwrap_or_default()) {
                return Err(lacks(key.caller, needed));
            }
            return Ok(Claimed::Answered(restore(status, first.headers, first.body.unwrap_or_default())));
        }
        if first.locked_until >= tx.now() {
            let detail = "the first request with this key is still at work";
            return Err(Error::conflict("idempotency_in_progress", detail));
        }
        if store::happened(db, key, first.correlation_id, first.created_at).await? {
            let detail =
                "the first request with this key was carried out, but its answer was lost; look what it did";
            return Err(Error::conflict("idempotency_answer_lost", detail));
        }
        store::take_over(&mut tx, key).await?;
    }
    tx.commit().await?;
    Ok(Claimed::First)
}

/// Whether a permission is held wherever it was when the answer was given.
fn still_may(caller: &Caller, permission: &str, reach: &str) -> bool {
    let at = |id: &str| Uuid::parse_str(id).is_ok_and(|id| caller.may_at(permission, Some(NodeId(id))));
    caller.may(permission) || (reach != "*" && !reach.is_empty() && reach.split(',').all(at))
}

fn restore(status: i16, headers: Option<serde_json::Value>, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or_default();
    let kept: Vec<(String, String)> =
        headers.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    for (name, value) in kept {
        if let (Ok(name), Ok(value)) = (name.parse::<header::HeaderName>(), value.parse()) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}

/// Headers that belong to the answer; cookies and dates do not.
fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let names = [header::CONTENT_TYPE, header::LOCATION];
    names
        .iter()
        .filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned())))
        .collect()
}

async fn keep(db: &Db, key: &Key<'_>, permission: Option<&str>, response: Response) -> Result<Response> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
    if body.len() > LARGEST {
        store::free(db, key).await?;
        return Ok(Response::from_parts(parts, Body::from(body)));
    }
    let answer = store::Kept {
        status: i16::try_from(parts.status.as_u16()).unwrap_or(200),
        headers: serde_json::to_value(kept(&parts.headers))?,
        body: body.as_ref(),
        permission,
    };
    store::keep(db, key, &answer).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}
