use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result};
use uuid::Uuid;

use super::{Key, LOCK};
use crate::{
    db::{Db, TenantTx},
    erasure::mentions,
    retention,
};

/// How long answers are kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Forgets answers that are older than a day.
pub async fn forget_idempotency_keys(db: &Db) -> Result<()> {
    let before = db.clock().now() - KEPT;
    let turn = retention::Turn::begin(db);
    while !turn.is_over() && forget(db, before).await? > 0 {}
    Ok(())
}

/// In small numbers: whoever repeats a request waits for no others.
async fn forget(db: &Db, before: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.system("retention belongs to no organization").await?;
    let query = "delete from idempotency_keys where ctid = any (array(
            select ctid from idempotency_keys where created_at < $1 order by created_at limit 5000))";
    let removed = sqlx::query(query).bind(before).execute(tx.conn()).await?.rows_affected();
    tx.commit().await?;
    retention::count("idempotency_keys", removed);
    Ok(removed)
}

/// What is stored of a key.
#[derive(sqlx::FromRow)]
pub(super) struct First {
    pub request_hash: Vec<u8>,
    pub correlation_id: Uuid,
    pub status: Option<i16>,
    pub headers: Option<serde_json::Value>,
    pub body: Option<Vec<u8>>,
    /// What the answer was allowed by.
    pub permission: Option<String>,
    /// Where that was held.
    pub reach: Option<String>,
    pub locked_until: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// An answer to keep.
pub(super) struct Kept<'a> {
    pub status: i16,
    pub headers: serde_json::Value,
    pub body: &'a [u8],
    pub permission: Option<&'a str>,
}

/// Answers false when the key was used before.
pub(super) async fn insert(tx: &mut TenantTx, key: &Key<'_>) -> Result<bool> {
    let now = tx.now();
    let query = "insert into idempotency_keys
            (org_id, actor, operation, key, request_hash, correlation_id, locked_until, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    let inserted = sqlx::query(query)
        .bind(key.caller.org)
        .bind(&key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(&key.request_hash)
        .bind(key.caller.correlation)
        .bind(now + LOCK)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Locks it, so that of two repeats only one takes over.
pub(super) async fn get(tx: &mut TenantTx, key: &Key<'_>) -> Result<First> {
    let query =
        "select request_hash, correlation_id, status, headers, body, permission, reach, locked_until, created_at
        from idempotency_keys where org_id = $1 and actor = $2 and operation = $3 and key = $4 for update";
    let found = sqlx::query_as(query)
        .bind(key.caller.org)
        .bind(&key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .fetch_optional(tx.conn())
        .await?;
    // Freed between the two statements.
    found.ok_or_else(|| {
        Error::conflict("idempotency_in_progress", "the first request has just ended; try again")
    })
}

/// Whether a request of this correlation that began then changed anything. The record is asked past what the caller may read of
/// it.
pub(super) async fn happened(
    db: &Db,
    key: &Key<'_>,
    correlation: Uuid,
    since: DateTime<Utc>,
) -> Result<bool> {
    let mut tx = db.system("the record tells what a request did, whoever may read it").await?;
    let query = "select exists (select from event_log
        where org_id = $1 and id >= uuid_v7_floor($2) and id < uuid_v7_floor($3) and correlation_id = $4)";
    Ok(sqlx::query_scalar(query)
        .bind(key.caller.org)
        .bind(since - LOCK)
        .bind(since + LOCK + LOCK)
        .bind(correlation)
        .fetch_one(tx.conn())
        .await?)
}

pub(super) async fn take_over(tx: &mut TenantTx, key: &Key<'_>) -> Result<()> {
    let now = tx.now();
    let query = "update idempotency_keys set correlation_id = $5, locked_until = $6, created_at = $7
        where org_id = $1 and actor = $2 and operation = $3 and key = $4";
    sqlx::query(query)
        .bind(key.caller.org)
        .bind(&key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(key.caller.correlation)
        .bind(now + LOCK)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Unless something that it may be about was erased meanwhile.
pub(super) async fn keep(db: &Db, key: &Key<'_>, answer: &Kept<'_>) -> Result<()> {
    let mut tx = key.caller.tx(db).await?;
    let query =
        "update idempotency_keys set status = $5, headers = $6, body = $7, permission = $8, reach = $9
        where org_id = $1 and actor = $2 and operation = $3 and key = $4 and locked_until > created_at";
    sqlx::query(query)
        .bind(key.caller.org)
        .bind(&key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .bind(answer.status)
        .bind(&answer.headers)
        .bind(answer.body)
        .bind(answer.permission)
        .bind(answer.permission.map(|permission| key.caller.reach_of(permission).setting()))
        .execute(tx.conn())
        .await?;
    tx.commit().await
}

/// Forgets answers that name one of the things. Bytes are no text: what is no ASCII is read as something else that is no id.
pub(crate) async fn forget_answers(tx: &mut TenantTx, things: &[Uuid]) -> Result<()> {
    let query = concat!(
        "update idempotency_keys set status = null, headers = null, body = null, locked_until = created_at - interval '1 second'
        where org_id = $1 and body is not null and ",
        mentions!("encode(body, 'escape')")
    );
    let things: Vec<String> = things.iter().map(Uuid::to_string).collect();
    sqlx::query(query).bind(tx.org()).bind(things).execute(tx.conn()).await?;
    Ok(())
}

/// Forgets what was answered since, and what requests that are under way will answer: nobody knows yet what that says.
pub(crate) async fn forget_late_answers(
    tx: &mut TenantTx,
    things: &[Uuid],
    since: DateTime<Utc>,
) -> Result<()> {
    let query = concat!(
        "update idempotency_keys set status = null, headers = null, body = null, locked_until = created_at - interval '1 second'
        where org_id = $1 and created_at >= $3 and (body is null or ",
        mentions!("encode(body, 'escape')"),
        ")"
    );
    let things: Vec<String> = things.iter().map(Uuid::to_string).collect();
    let under_way = since - LOCK;
    sqlx::query(query).bind(tx.org()).bind(things).bind(under_way).execute(tx.conn()).await?;
    Ok(())
}

/// Frees the key, unless the request changed something: then a repeat finds at once that the answer is lost.
pub(super) async fn free(db: &Db, key: &Key<'_>) -> Result<()> {
    let changed = happened(db, key, key.caller.correlation, db.clock().now()).await?;
    let mut tx = key.caller.tx(db).await?;
    let query = if changed {
        "update idempotency_keys set locked_until = created_at - interval '1 second'
        where org_id = $1 and actor = $2 and operation = $3 and key = $4"
    } else {
        "delete from idempotency_keys where org_id = $1 and actor = $2 and operation = $3 and key = $4"
    };
    sqlx::query(query)
        .bind(key.caller.org)
        .bind(&key.actor)
        .bind(&key.operation)
        .bind(&key.key)
        .execute(tx.conn())
        .await?;
    tx.commit().await
}
