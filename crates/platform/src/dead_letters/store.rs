//! The table of letters.

use chrono::{DateTime, Utc};
use kernel::{Error, Page, PageQuery, Result};
use serde::Serialize;
use uuid::Uuid;

use super::{DeadLetter, Stored};
use crate::db::TenantTx;

/// The letters of an organization, or those that wait for somebody; those that were given up last first.
pub async fn list(tx: &mut TenantTx, page: &PageQuery, open: bool) -> Result<Page<DeadLetter>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let (after_time, after_id) = page.after::<(DateTime<Utc>, Uuid)>()?.unzip();
    let query = "select id, source, event_type, error, retry_count, coalesce(context -> 'errors', '[]') as errors, created_at,
            processed_at, coalesce(context ->> 'dismissed' = 'true', false) as is_dismissed
        from dead_letters
        where org_id = $1 and (not $5 or processed_at is null) and ($2::timestamptz is null or (created_at, id) < ($2, $3))
        order by created_at desc, id desc limit $4";
    let rows: Vec<DeadLetter> = sqlx::query_as(query)
        .bind(org)
        .bind(after_time)
        .bind(after_id)
        .bind(limit + 1)
        .bind(open)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |letter: &DeadLetter| (letter.created_at, letter.id)))
}

pub(super) async fn mark_dismissed(tx: &mut TenantTx, id: Uuid) -> Result<()> {
    let org = tx.org();
    let query =
        "update dead_letters set processed_at = database_time(), context = context || '{\"dismissed\": true}'
        where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}

/// How many wait for somebody.
pub async fn count(tx: &mut TenantTx) -> Result<i64> {
    let org = tx.org();
    let query = "select count(*) from dead_letters where org_id = $1 and processed_at is null";
    Ok(sqlx::query_scalar(query).bind(org).fetch_one(tx.conn()).await?)
}

/// A letter, locked, and when it was put back.
pub(super) async fn lock(tx: &mut TenantTx, id: Uuid) -> Result<(Stored, Option<DateTime<Utc>>)> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        letter: Stored,
        processed_at: Option<DateTime<Utc>>,
    }
    let org = tx.org();
    let query = "select id, source, event_type, payload, context, processed_at from dead_letters
        where org_id = $1 and id = $2 for update";
    let row: Option<Row> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    let row = row.ok_or(Error::NotFound("dead letter"))?;
    Ok((row.letter, row.processed_at))
}

pub(super) async fn mark_processed(tx: &mut TenantTx, id: Uuid) -> Result<()> {
    let org = tx.org();
    let query = "update dead_letters set processed_at = database_time() where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}

/// A person had what a job was given up over done in another way: its letters need nobody any more.
pub async fn settle_job(tx: &mut TenantTx, kind: &str, args: &impl Serialize) -> Result<()> {
    let (org, args) = (tx.org(), serde_json::to_value(args)?);
    let query = "update dead_letters set processed_at = database_time()
        where org_id = $1 and source = 'job' and event_type = $2 and payload = $3 and processed_at is null";
    sqlx::query(query).bind(org).bind(kind).bind(args).execute(tx.conn()).await?;
    Ok(())
}
