//! Who a person is in an organization, and whether that lets them in.

use kernel::{Error, OrgId, Result, UserId};
use platform::http::Permission;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::{
    organizations::OrganizationStatus,
    permissions::{Access, Role},
    rights::{Grant, Rights},
};

/// Of a person, or of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MemberStatus {
    Active,
    Inactive,
}

/// A person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Person {
    pub id: UserId,
    pub email: String,
    pub name: Option<String>,
    pub status: MemberStatus,
    /// The organization that this account cannot leave, because nobody proved its address yet; none once it is proved.
    pub home_org_id: Option<OrgId>,
}

impl Person {
    /// Whether the address is proved to be this person's.
    pub(crate) const fn is_verified(&self) -> bool {
        self.home_org_id.is_none()
    }

    /// What others see beside what this person did.
    pub(crate) fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.email)
    }
}

/// A person's place in one organization.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Place {
    pub org_id: OrgId,
    pub slug: String,
    pub name: String,
    pub organization_status: OrganizationStatus,
    /// In the organization; none for somebody who acts in some of its nodes only.
    pub role: Option<Role>,
    pub status: MemberStatus,
    pub grants: Json<Vec<Grant>>,
}

impl Place {
    /// What the person may do there.
    pub(crate) fn rights(&self, access: &Access) -> Rights {
        Rights::of_person(access, self.role, &self.grants)
    }

    /// Whether the person has a permission in the whole organization.
    pub(crate) fn holds_everywhere<P: Permission>(&self) -> bool {
        let by_role = |role: Option<Role>| role.is_some_and(|role| role.is_among(P::HOLDERS));
        let singly = |grant: &Grant| grant.permissions.iter().any(|name| name == P::NAME);
        by_role(self.role)
            || self.grants.iter().any(|grant| grant.root && (by_role(grant.role) || singly(grant)))
    }

    /// Whether it lets the person in.
    pub(crate) fn check(&self) -> Result<()> {
        self.organization_status.check()?;
        self.status.check("your membership of this organization")
    }
}

impl MemberStatus {
    /// # Errors
    /// `user_inactive`
    pub(crate) fn check(self, whose: &str) -> Result<()> {
        match self {
            Self::Active => Ok(()),
            Self::Inactive => {
                Err(Error::forbidden("user_inactive", format!("{whose} is inactive; ask an administrator")))
            }
        }
    }
}

/// The place to enter: the one with this slug, or else the first that lets the person in.
///
/// # Errors
/// `no_membership`, or why the only places there are do not let the person in.
pub(crate) fn choose(places: Vec<Place>, slug: Option<&str>) -> Result<Place> {
    let mut refusal = None;
    for place in places.into_iter().filter(|place| slug.is_none_or(|slug| place.slug == slug)) {
        match place.check() {
            Ok(()) => return Ok(place),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal
        .unwrap_or_else(|| Error::forbidden("no_membership", "you are no member of this organization")))
}

/// An address as it is stored: lower-case ASCII, with the characters that RFC 5321 section 4.1.2 allows unquoted.
///
/// # Errors
/// `invalid_email`
pub(crate) fn normalize_email(text: &str) -> Result<String> {
    let email = text.trim().to_ascii_lowercase();
    let invalid =
        || Error::field("invalid_email", "/email", "must be an e-mail address such as jo@example.com");
    let (local, domain) = email.split_once('@').ok_or_else(invalid)?;
    let atom = |text: &str, also: &str| {
        !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || also.contains(one))
    };
    let local_fits = local.len() <= 64 && local.split('.').all(|part| atom(part, "!#$%&'*+-/=?^_`{|}~"));
    let label_fits = |label: &str| label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-');
    let domain_fits = domain.split('.').all(|label| atom(label, "-") && label_fits(label));
    if local_fits && domain_fits && (3..=255).contains(&email.len()) { Ok(email) } else { Err(invalid()) }
}
