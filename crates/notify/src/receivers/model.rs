//! What a receiver is.

use kernel::Result;
use messengers::SendError;
use platform::db::TenantTx;
use serde::{Deserialize, Serialize};

use crate::{
    Deps, addresses,
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
    /// The address that has to agree before anything is told there.
    pub fn to_confirm(&self) -> Option<&str> {
        self.destination_id.as_deref().filter(|_| self.channel.abilities.confirms)
    }

    pub async fn has_agreed(&self, tx: &mut TenantTx) -> Result<bool> {
        match self.to_confirm() {
            Some(address) => addresses::is_confirmed(tx, address).await,
            None => Ok(true),
        }
    }

    /// # Errors
    /// [`SendError::GiveUp`] when a credential or the destination is missing, or nobody there has agreed.
    pub fn open(
        &self,
        deps: &Deps,
        credentials: &Credentials,
        has_agreed: bool,
    ) -> Result<Box<dyn Channel>, SendError> {
        if !has_agreed {
            return Err(SendError::give_up(
                "the address has not agreed yet: enter the code that was mailed to it",
            ));
        }
        let destination_id = self.destination_id.as_deref();
        (self.channel.open)(&Opening { deps, destination_id, credentials })
    }
}
