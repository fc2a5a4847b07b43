//! Whose turn it is at a receiver.
//!
//! A receiver's jobs are a lane; there is one for each delivery, and the first sends what is most urgent, which may be another's. So each job is
//! a turn, and each delivery has one: none is left over. What was tried in vain a few times lets others go first.

use kernel::Result;
use platform::db::TenantTx;

use super::store::Task;
use crate::DeliveryId;

/// Failures after which a delivery lets others go first.
pub(super) const PATIENT_FAILURES: i32 = 3;

/// What is told in the turn of this delivery's job: the newest state of the message with the most urgent delivery; of those alike the one that
/// waited longest. A delivery that was given up and is tried again is told in its own turn.
pub(super) async fn whose_turn(tx: &mut TenantTx, own: &Task) -> Result<DeliveryId> {
    if own.is_failed {
        return Ok(own.id);
    }
    let org = tx.org();
    let query = "select latest.id from (
            select message_id from deliveries
            where org_id = $1 and receiver_id = $2 and status = 'pending' and failures < $3
            order by urgency, event_id limit 1) urgent
        cross join lateral (
            select d.id from deliveries d
            where d.org_id = $1 and d.message_id = urgent.message_id and d.status = 'pending'
            order by d.event_id desc limit 1) latest";
    let urgent = sqlx::query_scalar(query).bind(org).bind(own.receiver_id).bind(PATIENT_FAILURES);
    if let Some(urgent) = urgent.fetch_optional(tx.conn()).await? {
        return Ok(urgent);
    }
    let query = "select id from deliveries where org_id = $1 and message_id = $2 and status = 'pending'
        order by event_id desc limit 1";
    let latest = sqlx::query_scalar(query).bind(org).bind(own.message_id).fetch_optional(tx.conn()).await?;
    Ok(latest.unwrap_or(own.id))
}

/// The states that wait in the same message, of before this one, are told no more.
pub(super) async fn supersede(tx: &mut TenantTx, id: DeliveryId) -> Result<()> {
    let org = tx.org();
    let query = "update deliveries d set status = 'superseded', error = null from deliveries newer
        where newer.org_id = $1 and newer.id = $2 and d.org_id = $1 and d.message_id = newer.message_id
            and d.status = 'pending' and d.event_id < newer.event_id";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}
