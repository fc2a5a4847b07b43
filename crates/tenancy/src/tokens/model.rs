//! Whose a token is, and what it grants.

use chrono::{DateTime, Utc};
use kernel::{Error, OrgId, Result, TokenId, UserId};
use platform::http::TokenGrants;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::{
    members::MemberStatus,
    organizations::OrganizationStatus,
    permissions::{Access, Role, TokenScope},
    rights::{Grant, Place, Rights},
};

/// Who a token acts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Owner {
    /// The organization, whatever becomes of who made it.
    Organization,
    /// Who made it: it may never do what they may not.
    Person,
}

/// A token as authentication needs it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct FoundToken {
    pub org_id: OrgId,
    pub id: TokenId,
    pub mac: Vec<u8>,
    pub name: String,
    pub role: Role,
    pub scopes: Vec<String>,
    pub owner: Owner,
    pub created_by: Option<UserId>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub organization_status: OrganizationStatus,
    /// Where it counts; none for the whole organization.
    pub place: Option<Json<Place>>,
    /// Of its owner, if it is a person's.
    pub owner_role: Option<Role>,
    pub owner_grants: Option<Json<Vec<Grant>>>,
    pub owner_status: Option<MemberStatus>,
    pub owner_user_status: Option<MemberStatus>,
}

impl FoundToken {
    /// # Errors
    /// `token_revoked`, `token_expired`, `token_owner_gone`, `organization_suspended`
    pub(crate) fn check(&self, now: DateTime<Utc>) -> Result<()> {
        if self.revoked_at.is_some() {
            return Err(Error::unauthenticated("token_revoked", "this token was revoked; use another"));
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::unauthenticated("token_expired", "this token has expired; make a new one"));
        }
        let active = [self.owner_status, self.owner_user_status] == [Some(MemberStatus::Active); 2];
        if self.owner == Owner::Person && !active {
            let detail =
                "the person whose token this is has left the organization, or is inactive; use another";
            return Err(Error::unauthenticated("token_owner_gone", detail));
        }
        self.organization_status.check()
    }

    /// What it grants before its place and owner are looked at.
    pub(crate) fn granted(&self, access: &Access) -> TokenGrants {
        let scopes: Vec<_> = self.scopes.iter().filter_map(|scope| TokenScope::parse(scope)).collect();
        let in_scope = access.of_token(self.role, &scopes);
        TokenGrants { by_role: access.of_role(self.role), in_scope }
    }

    /// What it may do now.
    pub(crate) fn rights(&self, access: &Access) -> Rights {
        let granted = self.granted(access).in_scope;
        let grants = self.owner_grants.as_ref().map(|grants| grants.0.as_slice()).unwrap_or_default();
        let owner = (self.owner == Owner::Person).then(|| Rights::of_person(access, self.owner_role, grants));
        Rights::of_token(&granted, self.place.as_ref().map(|place| &place.0), owner.as_ref())
    }

    /// Whose token it is.
    pub(crate) fn user(&self) -> Option<UserId> {
        self.created_by.filter(|_| self.owner == Owner::Person)
    }
}
