//! Who may do what: which roles hold the permissions that domains declare.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use kernel::{Error, Result};
use platform::http::{Grantable, Holders};
use serde::{Deserialize, Serialize};

use self::Role::{Admin, Agent, Api, Engineer, Member, Supervisor, Viewer};

platform::permissions! {
    pub PERMISSIONS {
        /// See who is a member, where, and the organization's tree.
        MembersRead = "members:read", for People;
        /// Invite and remove people, and say what they may do.
        MembersWrite = "members:write", for Admins;
        /// See access tokens; never their secrets.
        TokensRead = "tokens:read", for Leads;
        /// Make and revoke access tokens.
        TokensWrite = "tokens:write", for Admins;
    }
}

/// What a person or a token is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    Admin,
    Supervisor,
    Engineer,
    Agent,
    Member,
    Viewer,
    /// For programs that hold a token.
    Api,
}

/// Every role.
pub const ROLES: &[Role] = &[Admin, Supervisor, Engineer, Agent, Member, Viewer, Api];

/// What somebody may do, as [`platform::http::Caller`] holds it.
pub type Permissions = Arc<BTreeSet<&'static str>>;

/// The permissions of all domains, and which role holds them.
#[derive(Clone, Default)]
pub struct Access(Arc<BTreeMap<&'static str, Holders>>);

impl Access {
    pub fn of<'a>(permissions: impl IntoIterator<Item = &'a Grantable>) -> Self {
        Self(Arc::new(permissions.into_iter().map(|grantable| (grantable.name, grantable.holders)).collect()))
    }

    /// The permission of this name, if there is one.
    pub(crate) fn known(&self, name: &str) -> Option<&'static str> {
        self.0.get_key_value(name).map(|(known, _)| *known)
    }

    /// Everything that a role may do.
    pub fn of_role(&self, role: Role) -> Permissions {
        self.held(|holders| role.is_among(holders))
    }

    /// What a token may do: its role's permissions, cut down to its scopes.
    pub fn of_token(&self, role: Role, scopes: &[TokenScope]) -> Permissions {
        if scopes.contains(&TokenScope::Api) {
            return self.of_role(role);
        }
        let ingest = scopes.contains(&TokenScope::Ingest);
        self.held(|holders| ingest && holders == Holders::Senders && role.is_among(holders))
    }

    /// Whether giving a permission gives power over others: sending in what happens does not.
    pub(crate) fn is_power(&self, name: &str) -> bool {
        self.0.get(name) != Some(&Holders::Senders)
    }

    fn held(&self, holds: impl Fn(Holders) -> bool) -> Permissions {
        let held = self.0.iter().filter(|(_, holders)| holds(**holders));
        Arc::new(held.map(|(name, _)| *name).collect())
    }
}

impl Role {
    /// Who is meant by the holders of a permission.
    pub const fn is_among(self, holders: Holders) -> bool {
        match holders {
            Holders::Everyone => true,
            Holders::People => !matches!(self, Api),
            Holders::Workers => matches!(self, Admin | Supervisor | Engineer | Agent | Member),
            Holders::WorkersAndPrograms => !matches!(self, Viewer),
            Holders::Leads => matches!(self, Admin | Supervisor),
            Holders::Admins => matches!(self, Admin),
            Holders::Senders => matches!(self, Admin | Api),
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Admin => "admin",
            Supervisor => "supervisor",
            Engineer => "engineer",
            Agent => "agent",
            Member => "member",
            Viewer => "viewer",
            Api => "api",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        ROLES.iter().copied().find(|role| role.as_str() == text).ok_or_else(|| {
            let names: Vec<_> = ROLES.iter().map(|role| role.as_str()).collect();
            Error::field(
                "invalid_role",
                "/role",
                format!("must be one of {}, not {text:?}", names.join(", ")),
            )
        })
    }
}

/// What a token is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Everything that the token's role may do.
    Api,
    /// Posting alerts, and nothing else.
    Ingest,
}

impl TokenScope {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Ingest => "ingest",
        }
    }

    /// As it is stored; what is no scope grants nothing.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Api, Self::Ingest].into_iter().find(|scope| scope.as_str() == text)
    }
}

#[cfg(test)]
mod tests;
