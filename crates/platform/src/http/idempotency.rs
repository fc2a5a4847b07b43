//! `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): a repeat gets the stored answer.
//!
//! The key belongs to the tenant and the operation. A second request with another body is refused (422), one
//! that comes while the first is at work too (409). Answers are kept for a day.
//!
//! A first request that ended without an answer, in a server error or with the server itself, frees its key if it changed
//! nothing. Whether it did is told by the record: every change writes an event with the request's correlation in the same
//! commit. If it did, a repeat is refused (409 `idempotency_answer_lost`): nothing stored is ever changed twice. What goes outside
//! before its record commits, as a receiver's test message does, may go twice when the server dies in between.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Caller, Problem};
use crate::{
    App,
    db::{Db, TenantTx},
};

const HEADER: &str = "idempotency-key";
/// Bodies and answers above this are not remembered.
const LARGEST: usize = 2 << 20;
/// How long a first request may work before its key is free again.
const LOCK: TimeDelta = TimeDelta::seconds(60);

/// How long answers are kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Forgets answers that are older than a day.
pub async fn forget_idempotency_keys(db: &Db) -> Result<()> {
    let before = db.clock().now() - KEPT;
    let mut tx = db.system("retention belongs to no organization").await?;
    sqlx::query("delete from idempotency_keys where created_at < $1").bind(before).execute(tx.conn()).await?;
    tx.commit().await
}

struct Key<'a> {
    caller: &'a Caller,
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
    let operation = format!("{} {}", request.method(), request.uri().path());
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST)
        .await
        .map_err(|_| Error::invalid("body_too_large", "a request with an Idempotency-Key may have 2 MiB"))?;
    // Peppered, because a body may hold a password.
    let hash = Sha256::new().chain_update(app.keyring.pepper()).chain_update(&body);
    let request_hash = hash.finalize().to_vec();
    let key = Key { caller, operation, key: text.into(), request_hash };
    if let Claimed::Answered(response) = claim(db, &key).await? {
        return Ok(response);
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // `no-store` marks an answer that shows a secret once: it must not be kept.
    let secret = response.headers().get(header::CACHE_CONTROL).is_some_and(|value| value == "no-store");
    if secret || response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS {
        free(db, &key).await?;
        return Ok(response);
    }
    store(db, &key, response).await
}

async fn claim(db: &Db, key: &Key<'_>) -> Result<Claimed> {
    let mut tx = key.caller.tx(db).await?;
    let now = tx.now();
    let query = "insert into idempotency_keys
            (org_id, operation, key, request_hash, correlation_id, locked_until, created_at)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    let claimed = sqlx::query(query)
        .bind(key.caller.org)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(&key.request_hash)
        .bind(key.caller.correlation)
        .bind(now + LOCK)
        .bind(now)
        .execute(tx.conn())
        .await?;
    if claimed.rows_affected() == 0 {
        let first = find(&mut tx, key).await?;
        if first.request_hash != key.request_hash {
            let detail = "this Idempotency-Key was used with another body; use a new key for a new request";
            return Err(Error::invalid("idempotency_key_reused", detail));
        }
        if let Some(status) = first.status {
            return Ok(Claimed::Answered(restore(status, first.headers, first.body.unwrap_or_default())));
        }
        if first.locked_until >= now {
            let detail = "the first request with this key is still at work";
            return Err(Error::conflict("idempotency_in_progress", detail));
        }
        if happened(&mut tx, first.correlation_id, first.created_at).await? {
            let detail =
                "the first request with this key was carried out, but its answer was lost; look what it did";
            return Err(Error::conflict("idempotency_answer_lost", detail));
        }
        take_over(&mut tx, key).await?;
    }
    tx.commit().await?;
    Ok(Claimed::First)
}

/// What is stored of a key.
#[derive(sqlx::FromRow)]
struct First {
    request_hash: Vec<u8>,
    correlation_id: Uuid,
    status: Option<i16>,
    headers: Option<serde_json::Value>,
    body: Option<Vec<u8>>,
    locked_until: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// Locks it, so that of two repeats only one takes over.
async fn find(tx: &mut TenantTx, key: &Key<'_>) -> Result<First> {
    let query = "select request_hash, correlation_id, status, headers, body, locked_until, created_at
        from idempotency_keys where org_id = $1 and operation = $2 and key = $3 for update";
    let found = sqlx::query_as(query)
        .bind(key.caller.org)
        .bind(&key.operation)
        .bind(&key.key)
        .fetch_optional(tx.conn())
        .await?;
    // Freed between the two statements.
    found.ok_or_else(|| {
        Error::conflict("idempotency_in_progress", "the first request has just ended; try again")
    })
}

/// Whether a request of this correlation that began then changed anything.
async fn happened(tx: &mut TenantTx, correlation: Uuid, since: DateTime<Utc>) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from event_log
        where org_id = $1 and id >= uuid_v7_floor($2) and id < uuid_v7_floor($3) and correlation_id = $4)";
    Ok(sqlx::query_scalar(query)
        .bind(org)
        .bind(since - LOCK)
        .bind(since + LOCK + LOCK)
        .bind(correlation)
        .fetch_one(tx.conn())
        .await?)
}

async fn take_over(tx: &mut TenantTx, key: &Key<'_>) -> Result<()> {
    let now = tx.now();
    let query = "update idempotency_keys set correlation_id = $4, locked_until = $5, created_at = $6
        where org_id = $1 and operation = $2 and key = $3";
    sqlx::query(query)
        .bind(key.caller.org)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(key.caller.correlation)
        .bind(now + LOCK)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
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

async fn store(db: &Db, key: &Key<'_>, response: Response) -> Result<Response> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
    if body.len() > LARGEST {
        free(db, key).await?;
        return Ok(Response::from_parts(parts, Body::from(body)));
    }
    let mut tx = key.caller.tx(db).await?;
    let query = "update idempotency_keys set status = $4, headers = $5, body = $6
        where org_id = $1 and operation = $2 and key = $3";
    sqlx::query(query)
        .bind(key.caller.org)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(i16::try_from(parts.status.as_u16()).unwrap_or(200))
        .bind(serde_json::to_value(kept(&parts.headers))?)
        .bind(body.as_ref())
        .execute(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Frees the key, unless the request changed something: then a repeat finds at once that the answer is lost.
async fn free(db: &Db, key: &Key<'_>) -> Result<()> {
    let mut tx = key.caller.tx(db).await?;
    let now = tx.now();
    let query = if happened(&mut tx, key.caller.correlation, now).await? {
        "update idempotency_keys set locked_until = created_at - interval '1 second'
        where org_id = $1 and operation = $2 and key = $3"
    } else {
        "delete from idempotency_keys where org_id = $1 and operation = $2 and key = $3"
    };
    sqlx::query(query).bind(key.caller.org).bind(&key.operation).bind(&key.key).execute(tx.conn()).await?;
    tx.commit().await
}
