//! Creating, changing, deleting and testing receivers.

use kernel::{Result, Secret};
use platform::{
    db::TenantTx,
    http::{Caller, IfMatch, Permission},
    record::{Change, EventKind},
};
use serde::Serialize;

use super::{
    Credentials, ReceiverInput, Status, input,
    store::{self, Stored},
};
use crate::{
    Deps, ReceiverId, addresses,
    card::{Card, State, Urgency},
    channels::{Descriptor, Outgoing, TEST},
    deliveries,
    events::{
        Asked, Confirmed, ReceiverAsked, ReceiverConfirmed, ReceiverCreated, ReceiverDeleted,
        ReceiverSummary, ReceiverTested, ReceiverUpdated, Tested,
    },
    permissions::ReceiversWrite,
};

pub(super) async fn create(
    tx: &mut TenantTx,
    (deps, caller): (&Deps, &Caller),
    input: &ReceiverInput,
) -> Result<ReceiverId> {
    let channel = input.check(|_| Vec::new(), &deps.app.outbound)?;
    let node_id = caller.owner(tx, ReceiversWrite::NAME, input.node_id).await?;
    let receiver = Stored {
        id: ReceiverId::new(tx.now()),
        name: input.name.trim().to_owned(),
        receiver_im: input.receiver_im.clone(),
        channel,
        destination_id: input.destination_at(channel),
        is_default: input.is_default.unwrap_or(false),
        status: input.status.unwrap_or(Status::Active),
        node_id,
        min_severity: input.min_severity.unwrap_or(Urgency::Low),
        hours: input.hours.clone().flatten(),
        fallback_id: input.fallback_id.flatten(),
        updated_at: tx.now(),
        credentials: Vec::new(),
    };
    check_hours(tx, &receiver).await?;
    store::insert(tx, &receiver).await?;
    ask(tx, &receiver).await?;
    seal(tx, deps, &receiver, input).await?;
    record::<ReceiverCreated>(tx, &receiver, Change::to(summary(&receiver, Some(input)))).await?;
    Ok(receiver.id)
}

/// Replaces what can be read of a receiver, and those of its credentials that are given; `changed_meanwhile` when it is
/// not what the client knows.
pub(super) async fn update(
    tx: &mut TenantTx,
    (deps, caller): (&Deps, &Caller),
    id: ReceiverId,
    (known, input): (&IfMatch, &ReceiverInput),
) -> Result<()> {
    let before = store::lock(tx, id).await?;
    known.check(before.updated_at)?;
    let channel = input.check(|channel| kept_credentials(&before, channel), &deps.app.outbound)?;
    let kept = kept_credentials(&before, channel);
    let node_id = match input.node_id {
        None => before.node_id,
        asked => caller.owner(tx, ReceiversWrite::NAME, asked).await?,
    };
    let receiver = Stored {
        id,
        name: input.name.trim().to_owned(),
        receiver_im: input.receiver_im.clone(),
        channel,
        destination_id: input.destination_at(channel),
        is_default: input.is_default.unwrap_or(before.is_default),
        status: input.status.unwrap_or(before.status),
        node_id,
        min_severity: input.min_severity.unwrap_or(before.min_severity),
        hours: input.hours.clone().unwrap_or_else(|| before.hours.clone()),
        fallback_id: input.fallback_id.unwrap_or(before.fallback_id),
        updated_at: tx.now(),
        credentials: Vec::new(),
    };
    check_hours(tx, &receiver).await?;
    store::update(tx, &receiver).await?;
    ask(tx, &receiver).await?;
    for credential in before.credentials.iter().filter(|stored| !kept.contains(&stored.as_str())) {
        before.holder().delete(tx, credential).await?;
    }
    if node_id != before.node_id {
        before.holder().move_to(tx, &deps.app.keyring, node_id, &kept).await?;
    }
    seal(tx, deps, &receiver, input).await?;
    let change = Change::between(summary(&before, None), summary(&receiver, Some(input)));
    record::<ReceiverUpdated>(tx, &receiver, change).await
}

/// # Errors
/// `invalid_receiver`
async fn check_hours(tx: &mut TenantTx, receiver: &Stored) -> Result<()> {
    let Some(hours) = &receiver.hours else { return Ok(()) };
    hours.check(tx).await?.map_or(Ok(()), |(pointer, detail)| Err(input::wrong(pointer, detail)))
}

/// Has whoever is at the destination asked, where that is needed.
async fn ask(tx: &mut TenantTx, receiver: &Stored) -> Result<()> {
    match receiver.destination().to_confirm() {
        Some(address) => addresses::ask(tx, address).await,
        None => Ok(()),
    }
}

/// Mails another code to the destination.
///
/// # Errors
/// `confirmation_sent_too_often`
pub(super) async fn ask_again(tx: &mut TenantTx, id: ReceiverId) -> Result<()> {
    let receiver = store::lock(tx, id).await?;
    if let Some(address) = receiver.destination().to_confirm() {
        addresses::ask_again(tx, address).await?;
    }
    let asked = Change::to(Asked {});
    tx.record::<ReceiverAsked, _>((id.uuid(), receiver.node_id), asked).await.map(drop)
}

/// Somebody gives the code that was mailed. Whether it fits; commit either way, as guesses count.
pub(super) async fn confirm(tx: &mut TenantTx, deps: &Deps, (id, code): (ReceiverId, &str)) -> Result<bool> {
    let receiver = store::lock(tx, id).await?;
    if let Some(address) = receiver.destination().to_confirm()
        && !addresses::confirm(tx, deps, (address, code)).await?
    {
        return Ok(false);
    }
    let confirmed = Change::to(Confirmed {});
    tx.record::<ReceiverConfirmed, _>((id.uuid(), receiver.node_id), confirmed).await?;
    Ok(true)
}

/// The stored credentials that still fit the receiver as it will be.
fn kept_credentials(before: &Stored, channel: &'static Descriptor) -> Vec<&'static str> {
    // An address of Slack is none of Lark's, although both are called webhook_url.
    if before.channel.im_type != channel.im_type {
        return Vec::new();
    }
    let known = channel.credentials().map(|setting| setting.name);
    known.filter(|known| before.credentials.iter().any(|stored| stored == known)).collect()
}

pub(super) async fn delete(tx: &mut TenantTx, id: ReceiverId) -> Result<()> {
    let before = store::lock(tx, id).await?;
    for credential in &before.credentials {
        before.holder().delete(tx, credential).await?;
    }
    store::delete(tx, id).await?;
    record::<ReceiverDeleted>(tx, &before, Change::from(summary(&before, None))).await
}

/// What came of a test message.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TestResult {
    pub ok: bool,
    /// What the platform said.
    pub error: Option<String>,
}

/// Sends a message through a receiver now, whatever its status, and notes the outcome as its health.
pub(super) async fn test(deps: &Deps, caller: &Caller, id: ReceiverId) -> Result<TestResult> {
    let mut tx = caller.tx(&deps.app.db).await?;
    let receiver = store::lock(&mut tx, id).await?;
    let credentials = Credentials::open(&mut tx, &deps.app.keyring, receiver.holder()).await?;
    let (now, agreed) = (tx.now(), receiver.destination().has_agreed(&mut tx).await?);
    tx.commit().await?;

    let card = Card {
        title: format!("Test message to {}", receiver.name),
        severity: Urgency::Low,
        state: State::Resolved,
        summary: None,
        cause: None,
        is_real_issue: None,
        alert_count: 0,
        link: deps.link("receivers"),
        actions: Vec::new(),
        at: now,
        note: None,
    };
    let outgoing = Outgoing {
        id: crate::DeliveryId::new(now),
        subject_type: TEST,
        subject_id: id.uuid(),
        state: card.state,
        card: &card,
        trail: &[card.told()],
        posted: None,
    };
    let sent = match receiver.destination().open(deps, &credentials, agreed) {
        Ok(channel) => channel.send(&outgoing).await,
        Err(error) => Err(error),
    };
    let error = sent.err().map(|error| credentials.scrub(&error.to_string()));

    let mut tx = caller.tx(&deps.app.db).await?;
    match &error {
        None => deliveries::note_success(&mut tx, id).await?,
        Some(error) => deliveries::note_failure(&mut tx, id, error).await?,
    }
    let outcome = Tested { ok: error.is_none() };
    tx.record::<ReceiverTested, _>((id.uuid(), receiver.node_id), Change::to(outcome)).await?;
    tx.commit().await?;
    Ok(TestResult { ok: error.is_none(), error })
}

/// The credentials of the receiver's channel that are given.
fn given<'a>(
    receiver: &Stored,
    input: &'a ReceiverInput,
) -> impl Iterator<Item = (&'static str, &'a Secret<String>)> {
    let names = receiver.channel.credentials().map(|setting| setting.name);
    names.filter_map(|name| Some((name, input.given().find(|(given, _)| *given == name)?.1)))
}

async fn seal(tx: &mut TenantTx, deps: &Deps, receiver: &Stored, input: &ReceiverInput) -> Result<()> {
    for (credential, value) in given(receiver, input) {
        receiver.holder().put(tx, &deps.app.keyring, credential, value).await?;
    }
    Ok(())
}

fn summary(receiver: &Stored, input: Option<&ReceiverInput>) -> ReceiverSummary {
    ReceiverSummary {
        name: receiver.name.clone(),
        receiver_im: receiver.receiver_im.clone(),
        im_type: receiver.channel.im_type.into(),
        transport: receiver.channel.transport.into(),
        destination_id: receiver.destination_id.clone(),
        is_default: receiver.is_default,
        status: receiver.status,
        node_id: receiver.node_id,
        min_severity: receiver.min_severity,
        hours: receiver.hours.clone(),
        fallback_id: receiver.fallback_id,
        credentials_set: input.map(|input| given(receiver, input).map(|(name, _)| name.into()).collect()),
    }
}

async fn record<E: EventKind<Payload = Change<ReceiverSummary>>>(
    tx: &mut TenantTx,
    receiver: &Stored,
    change: Change<ReceiverSummary>,
) -> Result<()> {
    tx.record::<E, _>((receiver.id.uuid(), receiver.node_id), change).await.map(drop)
}
