use chrono::{DateTime, Utc};
use kernel::{Result, UserId};
use sqlx::PgConnection;

use super::{attempts::Attempts, devices::Device};

#[derive(sqlx::FromRow)]
struct Row {
    failed: i32,
    since: DateTime<Utc>,
    last_at: DateTime<Utc>,
    locked_until: Option<DateTime<Utc>>,
}

/// Locks a counter, made if there is none: who comes at the same time waits. Lock several in the order of their keys.
pub(super) async fn lock(conn: &mut PgConnection, key: &[u8], now: DateTime<Utc>) -> Result<Attempts> {
    let query = "insert into throttles (key, failed, since, last_at) values ($1, 0, $2, $2)
        on conflict (key) do update set key = excluded.key
        returning failed, since, last_at, locked_until";
    let row: Row = sqlx::query_as(query).bind(key).bind(now).fetch_one(conn).await?;
    let Row { failed, since, last_at, locked_until } = row;
    Ok(Attempts { failed: u32::try_from(failed).unwrap_or_default(), since, last_at, locked_until })
}

pub(super) async fn set(conn: &mut PgConnection, key: &[u8], attempts: Attempts) -> Result<()> {
    let query =
        "update throttles set failed = $2, since = $3, last_at = $4, locked_until = $5 where key = $1";
    sqlx::query(query)
        .bind(key)
        .bind(i32::try_from(attempts.failed).unwrap_or(i32::MAX))
        .bind(attempts.since)
        .bind(attempts.last_at)
        .bind(attempts.locked_until)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn settle(conn: &mut PgConnection, forgotten: &[Vec<u8>], others: &[Vec<u8>]) -> Result<()> {
    let query = "delete from throttles where key = any($1)";
    sqlx::query(query).bind(forgotten).execute(&mut *conn).await?;
    let query =
        "update throttles set failed = greatest(0, failed - 1), locked_until = null where key = any($1)";
    sqlx::query(query).bind(others).execute(conn).await?;
    Ok(())
}

pub(super) async fn delete_quiet(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64> {
    let query = "delete from throttles where last_at < $1";
    Ok(sqlx::query(query).bind(before).execute(conn).await?.rows_affected())
}

/// Devices of one account; the longest unseen goes first.
const MOST_DEVICES: i64 = 20;

/// Whether this person signed in from this browser before.
pub(crate) async fn is_known_device(conn: &mut PgConnection, user: UserId, device: &Device) -> Result<bool> {
    let query = "select exists (select from known_devices where user_id = $1 and device_hash = $2)";
    Ok(sqlx::query_scalar(query).bind(user).bind(&device.hash).fetch_one(conn).await?)
}

/// Ties a browser to an account.
pub(crate) async fn keep_device(
    conn: &mut PgConnection,
    user: UserId,
    device: &Device,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let query =
        "insert into known_devices (user_id, device_hash, created_at, last_seen_at) values ($1, $2, $3, $3)
        on conflict (user_id, device_hash) do update set last_seen_at = $3";
    sqlx::query(query).bind(user).bind(&device.hash).bind(now).execute(&mut *conn).await?;
    let query = "delete from known_devices where user_id = $1 and device_hash not in (
        select device_hash from known_devices where user_id = $1 order by last_seen_at desc, device_hash limit $2)";
    sqlx::query(query).bind(user).bind(MOST_DEVICES).execute(conn).await?;
    Ok(())
}

/// Forgets every browser of an account.
pub(crate) async fn forget_devices(conn: &mut PgConnection, user: UserId) -> Result<()> {
    sqlx::query("delete from known_devices where user_id = $1").bind(user).execute(conn).await?;
    Ok(())
}
