//! The delivery log of a receiver.

use chrono::{DateTime, Utc};
use kernel::{Error, Page, PageQuery, Result};
use platform::db::TenantTx;
use serde::Serialize;
use uuid::Uuid;

use crate::{DeliveryId, ReceiverId, receivers};

/// One thing that a receiver was told, or is to be told.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Delivery {
    pub id: DeliveryId,
    pub subject_type: String,
    pub subject_id: Uuid,
    pub title: String,
    /// `opened`, `analyzing`, `in_progress`, `concluded`, `resolved`, `false_positive` or `unable_to_resolve`.
    pub state: String,
    /// `pending`, `delivered`, `failed`, or `superseded`: something newer was told instead.
    pub status: String,
    pub attempts: i32,
    /// The receiver that could not be told of it, if this one was told instead.
    pub instead_of: Option<ReceiverId>,
    /// What the platform said to the last attempt; none when it was delivered.
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub delivered_at: Option<DateTime<Utc>>,
}

/// The deliveries of a receiver, newest first.
pub(super) async fn list(
    tx: &mut TenantTx,
    receiver: ReceiverId,
    page: &PageQuery,
) -> Result<Page<Delivery>> {
    let limit = page.limit()?;
    let org = tx.org();
    if !receivers::store::exists(tx, receiver).await? {
        return Err(Error::NotFound("receiver"));
    }
    let query =
        "select d.id, m.subject_type, m.subject_id, d.card ->> 'title' as title, d.card ->> 'state' as state,
            d.status, d.attempts, d.instead_of, d.error, d.created_at, d.delivered_at
        from deliveries d join im_messages m on m.org_id = d.org_id and m.id = d.message_id
        where d.org_id = $1 and d.receiver_id = $2 and ($3::uuid is null or d.id < $3)
        order by d.id desc limit $4";
    let rows = sqlx::query_as(query)
        .bind(org)
        .bind(receiver)
        .bind(page.after::<DeliveryId>()?)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |delivery: &Delivery| delivery.id))
}
