//! In whose name a transaction acts.

use kernel::{EventId, NodeId, OrgId, TokenId, UserId};
use serde::Serialize;
use uuid::Uuid;

/// Who acts. Stored with every event, so its JSON shape is a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in person.
    User { id: UserId, name: String },
    /// A program that holds an access token.
    Token {
        id: TokenId,
        name: String,
        /// Whose token it is; none for one of the organization.
        #[serde(skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
    },
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

    /// The person who answers for it, for columns such as `created_by`: also the owner of a token.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Token { user, .. } => *user,
            Self::System { .. } => None,
        }
    }
}

/// Where a request came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// Which part of an organization's tree a transaction reaches. The database itself shows it nothing else of what nodes own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Everywhere,
    /// These nodes and all below them; of what is for the use of those below its owner, also what stands above.
    Nodes(Vec<NodeId>),
}

impl Reach {
    /// Nothing that any node, or the organization as a whole, owns.
    pub const NOWHERE: Self = Self::Nodes(Vec::new());

    /// As the setting `app.nodes` says it. Ids only, so the text is safe.
    pub(crate) fn setting(&self) -> String {
        match self {
            Self::Everywhere => "*".into(),
            Self::Nodes(nodes) => {
                nodes.iter().map(|node| node.uuid().simple().to_string()).collect::<Vec<_>>().join(",")
            }
        }
    }
}

/// One organization, one actor, one chain of cause and effect.
#[derive(Clone, Debug)]
pub struct Scope {
    pub org: OrgId,
    pub reach: Reach,
    /// The node that owns what this work brings in, if any does.
    pub home: Option<NodeId>,
    pub actor: Actor,
    pub origin: Origin,
    /// Ties together all that one request led to.
    pub correlation: Uuid,
    /// The event that this work answers.
    pub causation: Option<EventId>,
}
