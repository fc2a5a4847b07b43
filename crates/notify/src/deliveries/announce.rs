//! From an event to deliveries: who is told.

use kernel::{Error, EventId, NodeId, Result};
use platform::{
    db::TenantTx,
    record::{Change, NewEvent},
};
use uuid::Uuid;

use super::{
    deliver::Deliver,
    line,
    store::{self, Reopened, Task},
};
use crate::{
    ReceiverId,
    card::{Card, State},
    events::{DeliveryRetried, IssueUntold, ReceiverUnknown, Retried},
};

/// Something that receivers are to be told.
pub struct Announcement {
    /// What it is about: `issue`.
    pub subject_type: &'static str,
    pub subject_id: Uuid,
    /// The node that owns it, if one does: only receivers for its use are told.
    pub node_id: Option<NodeId>,
    /// The names that the subject brought; the default receivers when there are none or none is active.
    pub receivers: Vec<String>,
    /// The event that made it news. Announcing it again tells nobody again; a message shows its newest event.
    pub event_id: EventId,
    pub card: Card,
}

/// Who will be told.
#[derive(Debug, PartialEq, Eq)]
pub struct Announced {
    /// The receivers for which this announcement made a delivery.
    pub told: Vec<ReceiverId>,
    /// The names that no receiver has.
    pub unknown: Vec<String>,
}

/// Makes a delivery and its job for every receiver concerned: those among the named that are active and listen, else the default ones that do;
/// and those that already show a message about the subject, so that no message is left at an old state.
///
/// Nothing is sent before the transaction commits. A name that no receiver has is recorded as the event
/// `receiver.unknown.v1`.
pub async fn announce(tx: &mut TenantTx, news: Announcement) -> Result<Announced> {
    let recipients = store::recipients(tx, &news).await?;
    let messages = store::open_messages(tx, &recipients, (news.subject_type, news.subject_id)).await?;
    let new = store::insert_deliveries(tx, &messages, (news.event_id, &news.card), None).await?;
    let urgency = news.card.severity;
    let jobs = new.iter().map(|new| Deliver::job(new.delivery_id, new.receiver_id, urgency));
    tx.enqueue_all(jobs.collect::<Result<_>>()?).await?;
    if recipients.is_empty() {
        note_untold(tx, &news).await?;
    }
    let unknown = store::unknown(tx, &news.receivers, news.node_id).await?;
    let told = unknown.iter().map(|name| {
        let payload = ReceiverUnknown { receiver_im: name.clone() };
        let event = NewEvent::new::<ReceiverUnknown>((news.subject_id, news.node_id), &payload)?;
        Ok(event.about(news.subject_type))
    });
    tx.emit_all(told.collect::<Result<_>>()?).await?;
    Ok(Announced { told: new.into_iter().map(|recipient| recipient.receiver_id).collect(), unknown })
}

/// Nobody listens. That is said once for each subject; what becomes of it is counted.
async fn note_untold(tx: &mut TenantTx, news: &Announcement) -> Result<()> {
    metrics::counter!("steward_untold_total").increment(1);
    if news.card.state != State::Opened {
        return Ok(());
    }
    let payload = IssueUntold { severity: news.card.severity };
    let event = NewEvent::new::<IssueUntold>((news.subject_id, news.node_id), &payload)?;
    tx.emit_all(vec![event.about(news.subject_type)]).await.map(drop)
}

/// Tells the receiver that is to be told what this one could not be, if there is one. It never comes back to one that has the state already.
pub(super) async fn instead(tx: &mut TenantTx, task: &Task) -> Result<()> {
    let Some(instead) = line::fallback(tx, task.receiver_id).await? else { return Ok(()) };
    let note = format!("{} could not be told of this, so it is told here.", instead.of);
    let card = Card { note: Some(note), ..task.card.clone() };
    let subject = (task.subject_type.as_str(), task.subject_id);
    let messages = store::open_messages(tx, &[instead.id], subject).await?;
    let (what, of) = ((task.event_id, &card), Some(task.receiver_id));
    for new in store::insert_deliveries(tx, &messages, what, of).await? {
        tx.enqueue(Deliver::job(new.delivery_id, new.receiver_id, card.severity)?).await?;
    }
    Ok(())
}

/// The newest event about a subject that any receiver was or will be told.
pub async fn told_until(tx: &mut TenantTx, subject: Uuid) -> Result<Option<EventId>> {
    store::newest_event(tx, subject).await
}

/// Sends a failed delivery again.
///
/// # Errors
/// `delivery_not_failed` when it is on its way or was delivered.
pub(super) async fn retry(tx: &mut TenantTx, id: crate::DeliveryId) -> Result<()> {
    let Some(Reopened { receiver_id, node_id, card }) = store::reopen(tx, id).await? else {
        store::exists(tx, id).await?;
        return Err(Error::conflict("delivery_not_failed", "only a failed delivery can be sent again"));
    };
    Deliver::settle(tx, id).await?;
    tx.enqueue(Deliver::job(id, receiver_id, card.severity)?).await?;
    let change = Change::to(Retried { receiver_id });
    tx.record::<DeliveryRetried, _>((id.uuid(), node_id), change).await.map(drop)
}
