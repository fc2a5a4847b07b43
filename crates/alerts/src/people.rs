//! People, as far as alerts and issues know them: by name, and whether they may be given work.

use std::str::FromStr;

use kernel::{Error, Result, UserId};
use platform::db::{Actor, TenantTx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store;

/// A member, or somebody who was one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Person {
    pub id: UserId,
    pub name: String,
}

/// The SQL of a [`Person`] whose id is in a column. Row-level security hides who is no member any more.
macro_rules! person {
    ($column:literal) => {
        concat!(
            "case when ",
            $column,
            " is not null then jsonb_build_object('id', ",
            $column,
            ", 'name', coalesce((select p.name from people p where p.id = ",
            $column,
            "), 'former member')) end"
        )
    };
}

pub(crate) use person;

/// Whose work a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    /// The caller's own; nothing, when the caller is a program.
    Me,
    /// Nobody's.
    None,
    One(UserId),
}

impl Assignee {
    /// The person to look for: None for work that is nobody's.
    pub fn user(self, caller: &Actor) -> Option<Uuid> {
        match self {
            Self::Me => Some(caller.user().map_or_else(Uuid::nil, UserId::uuid)),
            Self::None => None,
            Self::One(user) => Some(user.uuid()),
        }
    }
}

impl FromStr for Assignee {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "me" => Ok(Self::Me),
            "none" => Ok(Self::None),
            id => {
                id.parse().map(Self::One).map_err(|_| "assigned_to takes a user's id, `me` or `none`".into())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Assignee {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Refuses to give work to somebody who cannot take it.
///
/// # Errors
/// 422 `not_a_member` unless the person is an active member of the organization.
pub async fn require_active(tx: &mut TenantTx, user: Option<UserId>) -> Result<()> {
    match user {
        Some(user) if !store::is_active_member(tx, user).await? => {
            Err(Error::field("not_a_member", "/user_id", "is no active member of this organization"))
        }
        _ => Ok(()),
    }
}
