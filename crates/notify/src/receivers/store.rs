//! The statements of receivers.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Result};
use platform::db::{TenantTx, not_changeable, violated};
use sqlx::types::Json;

use super::{Destination, Holder, Hours, Status};
use crate::{ReceiverId, card::Urgency, channels::Descriptor};

/// What is stored of a receiver, without its health.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    pub id: ReceiverId,
    pub name: String,
    pub receiver_im: String,
    #[sqlx(flatten)]
    pub channel: &'static Descriptor,
    pub destination_id: Option<String>,
    pub is_default: bool,
    pub status: Status,
    pub node_id: Option<NodeId>,
    pub min_severity: Urgency,
    #[sqlx(json(nullable))]
    pub hours: Option<Hours>,
    pub fallback_id: Option<ReceiverId>,
    pub updated_at: DateTime<Utc>,
    /// The names of the credentials that are sealed for it.
    pub credentials: Vec<String>,
}

impl Stored {
    pub const fn holder(&self) -> Holder {
        Holder { receiver: self.id, channel: self.channel, node: self.node_id }
    }

    pub fn destination(&self) -> Destination {
        Destination { channel: self.channel, destination_id: self.destination_id.clone() }
    }
}

/// Finds a receiver and keeps others from changing it until the commit.
pub(super) async fn lock(tx: &mut TenantTx, id: ReceiverId) -> Result<Stored> {
    let org = tx.org();
    let query = "select r.id, r.name, r.receiver_im, r.im_type, r.transport, r.destination_id, r.is_default, r.status,
            r.node_id, r.min_severity, r.hours, r.fallback_id, r.updated_at, array(select split_part(c.config_key, '/', 3) from sealed_names c
                where c.org_id = r.org_id and c.config_type = r.im_type
                    and starts_with(c.config_key, 'receiver/' || r.id || '/')) as credentials
        from im_receivers r where r.org_id = $1 and r.id = $2 for update";
    let found: Option<Stored> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    match found {
        Some(receiver) => Ok(receiver),
        None => Err(not_changeable("receiver", exists(tx, id).await?)),
    }
}

/// Whether the transaction may read this receiver.
pub(crate) async fn exists(tx: &mut TenantTx, id: ReceiverId) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from im_receivers where org_id = $1 and id = $2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?)
}

pub(super) async fn insert(tx: &mut TenantTx, receiver: &Stored) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into im_receivers (org_id, id, name, receiver_im, im_type, transport, destination_id, is_default,
            status, node_id, min_severity, hours, fallback_id, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $13, $14, $11, $11)";
    let inserted = sqlx::query(query)
        .bind(org)
        .bind(receiver.id)
        .bind(&receiver.name)
        .bind(&receiver.receiver_im)
        .bind(receiver.channel.im_type)
        .bind(receiver.channel.transport)
        .bind(&receiver.destination_id)
        .bind(receiver.is_default)
        .bind(receiver.status)
        .bind(receiver.node_id)
        .bind(now)
        .bind(receiver.min_severity)
        .bind(receiver.hours.as_ref().map(Json))
        .bind(receiver.fallback_id)
        .execute(tx.conn())
        .await;
    inserted.map(drop).map_err(|error| refused(error, receiver))
}

pub(super) async fn update(tx: &mut TenantTx, receiver: &Stored) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update im_receivers set name = $3, receiver_im = $4, im_type = $5, transport = $6, destination_id = $7,
            is_default = $8, status = $9, node_id = $10, updated_at = $11, min_severity = $12, hours = $13, fallback_id = $14
        where org_id = $1 and id = $2";
    let updated = sqlx::query(query)
        .bind(org)
        .bind(receiver.id)
        .bind(&receiver.name)
        .bind(&receiver.receiver_im)
        .bind(receiver.channel.im_type)
        .bind(receiver.channel.transport)
        .bind(&receiver.destination_id)
        .bind(receiver.is_default)
        .bind(receiver.status)
        .bind(receiver.node_id)
        .bind(now)
        .bind(receiver.min_severity)
        .bind(receiver.hours.as_ref().map(Json))
        .bind(receiver.fallback_id)
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
        Some("im_receivers_fallback_fkey" | "im_receivers_fallback_check") => {
            super::input::wrong("fallback_id", "must be another receiver of the organization")
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

/// Makes a receiver inactive; answers whether it was active until now.
pub(crate) async fn retire(tx: &mut TenantTx, id: ReceiverId) -> Result<bool> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update im_receivers set status = 'inactive', updated_at = $3
        where org_id = $1 and id = $2 and status = 'active'";
    Ok(sqlx::query(query).bind(org).bind(id).bind(now).execute(tx.conn()).await?.rows_affected() > 0)
}

/// A receiver whose health changed.
#[derive(sqlx::FromRow)]
pub(crate) struct Changed {
    pub node_id: Option<NodeId>,
}

/// Notes that the platform took a message; answers the receiver if it was failing until now.
pub(crate) async fn note_success(tx: &mut TenantTx, id: ReceiverId) -> Result<Option<Changed>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "with before as (
            select consecutive_failures from im_receivers where org_id = $1 and id = $2 for update
        ), noted as (
            update im_receivers r set last_delivered_at = $3, consecutive_failures = 0 from before
            where r.org_id = $1 and r.id = $2 returning r.node_id, before.consecutive_failures > 0 as recovered
        )
        select node_id from noted where recovered";
    Ok(sqlx::query_as(query).bind(org).bind(id).bind(now).fetch_optional(tx.conn()).await?)
}

/// Notes that the platform did not take a message; answers the receiver if this is the first failure in a row.
pub(crate) async fn note_failure(tx: &mut TenantTx, id: ReceiverId, error: &str) -> Result<Option<Changed>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "with noted as (
            update im_receivers set last_failed_at = $3, last_error = $4, consecutive_failures = consecutive_failures + 1
            where org_id = $1 and id = $2 returning node_id, consecutive_failures = 1 as first
        )
        select node_id from noted where first";
    Ok(sqlx::query_as(query).bind(org).bind(id).bind(now).bind(error).fetch_optional(tx.conn()).await?)
}

/// Whether the database has a time zone of this name.
pub(super) async fn knows_time_zone(tx: &mut TenantTx, name: &str) -> Result<bool> {
    let query = "select exists (select from pg_timezone_names where name = $1)";
    Ok(sqlx::query_scalar(query).bind(name).fetch_one(tx.conn()).await?)
}
