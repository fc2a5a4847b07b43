//! Whose turn it is at a receiver.
//!
//! A receiver's jobs are a lane; there is one for each delivery, and the first sends what is most urgent, which may be another's. So each job is
//! a turn, and each delivery has one: none is left over. What was tried in vain a few times lets others go first.

mod store;

use kernel::Result;
use platform::db::TenantTx;

pub(super) use store::{fallback, supersede};

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
    if let Some(urgent) = store::most_urgent(tx, own.receiver_id).await? {
        return Ok(urgent);
    }
    Ok(store::newest(tx, own.message_id).await?.unwrap_or(own.id))
}
