//! What an organization is, and which names it may have.

use chrono::{DateTime, Utc};
use kernel::{Error, OrgId, Result};
use serde::{Deserialize, Serialize};

/// Whether an organization may do anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrganizationStatus {
    Active,
    /// Everything is kept, nobody gets in.
    Suspended,
    Deleted,
}

/// A tenant.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Organization {
    pub id: OrgId,
    /// Unique, short and fixed: it starts the organization's tokens.
    pub slug: String,
    pub name: String,
    pub status: OrganizationStatus,
    pub created_at: DateTime<Utc>,
}

impl OrganizationStatus {
    /// # Errors
    /// `organization_suspended`
    pub fn check(self) -> Result<()> {
        match self {
            Self::Active => Ok(()),
            Self::Suspended | Self::Deleted => Err(Error::forbidden(
                "organization_suspended",
                "this organization is suspended; ask your operator",
            )),
        }
    }
}

/// A slug is one label of a host name (RFC 1035 section 2.3.1), so that it can stand in a token and an address.
pub(crate) fn check_slug(slug: &str) -> Result<()> {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = (1..=63).contains(&slug.len()) && slug.bytes().all(inside);
    if fits && !slug.starts_with('-') && !slug.ends_with('-') {
        return Ok(());
    }
    let detail = "must be 1 to 63 lower-case letters, digits and dashes, with no dash at either end";
    Err(Error::field("invalid_slug", "/slug", detail))
}

/// A slug as people type it: slugs have no capitals and no spaces.
pub(crate) fn typed_slug(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A name that people read, without the space around it.
pub(crate) fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if (1..=255).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Error::field("invalid_name", "/name", "must be 1 to 255 characters on one line"))
}
