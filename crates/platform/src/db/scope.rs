//! In whose name a transaction acts.

use kernel::{EventId, OrgId, TokenId, UserId};
use serde::Serialize;
use uuid::Uuid;

/// Who acts. Stored with every event, so its JSON shape is a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in person.
    User { id: UserId, name: String },
    /// A program that holds an access token.
    Token { id: TokenId, name: String },
    /// Steward itself: a job or a periodic task.
    System { name: String },
}

impl Actor {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::Token { .. } => "token",
            Self::System { .. } => "system",
        }
    }

    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::User { id, .. } => Some(id.uuid()),
            Self::Token { id, .. } => Some(id.uuid()),
            Self::System { .. } => None,
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::User { name, .. } | Self::Token { name, .. } | Self::System { name } => name,
        }
    }

    /// The person, for columns such as `created_by`.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            _ => None,
        }
    }
}

/// Where a request came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// One organization, one actor, one chain of cause and effect.
#[derive(Clone, Debug)]
pub struct Scope {
    pub org: OrgId,
    pub actor: Actor,
    pub origin: Origin,
    /// Ties together all that one request led to.
    pub correlation: Uuid,
    /// The event that this work answers.
    pub causation: Option<EventId>,
}
