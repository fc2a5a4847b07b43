//! An invitation, its states and its link.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, NodeId, OrgId, Result, Secret, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    InvitationId,
    links::{self, Link, Purpose},
    permissions::Role,
};

/// How long an invitation may be accepted after its link was made.
pub(crate) const VALID: TimeDelta = TimeDelta::days(7);

/// How the link reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = InvitationDelivery)]
pub enum Delivery {
    /// To the address alone, which it proves.
    Mail,
    /// By the inviter's own hands; it proves no address.
    Link,
}

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    Pending,
    Expired,
    Accepted,
    Declined,
    Revoked,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Invitation {
    pub org_id: OrgId,
    pub id: InvitationId,
    pub email: String,
    /// In the organization, or at the node.
    pub role: Role,
    pub node_id: Option<NodeId>,
    pub inviter: Option<UserId>,
    pub delivery: Delivery,
    pub generation: i32,
    pub expires_at: DateTime<Utc>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub declined_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Invitation {
    /// When its present link was made.
    pub(crate) fn issued_at(&self) -> DateTime<Utc> {
        self.expires_at - VALID
    }

    pub(crate) fn state(&self, now: DateTime<Utc>) -> InvitationState {
        let Self { accepted_at, declined_at, revoked_at, expires_at, .. } = self;
        match (accepted_at, declined_at, revoked_at) {
            (Some(_), _, _) => InvitationState::Accepted,
            (_, Some(_), _) => InvitationState::Declined,
            (_, _, Some(_)) => InvitationState::Revoked,
            _ if *expires_at <= now => InvitationState::Expired,
            _ => InvitationState::Pending,
        }
    }

    /// Whether it may be accepted or declined now.
    ///
    /// # Errors
    /// `invitation_ended`, which says how.
    pub(crate) fn check_pending(&self, now: DateTime<Utc>) -> Result<()> {
        let ended = |how: &str| Err(Error::conflict("invitation_ended", format!("this invitation {how}")));
        match self.state(now) {
            InvitationState::Pending => Ok(()),
            InvitationState::Expired => ended("has expired; ask for another"),
            InvitationState::Accepted => ended("was accepted already; sign in"),
            InvitationState::Declined => ended("was declined; ask for another"),
            InvitationState::Revoked => ended("was taken back; ask for another"),
        }
    }

    /// Whether it may be sent again or revoked now.
    ///
    /// # Errors
    /// `invitation_ended`
    pub(crate) fn check_open(&self, now: DateTime<Utc>) -> Result<()> {
        match self.state(now) {
            InvitationState::Expired => Ok(()),
            _ => self.check_pending(now),
        }
    }

    /// The text of the link in force.
    pub(crate) fn link(&self, pepper: &[u8]) -> Result<Secret<String>> {
        links::seal(pepper, Purpose::Invitation, &self.name(), &self.link_state())
    }

    /// # Errors
    /// `invalid_link`
    pub(crate) fn check_link(&self, pepper: &[u8], link: &InvitationLink) -> Result<()> {
        link.0.check(pepper, Purpose::Invitation, &self.link_state())
    }

    fn name(&self) -> [u8; 32] {
        let mut name = [0; 32];
        name[..16].copy_from_slice(self.org_id.uuid().as_bytes());
        name[16..].copy_from_slice(self.id.uuid().as_bytes());
        name
    }

    /// A link that proves the address is never one that was shown: another delivery is another link.
    fn link_state(&self) -> Vec<u8> {
        let delivery: &[u8] = match self.delivery {
            Delivery::Mail => b"mail",
            Delivery::Link => b"link",
        };
        [delivery, &self.generation.to_be_bytes()].concat()
    }
}

/// What somebody brings who says that they were invited.
pub(crate) struct InvitationLink(Link<32>);

impl InvitationLink {
    /// # Errors
    /// `invalid_link`
    pub(crate) fn parse(text: &Secret<String>) -> Result<Self> {
        Link::parse(text).map(Self)
    }

    pub(crate) fn place(&self) -> (OrgId, InvitationId) {
        let half = |from: usize| {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&self.0.name[from..from + 16]);
            Uuid::from_bytes(bytes)
        };
        (OrgId(half(0)), InvitationId(half(16)))
    }
}
