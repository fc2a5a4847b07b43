//! Adding people to an organization, changing what they are there, removing them.
//!
//! Whoever may no longer invite takes the invitations that they gave along.

use kernel::{Error, NodeId, Result, Secret, UserId};
use platform::{db::TenantTx, record::Change};

use super::{
    giving,
    model::{MemberStatus, normalize_email},
    nodes::NodeRole,
    store::{self, NewPerson},
};
use crate::{
    events::{self, MemberAdded, MemberRemoved, MemberState, MemberSummary, MemberUpdated},
    invitations,
    organizations::model::check_name,
    ownership::{as_owner, as_tenant},
    permissions::Role,
    sign_in::passwords,
    tokens,
};

/// Somebody whom the operator makes a member, without asking them. An admin invites instead ([`crate::invitations`]).
pub struct NewMember {
    pub email: String,
    pub name: Option<String>,
    pub role: Role,
    /// For somebody who has no account yet; they change it when they like.
    pub password: Option<Secret<String>>,
}

/// A [`NewMember`] that was checked and whose password was hashed, before a transaction is opened.
pub(crate) struct CheckedMember {
    email: String,
    name: Option<String>,
    role: Role,
    password_hash: Option<String>,
}

impl NewMember {
    /// # Errors
    /// `invalid_email`, `invalid_name`, `invalid_password`
    pub(crate) async fn check(self) -> Result<CheckedMember> {
        let email = normalize_email(&self.email)?;
        let name = self.name.as_deref().map(check_name).transpose()?;
        let password_hash = match &self.password {
            Some(password) => Some(passwords::set(password).await?),
            None => None,
        };
        Ok(CheckedMember { email, name, role: self.role, password_hash })
    }
}

/// Makes a person a member. The operator vouches for the address.
///
/// # Errors
/// `already_member`; `account_exists` when a password is given for somebody who has an account: it is theirs.
pub(crate) async fn add(tx: &mut TenantTx, new: &CheckedMember) -> Result<UserId> {
    if store::has_member(tx, &new.email).await? {
        return Err(already_member(&new.email));
    }
    let person = NewPerson {
        id: UserId::new(tx.now()),
        email: &new.email,
        name: new.name.as_deref(),
        password_hash: new.password_hash.as_deref(),
        verified: true,
    };
    as_owner(tx, "a person may be known from another organization").await?;
    let introduced = store::insert_person(tx, &person).await?;
    let known = store::person_by_email(tx.conn(), &new.email).await?;
    as_tenant(tx).await?;
    let user = known.ok_or_else(|| Error::internal("a person vanished while being added"))?.id;
    if !introduced && new.password_hash.is_some() {
        let detail = format!(
            "{} has an account already, whose password stays: add them with --no-password",
            new.email
        );
        return Err(Error::conflict("account_exists", detail));
    }
    join(tx, user, &new.email, Membership { role: Some(new.role), node: None }).await?;
    invitations::store::revoke_of_email(tx, &new.email).await?;
    Ok(user)
}

/// What somebody becomes: a role in the organization, or at one of its nodes.
pub(crate) struct Membership {
    pub role: Option<Role>,
    pub node: Option<NodeId>,
}

/// Makes an account a member, and records it.
///
/// # Errors
/// `already_member`
pub(crate) async fn join(tx: &mut TenantTx, user: UserId, email: &str, new: Membership) -> Result<()> {
    if !store::insert(tx, user, new.role.filter(|_| new.node.is_none())).await? {
        return Err(already_member(email));
    }
    if let Some(node) = new.node {
        store::set_node(tx, user, node, &NodeRole { role: new.role, permissions: Vec::new() }).await?;
    }
    let after = MemberSummary { email: email.to_owned(), role: new.role, node_id: new.node };
    tx.record::<MemberAdded, _>(events::member(user), Change::to(after)).await.map(drop)
}

pub(crate) fn already_member(email: &str) -> Error {
    Error::conflict("already_member", format!("{email} is a member already"))
}

/// Changes a person's role in the organization, which may be none, or their status; it counts from their next request on.
///
/// # Errors
/// `last_admin`
pub(crate) async fn update(
    tx: &mut TenantTx,
    user: UserId,
    role: Option<Option<Role>>,
    status: Option<MemberStatus>,
) -> Result<()> {
    let admins = store::lock_admins(tx).await?;
    let before = store::lock(tx, user).await?.ok_or(Error::NotFound("member"))?;
    let (role, status) = (role.unwrap_or(before.role), status.unwrap_or(before.status));
    if (role, status) == (before.role, before.status) {
        return Ok(());
    }
    if (role, status) != (Some(Role::Admin), MemberStatus::Active) {
        keep_an_admin(&admins, user)?;
    }
    store::update(tx, user, role, status).await?;
    if status == MemberStatus::Inactive {
        store::end_sessions(tx, user).await?;
    }
    giving::settle_invitations(tx, user).await?;
    let before = MemberState { role: before.role, status: before.status };
    let change = Change::between(before, MemberState { role, status });
    tx.record::<MemberUpdated, _>(events::member(user), change).await.map(drop)
}

/// Removes a person from the organization. What they did stays, their account too, unless nobody but this organization
/// knows it.
///
/// # Errors
/// `last_admin`
pub(crate) async fn remove(tx: &mut TenantTx, user: UserId) -> Result<()> {
    let admins = store::lock_admins(tx).await?;
    let before = store::lock(tx, user).await?.ok_or(Error::NotFound("member"))?;
    keep_an_admin(&admins, user)?;
    invitations::store::revoke_by(tx, user).await?;
    tokens::actions::revoke_of_person(tx, user).await?;
    store::delete(tx, user).await?;
    as_owner(tx, "an account that only this organization knows goes with its membership").await?;
    store::delete_unverified(tx, user).await?;
    as_tenant(tx).await?;
    let before = MemberSummary { email: before.email, role: before.role, node_id: None };
    tx.record::<MemberRemoved, _>(events::member(user), Change::from(before)).await.map(drop)
}

/// An organization without an admin could never get one again.
fn keep_an_admin(admins: &[UserId], leaving: UserId) -> Result<()> {
    if admins == [leaving] {
        let detail = "this is the last active admin of the organization; make somebody else an admin first";
        return Err(Error::conflict("last_admin", detail));
    }
    Ok(())
}
