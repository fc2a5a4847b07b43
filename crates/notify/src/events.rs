//! What receivers and deliveries tell the rest of the product.

use kernel::NodeId;
use platform::record::{Change, Declared};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    ReceiverId,
    card::{State, Urgency},
    channels::{Credential, ImType, Transport},
    permissions::ReceiversRead,
    receivers::{Hours, Status},
};

/// All of them.
pub const ALL: &[&[Declared]] = &[RECEIVERS, DELIVERIES, UNKNOWN];

platform::events! {
    /// What happens to receivers.
    pub RECEIVERS, about "receiver", for ReceiversRead {
        /// There is a new receiver.
        ReceiverCreated: Change<ReceiverSummary> = "receiver.created.v1",
        /// A receiver was changed.
        ReceiverUpdated: Change<ReceiverSummary> = "receiver.updated.v1",
        /// A receiver is no more.
        ReceiverDeleted: Change<ReceiverSummary> = "receiver.deleted.v1",
        /// A person had a test message sent.
        ReceiverTested: Change<Tested> = "receiver.tested.v1",
        /// An earlier version of a credential is used again.
        ReceiverCredentialRestored: Change<CredentialRestored> = "receiver.credential_restored.v1",
        /// Earlier versions of a credential are no more.
        ReceiverCredentialsForgotten: Change<CredentialsForgotten> = "receiver.credentials_forgotten.v1",
        /// A receiver cannot be told any more.
        ReceiverFailing = "receiver.failing.v1",
        /// A receiver that failed was told something.
        ReceiverRecovered = "receiver.recovered.v1",
        /// A code was mailed to a receiver's address again.
        ReceiverAsked: Change<Asked> = "receiver.asked.v1",
        /// Whoever reads the mail of a receiver's address has agreed.
        ReceiverConfirmed: Change<Confirmed> = "receiver.confirmed.v1",
        /// A receiver said that it wants nothing any more, and was made inactive.
        ReceiverGone = "receiver.gone.v1",
    }
    /// What happens to what is told.
    pub DELIVERIES, about "delivery", for ReceiversRead {
        /// A message could not be delivered, and is not tried again by itself.
        DeliveryFailed = "delivery.failed.v1",
        /// A person has a failed message sent again.
        DeliveryRetried: Change<Retried> = "delivery.retried.v1",
    }
    /// What happens to whatever is told; the event is about that.
    pub UNKNOWN, about "issue", for ReceiversRead {
        /// An issue was opened, and no receiver listens to it.
        IssueUntold = "issue.untold.v1",
        /// Something names a receiver that there is not.
        ReceiverUnknown = "receiver.unknown.v1",
    }
}

/// What the record keeps of a receiver: of credentials only which were replaced.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceiverSummary {
    pub name: String,
    pub receiver_im: String,
    pub im_type: ImType,
    pub transport: Transport,
    #[schema(required = true)]
    pub destination_id: Option<String>,
    pub is_default: bool,
    pub status: Status,
    #[schema(required = true)]
    pub node_id: Option<NodeId>,
    #[serde(default = "low")]
    pub min_severity: Urgency,
    #[serde(default)]
    pub hours: Option<Hours>,
    #[serde(default)]
    pub fallback_id: Option<ReceiverId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials_set: Option<Vec<Credential>>,
}

/// Of before receivers chose what they hear of.
const fn low() -> Urgency {
    Urgency::Low
}

/// What came of a test message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Tested {
    pub ok: bool,
}

/// Which version is used again.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CredentialRestored {
    pub credential: Credential,
    /// Its number until then.
    pub restored: i32,
    /// Its number from then on.
    pub version: i32,
}

/// Which versions are no more.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CredentialsForgotten {
    pub credential: Credential,
    pub versions: Vec<i32>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Asked {}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Confirmed {}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceiverFailing {}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceiverRecovered {}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceiverGone {}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueUntold {
    pub severity: Urgency,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceiverUnknown {
    /// The name that no receiver has.
    pub receiver_im: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeliveryFailed {
    pub receiver_id: ReceiverId,
    /// `issue`.
    pub subject_type: String,
    pub subject_id: Uuid,
    /// What was to be told.
    pub state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Retried {
    pub receiver_id: ReceiverId,
}
