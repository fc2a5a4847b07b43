//! The statements about who comes first, and instead.

use kernel::Result;
use platform::db::TenantTx;

use super::PATIENT_FAILURES;
use crate::{DeliveryId, MessageId, ReceiverId};

/// The newest state of the message that is most urgent at a receiver.
pub(super) async fn most_urgent(tx: &mut TenantTx, receiver: ReceiverId) -> Result<Option<DeliveryId>> {
    let org = tx.org();
    let query = "select latest.id from (
            select message_id from deliveries
            where org_id = $1 and receiver_id = $2 and status = 'pending' and failures < $3
            order by urgency, event_id limit 1) urgent
        cross join lateral (
            select d.id from deliveries d
            where d.org_id = $1 and d.message_id = urgent.message_id and d.status = 'pending'
            order by d.event_id desc limit 1) latest";
    let urgent = sqlx::query_scalar(query).bind(org).bind(receiver).bind(PATIENT_FAILURES);
    Ok(urgent.fetch_optional(tx.conn()).await?)
}

/// The newest state of a message that waits.
pub(super) async fn newest(tx: &mut TenantTx, message: MessageId) -> Result<Option<DeliveryId>> {
    let org = tx.org();
    let query = "select id from deliveries where org_id = $1 and message_id = $2 and status = 'pending'
        order by event_id desc limit 1";
    Ok(sqlx::query_scalar(query).bind(org).bind(message).fetch_optional(tx.conn()).await?)
}

/// The states that wait in the same message, of before this one, are told no more.
pub(in crate::deliveries) async fn supersede(tx: &mut TenantTx, id: DeliveryId) -> Result<()> {
    let org = tx.org();
    let query = "update deliveries d set status = 'superseded', error = null from deliveries newer
        where newer.org_id = $1 and newer.id = $2 and d.org_id = $1 and d.message_id = newer.message_id
            and d.status = 'pending' and d.event_id < newer.event_id";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}

/// Who is told instead of a receiver.
#[derive(sqlx::FromRow)]
pub(in crate::deliveries) struct Instead {
    pub id: ReceiverId,
    /// The name of the receiver that could not be told.
    pub of: String,
}

/// The active receiver that is to be told what this one could not be.
pub(in crate::deliveries) async fn fallback(
    tx: &mut TenantTx,
    receiver: ReceiverId,
) -> Result<Option<Instead>> {
    let org = tx.org();
    let query = "select f.id, r.name as of from im_receivers r
        join im_receivers f on f.org_id = r.org_id and f.id = r.fallback_id and f.status = 'active'
        where r.org_id = $1 and r.id = $2";
    Ok(sqlx::query_as(query).bind(org).bind(receiver).fetch_optional(tx.conn()).await?)
}
