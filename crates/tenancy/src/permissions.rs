//! The one table of who may do what.

use std::{collections::BTreeSet, fmt, sync::Arc};

use kernel::{Error, Result};
use platform::http::{
    AlertsRead, AlertsWrite, AuditRead, IngestWrite, IssuesErase, IssuesRead, IssuesWrite, JobsRead,
    JobsWrite, MembersRead, MembersWrite, Permission, ReceiversRead, ReceiversWrite, SettingsRead,
    SettingsWrite, SkillsRead, SkillsWrite, TokensRead, TokensWrite, ToolsRead, ToolsRun, ToolsWrite,
};
use serde::{Deserialize, Serialize};

use self::Role::{Admin, Agent, Api, Engineer, Member, Supervisor, Viewer};

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

const ALL: &[Role] = &[Admin, Supervisor, Engineer, Agent, Member, Viewer, Api];
const PEOPLE: &[Role] = &[Admin, Supervisor, Engineer, Agent, Member, Viewer];
/// Those who work on what comes in.
const WORKERS: &[Role] = &[Admin, Supervisor, Engineer, Agent, Member];
const WORKERS_AND_API: &[Role] = &[Admin, Supervisor, Engineer, Agent, Member, Api];
const LEADS: &[Role] = &[Admin, Supervisor];
const ADMIN: &[Role] = &[Admin];

const TABLE: &[(&str, &[Role])] = &[
    (AlertsRead::NAME, ALL),
    (AlertsWrite::NAME, WORKERS_AND_API),
    (IssuesRead::NAME, ALL),
    (IssuesWrite::NAME, WORKERS_AND_API),
    (IssuesErase::NAME, ADMIN),
    (SkillsRead::NAME, ALL),
    (SkillsWrite::NAME, WORKERS),
    (ToolsRead::NAME, ALL),
    (ToolsWrite::NAME, WORKERS),
    (ToolsRun::NAME, WORKERS),
    (ReceiversRead::NAME, PEOPLE),
    (ReceiversWrite::NAME, LEADS),
    (MembersRead::NAME, PEOPLE),
    (MembersWrite::NAME, ADMIN),
    (TokensRead::NAME, LEADS),
    (TokensWrite::NAME, ADMIN),
    (SettingsRead::NAME, ADMIN),
    (SettingsWrite::NAME, ADMIN),
    (AuditRead::NAME, LEADS),
    (JobsRead::NAME, LEADS),
    (JobsWrite::NAME, LEADS),
    (IngestWrite::NAME, &[Admin, Api]),
];

/// The permission of this name, if there is one.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    TABLE.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// Every permission that there is.
pub fn permission_names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

/// What somebody may do, as [`platform::http::Caller`] holds it.
pub type Permissions = Arc<BTreeSet<&'static str>>;

impl Role {
    /// Everything that this role may do.
    pub fn permissions(self) -> Permissions {
        Arc::new(TABLE.iter().filter(|(_, roles)| roles.contains(&self)).map(|(name, _)| *name).collect())
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
        ALL.iter().copied().find(|role| role.as_str() == text).ok_or_else(|| {
            let names: Vec<_> = ALL.iter().map(|role| role.as_str()).collect();
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

/// What a token may do: its role's permissions, cut down to its scopes.
pub fn of_token(role: Role, scopes: &[TokenScope]) -> Permissions {
    if scopes.contains(&TokenScope::Api) {
        return role.permissions();
    }
    let ingest = scopes.contains(&TokenScope::Ingest);
    let kept =
        role.permissions().iter().copied().filter(|name| ingest && *name == IngestWrite::NAME).collect();
    Arc::new(kept)
}

#[cfg(test)]
mod tests;
