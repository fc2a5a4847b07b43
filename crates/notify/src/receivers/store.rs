//! The statements of receivers.

use chrono::{DateTime, Utc};
use kernel::{Error, ReceiverId, Result};
use platform::db::{TenantTx, violated};

use super::{Destination, ImType, Status, Transport};

/// What is stored of a receiver, without its health.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    pub id: ReceiverId,
    pub name: String,
    pub receiver_im: String,
    pub im_type: ImType,
    pub transport: Transport,
    pub destination_id: Option<String>,
    pub is_default: bool,
    pub status: Status,
    pub updated_at: DateTime<Utc>,
    /// The names of the credentials that are sealed for it.
    pub credentials: Vec<String>,
}

impl Stored {
    pub fn destination(&self) -> Destination {
        Destination {
            im_type: self.im_type,
            transport: self.transport,
            destination_id: self.destination_id.clone(),
        }
    }
}

/// Finds a receiver and keeps others from changing it until the commit.
pub(super) async fn lock(tx: &mut TenantTx, id: ReceiverId) -> Result<Stored> {
    let org = tx.org();
    let query = "select r.id, r.name, r.receiver_im, r.im_type, r.transport, r.destination_id, r.is_default, r.status,
            r.updated_at, array(select split_part(c.config_key, '/', 3) from configurations c
                where c.org_id = r.org_id and c.config_type = r.im_type
                    and starts_with(c.config_key, 'receiver/' || r.id || '/')) as credentials
        from im_receivers r where r.org_id = $1 and r.id = $2 for update";
    let found = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("receiver"))
}

pub(super) async fn insert(tx: &mut TenantTx, receiver: &Stored) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into im_receivers (org_id, id, name, receiver_im, im_type, transport, destination_id, is_default,
            status, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)";
    let inserted = sqlx::query(query)
        .bind(org)
        .bind(receiver.id)
        .bind(&receiver.name)
        .bind(&receiver.receiver_im)
        .bind(receiver.im_type)
        .bind(receiver.transport)
        .bind(&receiver.destination_id)
        .bind(receiver.is_default)
        .bind(receiver.status)
        .bind(now)
        .execute(tx.conn())
        .await;
    inserted.map(drop).map_err(|error| refused(error, receiver))
}

pub(super) async fn update(tx: &mut TenantTx, receiver: &Stored) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update im_receivers set name = $3, receiver_im = $4, im_type = $5, transport = $6, destination_id = $7,
            is_default = $8, status = $9, updated_at = $10
        where org_id = $1 and id = $2";
    let updated = sqlx::query(query)
        .bind(org)
        .bind(receiver.id)
        .bind(&receiver.name)
        .bind(&receiver.receiver_im)
        .bind(receiver.im_type)
        .bind(receiver.transport)
        .bind(&receiver.destination_id)
        .bind(receiver.is_default)
        .bind(receiver.status)
        .bind(now)
        .execute(tx.conn())
        .await;
    updated.map(drop).map_err(|error| refused(error, receiver))
}

fn refused(error: sqlx::Error, receiver: &Stored) -> Error {
    match violated(&error) {
        Some("im_receivers_receiver_im_key") => {
            let detail = format!("another receiver is called {}", receiver.receiver_im);
            Error::conflict("receiver_im_taken", detail)
        }
        _ => error.into(),
    }
}

/// Deletes a receiver with its messages and deliveries.
pub(super) async fn delete(tx: &mut TenantTx, id: ReceiverId) -> Result<()> {
    let org = tx.org();
    let query = "delete from im_receivers where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}

/// Notes that the platform took a message; answers whether the receiver was failing until now.
pub(crate) async fn note_success(tx: &mut TenantTx, id: ReceiverId) -> Result<bool> {
    let (org, now) = (tx.org(), tx.now());
    let query = "with before as (
            select consecutive_failures from im_receivers where org_id = $1 and id = $2 for update
        )
        update im_receivers r set last_delivered_at = $3, consecutive_failures = 0 from before
        where r.org_id = $1 and r.id = $2 returning before.consecutive_failures > 0";
    let recovered = sqlx::query_scalar(query).bind(org).bind(id).bind(now).fetch_optional(tx.conn()).await?;
    Ok(recovered.unwrap_or(false))
}

/// Notes that the platform did not take a message; answers whether this is the first failure in a row.
pub(crate) async fn note_failure(tx: &mut TenantTx, id: ReceiverId, error: &str) -> Result<bool> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update im_receivers set last_failed_at = $3, last_error = $4,
            consecutive_failures = consecutive_failures + 1
        where org_id = $1 and id = $2 returning consecutive_failures = 1";
    let first =
        sqlx::query_scalar(query).bind(org).bind(id).bind(now).bind(error).fetch_optional(tx.conn()).await?;
    Ok(first.unwrap_or(false))
}
