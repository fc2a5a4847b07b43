//! The job `deliver`: read what to send, close the transaction, send, write down what came of it.
//!
//! The job of a delivery is a turn at its receiver: it sends what is most urgent there ([`super::line`]), comes back for the next, and ends
//! when its own delivery has. The job may run twice. A delivery that is recorded as delivered is not sent again, and the record commits with the
//! end of the job, so that a message can double only where a process dies between the platform's answer and that
//! commit. The job of a failed delivery is a dead letter; replaying it or retrying the delivery sends it again.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{Error, Result};
use messengers::SendError;
use platform::{
    db::TenantTx,
    dead_letters,
    jobs::{Failure, Handled, JobContext, NewJob, Outcome, Registry},
};
use serde::{Deserialize, Serialize};

use super::{
    announce,
    health::{note_failure, note_success},
    line::{self, PATIENT_FAILURES},
    store::{self, Task},
};
use crate::{
    DeliveryId, Deps, ReceiverId,
    card::{Told, Urgency},
    channels::{Outgoing, Sent},
    events::{DeliveryFailed, ReceiverGone},
    receivers::{self, Credentials, Holder, Status},
};

const KIND: &str = "deliver";
/// An hour and a half, as platforms are sometimes away for that long: full jitter up to five minutes.
pub(super) const MAX_ATTEMPTS: i32 = 40;
/// A platform that asks for breaks is waited for this long without counting attempts.
const PATIENCE: TimeDelta = TimeDelta::days(1);
/// The wait after which a record is given up: 26 seconds after the first try.
const LONGEST_PAUSE: Duration = Duration::from_secs(13);
/// A receiver that was granted this many breaks for one delivery is shown as failing.
const SUSPICIOUS_BREAKS: i32 = 5;

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Deliver {
    delivery_id: DeliveryId,
}

impl Deliver {
    /// The lane keeps the states of one receiver in order, and one slow receiver out of the way of others.
    pub fn job(delivery_id: DeliveryId, receiver: ReceiverId, urgency: Urgency) -> Result<NewJob> {
        Ok(NewJob {
            queue: "notify",
            priority: 10 * (i16::from(Urgency::Low.rank()) - i16::from(urgency.rank())),
            lane: Some(format!("receiver/{}", receiver)),
            unique_key: Some(format!("{KIND}/{}", delivery_id)),
            max_attempts: MAX_ATTEMPTS,
            ..NewJob::of(KIND, &Self { delivery_id })?
        })
    }

    /// It is sent again: that it was given up concerns nobody any more.
    pub async fn settle(tx: &mut TenantTx, delivery_id: DeliveryId) -> Result<()> {
        dead_letters::settle_job(tx, KIND, &Self { delivery_id }).await
    }
}

pub(crate) fn jobs(deps: Deps, registry: &mut Registry) {
    registry.add(KIND, move |args: Deliver, context| {
        let deps = deps.clone();
        async move { deliver(&deps, args.delivery_id, &context).await }
    });
    registry.on_cancel(KIND, |args: Deliver, tx| Box::pin(cancel(tx, args.delivery_id)));
}

/// A person cancelled the job: the receiver's log says so, and offers to send it again.
async fn cancel(tx: &mut TenantTx, id: DeliveryId) -> Result<()> {
    let Some(task) = store::load(tx, id).await? else { return Ok(()) };
    if store::record_failed(tx, id, "cancelled by a person").await? {
        emit_failed(tx, &task).await?;
    }
    Ok(())
}

async fn deliver(deps: &Deps, id: DeliveryId, context: &JobContext) -> Handled {
    // A server that stops may not live to record an answer.
    if context.cancelled.is_cancelled() {
        return Ok(Outcome::Snooze(Duration::ZERO));
    }
    let mut tx = context.tx().await?;
    let Some(own) = store::load(&mut tx, id).await? else { return Ok(Outcome::Done) };
    let chosen = line::whose_turn(&mut tx, &own).await?;
    line::supersede(&mut tx, chosen).await?;
    let Some(task) = store::load(&mut tx, chosen).await? else { return Ok(NEXT) };
    let turn = Turn { context, is_own: chosen == id };
    let channel = task.destination.channel;
    let holder = Holder { receiver: task.receiver_id, channel, node: task.node_id };
    let credentials = Credentials::open(&mut tx, &deps.app.keyring, holder).await?;
    let (now, agreed) = (tx.now(), task.destination.has_agreed(&mut tx).await?);
    tx.commit().await?;

    match send(deps, &task, (&credentials, agreed)).await {
        Ok(sent) => delivered(&task, &sent, &turn).await,
        Err(SendError::Retry { after, error }) => {
            let error = credentials.scrub(&error);
            match after {
                Some(pause) if now - task.created_at < PATIENCE => paused(&task, pause, &error, &turn).await,
                _ if task.failures + 1 < MAX_ATTEMPTS => retried(&task, after, error, &turn).await,
                _ => failed(&task, error, &turn).await,
            }
        }
        Err(SendError::GiveUp { error }) => failed(&task, credentials.scrub(&error), &turn).await,
        Err(SendError::Gone { error }) => {
            retire(&task, context).await?;
            failed(&task, credentials.scrub(&error), &turn).await
        }
    }
}

/// The job whose turn it is.
struct Turn<'a> {
    context: &'a JobContext,
    /// Whether what is sent is its own delivery.
    is_own: bool,
}

/// What was sent was another's: this job's own comes next.
const NEXT: Outcome = Outcome::Snooze(Duration::ZERO);

async fn send(
    deps: &Deps,
    task: &Task,
    (credentials, agreed): (&Credentials, bool),
) -> Result<Sent, SendError> {
    if task.receiver_status == Status::Inactive {
        return Err(SendError::give_up("the receiver was made inactive"));
    }
    let channel = task.destination.open(deps, credentials, agreed)?;
    let trail: Vec<Told> = task.cards.iter().map(|known| known.card.told()).collect();
    let outgoing = Outgoing {
        id: task.id,
        subject_type: &task.subject_type,
        subject_id: task.subject_id,
        state: task.card.state,
        // A state that comes late must not overwrite the newest one.
        card: task
            .cards
            .last()
            .filter(|_| task.destination.channel.abilities.edits)
            .map_or(&task.card, |newest| &newest.card),
        trail: &trail,
        posted: task.external_ref.as_ref(),
    };
    channel.send(&outgoing).await
}

/// The message is out, and without a record it would be sent again: a database that is away is waited for.
async fn delivered(task: &Task, sent: &Sent, turn: &Turn<'_>) -> Handled {
    let mut pause = Duration::from_millis(100);
    while let Err(error) = record_delivered(task, sent, turn).await {
        if pause > LONGEST_PAUSE || turn.context.cancelled.is_cancelled() {
            return Err(error.into());
        }
        tracing::warn!(delivery.id = %task.id, %error, "a delivery could not be recorded yet");
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    count(task, "delivered");
    Ok(if turn.is_own { Outcome::Done } else { NEXT })
}

async fn record_delivered(task: &Task, sent: &Sent, turn: &Turn<'_>) -> Result<()> {
    if turn.is_own {
        match turn.context.finish(told(task, sent, turn).await?).await {
            // Another worker has the job now; that the message is out is what it must know.
            Err(Error::Conflict { .. }) => {}
            finished => return finished,
        }
    }
    told(task, sent, turn).await?.commit().await
}

/// A transaction that says so.
async fn told(task: &Task, sent: &Sent, turn: &Turn<'_>) -> Result<TenantTx> {
    let mut tx = turn.context.tx().await?;
    store::record_delivered(&mut tx, task, sent.external_ref.as_ref()).await?;
    note_success(&mut tx, task.receiver_id).await?;
    Ok(tx)
}

/// The platform asked for a break. That costs no attempt, and is no failure of the receiver unless it goes on.
async fn paused(task: &Task, pause: Duration, error: &str, turn: &Turn<'_>) -> Handled {
    let mut tx = turn.context.tx().await?;
    store::record_attempt(&mut tx, task.id, (error, 0)).await?;
    if task.attempts >= SUSPICIOUS_BREAKS {
        note_failure(&mut tx, task.receiver_id, &task.unsaid(error)).await?;
    }
    tx.commit().await?;
    count(task, "paused");
    Ok(Outcome::Snooze(pause))
}

/// Whatever failed here a few times while others arrived gets out of their way: it waits outside the lane, and comes back to its end. Where
/// nothing arrives, the receiver is away, and one of them waits for it in front of the rest.
async fn retried(task: &Task, after: Option<Duration>, error: String, turn: &Turn<'_>) -> Handled {
    let mut tx = turn.context.tx().await?;
    store::record_attempt(&mut tx, task.id, (&error, 1)).await?;
    let error = task.unsaid(&error);
    note_failure(&mut tx, task.receiver_id, &error).await?;
    let pause = after.unwrap_or_else(|| backoff(task.failures + 1));
    let steps_aside = turn.is_own
        && task.failures + 1 >= PATIENT_FAILURES
        && task.consecutive_failures + 1 < 2 * PATIENT_FAILURES;
    if steps_aside {
        let run_at = tx.now() + TimeDelta::from_std(pause).unwrap_or(PATIENCE);
        let job = Deliver::job(task.id, task.receiver_id, task.card.severity)?;
        tx.enqueue(NewJob { run_at: Some(run_at), ..job }).await?;
        turn.context.finish(tx).await?;
        count(task, "retried");
        return Ok(Outcome::Done);
    }
    tx.commit().await?;
    count(task, "retried");
    match turn.is_own {
        true => Err(Failure::Retry { error, after }),
        false => Ok(Outcome::Snooze(pause)),
    }
}

/// Two seconds, and twice as long each time, up to five minutes.
fn backoff(failures: i32) -> Duration {
    Duration::from_secs((1_u64 << failures.clamp(1, 9)).min(300))
}

/// Another's is left for its own turn to be given up in, whose job is then the dead letter.
async fn failed(task: &Task, error: String, turn: &Turn<'_>) -> Handled {
    let mut tx = turn.context.tx().await?;
    if !turn.is_own {
        store::record_attempt(&mut tx, task.id, (&error, MAX_ATTEMPTS)).await?;
        tx.commit().await?;
        return Ok(NEXT);
    }
    if store::record_failed(&mut tx, task.id, &error).await? {
        emit_failed(&mut tx, task).await?;
        announce::instead(&mut tx, task).await?;
    }
    let error = task.unsaid(&error);
    note_failure(&mut tx, task.receiver_id, &error).await?;
    tx.commit().await?;
    count(task, "failed");
    Err(Failure::Dead { error })
}

/// The other side wants nothing any more: that it is told no more is written down, and what still waits for it ends.
async fn retire(task: &Task, context: &JobContext) -> Result<()> {
    let mut tx = context.tx().await?;
    if receivers::store::retire(&mut tx, task.receiver_id).await? {
        tx.emit::<ReceiverGone>((task.receiver_id.uuid(), task.node_id), &ReceiverGone {}).await?;
    }
    tx.commit().await
}

async fn emit_failed(tx: &mut TenantTx, task: &Task) -> Result<()> {
    let payload = DeliveryFailed {
        receiver_id: task.receiver_id,
        subject_type: task.subject_type.clone(),
        subject_id: task.subject_id,
        state: task.card.state,
    };
    tx.emit::<DeliveryFailed>((task.id.uuid(), task.node_id), &payload).await.map(drop)
}

fn count(task: &Task, outcome: &'static str) {
    let im_type = task.destination.channel.im_type;
    metrics::counter!("steward_deliveries_total", "im_type" => im_type, "outcome" => outcome).increment(1);
}
