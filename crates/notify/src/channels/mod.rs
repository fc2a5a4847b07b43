//! The platforms that people read. Each is a folder that can be deleted; all keep one contract: [`Channel`].
//!
//! A channel makes a message of a card, sends it and says what came of it. It neither retries nor waits nor logs
//! nor stores: [`crate::deliveries`] does that around it, for all of them.

mod exchange;
pub(crate) mod lark;
mod slack;
mod text;
use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    DeliveryId, Deps,
    card::{Card, State, Told},
    receivers::{Credentials, Destination, ImType, Transport},
};

/// A way to one place of one platform.
pub(crate) trait Channel: Send + Sync {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>>;
}

/// One thing to be told.
pub(crate) struct Outgoing<'a> {
    /// The same for every attempt: where a platform takes an idempotency key, this is it.
    pub id: DeliveryId,
    pub subject_id: Uuid,
    /// What this delivery is about. The card may show a newer state that has been told already.
    pub state: State,
    pub card: &'a Card,
    /// The states that the message has told, this one among them, oldest first.
    pub trail: &'a [Told],
    /// The message to edit, as [`Sent`] named it when it was posted.
    pub posted: Option<&'a Value>,
}

/// The platform took it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// How the platform names the message; none where it cannot be edited.
    pub external_ref: Option<Value>,
}

/// The platform did not take it. The text is for people and may hold a secret until it is scrubbed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendError {
    /// Trying again may help. `after` is given when the platform itself asked to wait that long.
    #[error("{error}")]
    Retry { after: Option<Duration>, error: String },
    /// Trying again cannot help: somebody must change the receiver.
    #[error("{error}")]
    GiveUp { error: String },
}

impl SendError {
    pub fn retry(error: impl Into<String>) -> Self {
        Self::Retry { after: None, error: error.into() }
    }

    pub fn give_up(error: impl Into<String>) -> Self {
        Self::GiveUp { error: error.into() }
    }
}

/// How much of a card a message shows.
#[derive(Clone, Copy)]
enum Shape<'a> {
    /// One message that is edited: all that is known, and how it came about.
    Living(&'a [Told]),
    /// A message about one state among others: what is new with it.
    Note,
}

impl Shape<'_> {
    /// Whether the cause and what to do belong into the message.
    fn explains(self, card: &Card) -> bool {
        matches!(self, Self::Living(_)) || card.state == State::Concluded
    }
}

/// The channel of a receiver.
///
/// # Errors
/// [`SendError::GiveUp`] when a credential or the destination is missing.
pub(crate) fn open(
    deps: &Deps,
    destination: &Destination,
    credentials: &Credentials,
) -> Result<Box<dyn Channel>, SendError> {
    Ok(match (destination.im_type, destination.transport) {
        (ImType::Slack, Transport::Bot) => Box::new(slack::Bot::open(deps, destination, credentials)?),
        (ImType::Slack, Transport::Webhook) => Box::new(slack::Webhook::open(deps, credentials)?),
        (ImType::Lark, Transport::Bot) => Box::new(lark::AppBot::open(deps, destination, credentials)?),
        (ImType::Lark, Transport::Webhook) => Box::new(lark::Webhook::open(deps, credentials)?),
    })
}
