//! The places where people read, one folder each. A channel is two things: a [`Descriptor`], which says all that others
//! must know of it (how it is addressed, which settings its form has, what it can do), and an implementation of
//! [`Channel`]. Checks of the API, the console's form, credentials and limits are served by the descriptor; nothing else
//! names a channel. `docs/adding-a-channel.md` lists the steps.
//!
//! A channel makes a message of a card, sends it and says what came of it. It neither retries nor waits nor logs
//! nor stores: [`crate::deliveries`] does that around it, for all of them. Talking to the platform is the business of
//! [`messengers`], what a card looks like there is [`crate::rendering`]'s.

mod descriptor;
mod email;
mod field;
mod lark_bot;
mod lark_webhook;
pub(crate) mod routes;
mod signed_webhook;
mod slack_bot;
mod slack_webhook;
#[cfg(test)]
mod tests;
mod words;

use futures::future::BoxFuture;
use messengers::SendError;
use serde_json::Value;
use uuid::Uuid;

pub use descriptor::{Abilities, Descriptor, Limits};
pub use field::{Field, Format};
pub(crate) use words::distinct;
pub use words::{Credential, ImType, Transport};

use crate::{
    DeliveryId, Deps,
    card::{Card, State, Told},
    receivers::Credentials,
};

/// All of them, in the order in which a form offers them. One that is not here does not exist.
pub const CHANNELS: &[&Descriptor] = &[
    &slack_bot::CHANNEL,
    &slack_webhook::CHANNEL,
    &lark_bot::CHANNEL,
    &lark_webhook::CHANNEL,
    &email::CHANNEL,
    &signed_webhook::CHANNEL,
    #[cfg(test)]
    &tests::pager::CHANNEL,
];

/// A way to one place of one platform.
pub(crate) trait Channel: Send + Sync {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>>;
}

/// What a channel is opened with.
pub(crate) struct Opening<'a> {
    pub deps: &'a Deps,
    pub destination_id: Option<&'a str>,
    pub credentials: &'a Credentials,
}

impl Opening<'_> {
    /// # Errors
    /// [`SendError::GiveUp`] when there is none.
    pub fn destination(&self) -> Result<String, SendError> {
        let id = self.destination_id.map(str::to_owned);
        id.ok_or_else(|| SendError::give_up("the receiver has no destination_id"))
    }
}

/// Why a process without a mail server sends no mail.
pub(crate) const NO_MAIL: &str = "waits for a process that is set up to send mail (`--smtp-url`)";

/// What a test message is about: its receiver.
pub(crate) const TEST: &str = "receiver";

/// One thing to be told.
pub(crate) struct Outgoing<'a> {
    /// The same for every attempt: where a platform takes an idempotency key, this is it.
    pub id: DeliveryId,
    /// What it is about: `issue`, or [`TEST`].
    pub subject_type: &'a str,
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
