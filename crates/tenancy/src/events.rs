//! What happens to organizations and those who enter them. Every one is also a line of the audit log.

use chrono::{DateTime, Utc};
use kernel::{NodeId, UserId};
use platform::{
    http::SettingsRead,
    record::{Change, Declared, Nothing, Subject},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    invitations::model::Delivery,
    members::MemberStatus,
    nodes::Node,
    organizations::OrganizationStatus,
    permissions::{MembersRead, Role, TokenScope, TokensRead},
    sessions::Method,
    tokens::Owner,
};

/// All of them.
pub const ALL: &[&[Declared]] = &[ORGANIZATIONS, NODES, CONFIGURATIONS, MEMBERS, INVITATIONS, TOKENS];

platform::events! {
    /// What happens to organizations.
    pub ORGANIZATIONS, about "organization", for SettingsRead {
        /// There is a new organization.
        OrganizationCreated: Change<OrganizationMade> = "organization.created.v1",
        /// An organization has another name.
        OrganizationRenamed: Change<Name> = "organization.renamed.v1",
        /// An organization is let in again.
        OrganizationActivated: Change<OrganizationState> = "organization.activated.v1",
        /// Nobody of an organization is let in any more.
        OrganizationSuspended: Change<OrganizationState> = "organization.suspended.v1",
        /// An organization is given up.
        OrganizationDeleted: Change<OrganizationState> = "organization.deleted.v1",
    }
    /// What happens to the tree.
    pub NODES, about "node", for SettingsRead {
        /// There is a new unit or team.
        NodeCreated: Change<Node> = "node.created.v1",
    }
    /// What happens to sealed settings.
    pub CONFIGURATIONS, about "configuration", for SettingsRead {
        /// A value was set; which one it is is not told.
        ConfigurationSet: Change<ConfigurationName> = "configuration.set.v1",
        /// An earlier version of a value is used again.
        ConfigurationRestored: Change<ConfigurationVersion> = "configuration.restored.v1",
        /// Earlier versions of a value are no more.
        ConfigurationsForgotten: Change<ConfigurationVersions> = "configuration.earlier_forgotten.v1",
        /// A value is no more.
        ConfigurationDeleted: Change<ConfigurationName> = "configuration.deleted.v1",
    }
    /// What happens to people in an organization.
    pub MEMBERS, about "member", for MembersRead {
        /// A person became a member.
        MemberAdded: Change<MemberSummary> = "member.added.v1",
        /// A member's role or status changed.
        MemberUpdated: Change<MemberState> = "member.updated.v1",
        /// A person is no member any more.
        MemberRemoved: Change<MemberSummary> = "member.removed.v1",
        /// A member has a role, or permissions, at a node.
        MemberNodeSet: Change<NodeRights> = "member.node_set.v1",
        /// A member has nothing more at a node.
        MemberNodeRemoved: Change<NodeRights> = "member.node_removed.v1",
        /// A member's account has the id that Supabase Auth knows them by.
        MemberBound: Change<Account> = "member.bound.v1",
        /// A member proved their address.
        MemberAddressProved: Change<Account> = "member.address_proved.v1",
        /// A member signed in.
        MemberSignedIn: Change<SignedIn> = "member.signed_in.v1",
        /// A member signed out.
        MemberSignedOut: Change<Nothing> = "member.signed_out.v1",
        /// A member ended their own sessions elsewhere.
        MemberSessionsEnded: Change<Nothing> = "member.sessions_ended.v1",
        /// A member, or the operator, set the member's password.
        MemberPasswordSet: Change<Nothing> = "member.password_set.v1",
    }
    /// What happens to invitations.
    pub INVITATIONS, about "invitation", for MembersRead {
        /// Somebody is invited.
        InvitationCreated: Change<InvitationMade> = "invitation.created.v1",
        /// An invitation has a new link.
        InvitationResent: Change<InvitationSent> = "invitation.resent.v1",
        /// An invitation was taken back.
        InvitationRevoked: Change<InvitationAddress> = "invitation.revoked.v1",
        /// A person accepted.
        InvitationAccepted: Change<Account> = "invitation.accepted.v1",
        /// A person declined.
        InvitationDeclined: Change<Nothing> = "invitation.declined.v1",
    }
    /// What happens to access tokens.
    pub TOKENS, about "token", for TokensRead {
        /// There is a new token; the token itself is not told.
        TokenCreated: Change<TokenMade> = "token.created.v1",
        /// A token opens nothing any more.
        TokenRevoked: Change<Name> = "token.revoked.v1",
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrganizationMade {
    pub slug: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Name {
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrganizationState {
    pub status: OrganizationStatus,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationName {
    pub config_type: String,
    pub config_key: String,
}

/// Which version is used again.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationVersion {
    pub config_type: String,
    pub config_key: String,
    /// Its number until then.
    pub restored: i32,
    /// Its number from then on.
    pub version: i32,
}

/// Which versions are no more.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationVersions {
    pub config_type: String,
    pub config_key: String,
    pub versions: Vec<i32>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MemberSummary {
    pub email: String,
    /// None for somebody who has one at a node only.
    #[schema(required = true)]
    pub role: Option<Role>,
    /// Where the role is, if not in the whole organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_id: Option<NodeId>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MemberState {
    #[schema(required = true)]
    pub role: Option<Role>,
    pub status: MemberStatus,
}

/// What somebody is at a node and below it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NodeRights {
    pub node_id: NodeId,
    #[schema(required = true)]
    pub role: Option<Role>,
    pub permissions: Vec<String>,
}

/// The account that a member has.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Account {
    pub user_id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Account {
    pub const fn of(user_id: UserId) -> Self {
        Self { user_id, email: None }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    pub method: Method,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InvitationMade {
    pub email: String,
    pub role: Role,
    #[schema(required = true)]
    pub node_id: Option<NodeId>,
    pub delivery: Delivery,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InvitationSent {
    pub delivery: Delivery,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InvitationAddress {
    pub email: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TokenMade {
    pub name: String,
    pub role: Role,
    pub scopes: Vec<TokenScope>,
    pub owner: Owner,
    #[schema(required = true)]
    pub node_id: Option<NodeId>,
    #[schema(required = true)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A member, as events name them.
pub(crate) const fn member(user: UserId) -> Subject {
    (user.uuid(), None)
}
