//! What a receiver is.

use messengers::SendError;
use serde::{Deserialize, Serialize};

use crate::{
    Deps,
    channels::{Channel, Descriptor, Opening},
    receivers::Credentials,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ReceiverStatus)]
pub enum Status {
    Active,
    /// Told nothing, and found by no name.
    Inactive,
}

/// What the last deliveries say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Health)]
pub enum ReceiverHealth {
    /// Nothing has been sent yet.
    Unknown,
    Ok,
    /// The last attempt failed.
    Failing,
}

/// Where on which platform.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Destination {
    #[sqlx(flatten)]
    pub channel: &'static Descriptor,
    /// A Slack channel or a Lark chat; a webhook has its own.
    pub destination_id: Option<String>,
}

impl Destination {
    /// # Errors
    /// [`SendError::GiveUp`] when a credential or the destination is missing.
    pub fn open(&self, deps: &Deps, credentials: &Credentials) -> Result<Box<dyn Channel>, SendError> {
        let destination_id = self.destination_id.as_deref();
        (self.channel.open)(&Opening { deps, destination_id, credentials })
    }
}
