//! Adding people to an organization, changing what they are there, removing them.

use kernel::{Error, Result, Secret, UserId};
use platform::{
    App,
    db::TenantTx,
    record::{Change, Subject},
};
use serde_json::json;

use super::{
    model::{MemberStatus, normalize_email},
    store::{self, NewPerson},
};
use crate::{
    organizations::model::check_name,
    ownership::{as_owner, as_tenant},
    permissions::Role,
    sign_in::passwords,
};

/// Somebody to add to an organization. Without a password it is an invitation, bound at the first Supabase sign-in.
pub struct NewMember {
    pub email: String,
    pub name: Option<String>,
    pub role: Role,
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
            Some(password) => {
                passwords::check(password)?;
                Some(passwords::hash(password).await?)
            }
            None => None,
        };
        Ok(CheckedMember { email, name, role: self.role, password_hash })
    }
}

fn subject(user: UserId) -> Subject<'static> {
    Subject { kind: "member", id: user.uuid() }
}

/// Adds a person to the organization, known to Steward or not.
///
/// # Errors
/// `already_member`; `account_exists` when a password is given for somebody who has an account: it is theirs.
pub(crate) async fn add(tx: &mut TenantTx, new: &CheckedMember) -> Result<UserId> {
    let id = UserId::new(tx.now());
    let person = NewPerson {
        id,
        email: &new.email,
        name: new.name.as_deref(),
        password_hash: new.password_hash.as_deref(),
    };
    as_owner(tx, "a person may be known from another organization").await?;
    let introduced = store::insert_person(tx, &person).await?;
    let user = match store::person_by_email(tx.conn(), &new.email).await? {
        Some(person) => person.id,
        None => return Err(Error::internal("a person vanished while being added")),
    };
    as_tenant(tx).await?;
    if !store::insert(tx, user, new.role).await? {
        return Err(Error::conflict("already_member", format!("{} is a member already", new.email)));
    }
    if !introduced && new.password_hash.is_some() {
        let detail = format!("{} has an account already; leave the password out", new.email);
        return Err(Error::conflict("account_exists", detail));
    }
    let change = Change {
        kind: "member.added.v1",
        subject: subject(user),
        before: None,
        after: Some(json!({ "email": new.email, "role": new.role })),
        reason: None,
    };
    tx.record(change).await?;
    Ok(user)
}

/// Changes a person's role or status; it counts from their next request on.
///
/// # Errors
/// `last_admin`
pub(crate) async fn update(
    tx: &mut TenantTx,
    user: UserId,
    role: Option<Role>,
    status: Option<MemberStatus>,
) -> Result<()> {
    let admins = store::lock_admins(tx).await?;
    let before = store::lock(tx, user).await?.ok_or(Error::NotFound("member"))?;
    let (role, status) = (role.unwrap_or(before.role), status.unwrap_or(before.status));
    if (role, status) == (before.role, before.status) {
        return Ok(());
    }
    if (role, status) != (Role::Admin, MemberStatus::Active) {
        keep_an_admin(&admins, user)?;
    }
    store::update(tx, user, role, status).await?;
    if status == MemberStatus::Inactive {
        store::end_sessions(tx, user).await?;
    }
    let change = Change {
        kind: "member.updated.v1",
        subject: subject(user),
        before: Some(json!({ "role": before.role, "status": before.status })),
        after: Some(json!({ "role": role, "status": status })),
        reason: None,
    };
    tx.record(change).await?;
    Ok(())
}

/// Removes a person from the organization. What they did stays, their account too.
///
/// # Errors
/// `last_admin`
pub(crate) async fn remove(tx: &mut TenantTx, user: UserId) -> Result<()> {
    let admins = store::lock_admins(tx).await?;
    let before = store::lock(tx, user).await?.ok_or(Error::NotFound("member"))?;
    keep_an_admin(&admins, user)?;
    store::delete(tx, user).await?;
    let change = Change {
        kind: "member.removed.v1",
        subject: subject(user),
        before: Some(json!({ "email": before.email, "role": before.role })),
        after: None,
        reason: None,
    };
    tx.record(change).await?;
    Ok(())
}

/// Sets a person's password, ends their sessions and lifts a lock-out. The account is the person's, so each of their
/// organizations has it in its record.
///
/// # Errors
/// `invalid_password`
pub(crate) async fn set_password(
    app: &App,
    by: &'static str,
    email: &str,
    password: &Secret<String>,
) -> Result<()> {
    passwords::check(password)?;
    let hash = passwords::hash(password).await?;
    let email = normalize_email(email)?;
    let mut system = app.db.system("an account belongs to a person").await?;
    let person = store::person_by_email(system.conn(), &email).await?.ok_or(Error::NotFound("user"))?;
    store::set_password(system.conn(), person.id, &hash).await?;
    let organizations = store::organizations_of(system.conn(), person.id).await?;
    system.commit().await?;
    for org in organizations {
        let mut tx = app.db.tenant(app.db.system_scope(org, by)).await?;
        let kind = "member.password_set.v1";
        tx.record(Change { kind, subject: subject(person.id), before: None, after: None, reason: None })
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// An organization without an admin could never get one again.
fn keep_an_admin(admins: &[UserId], leaving: UserId) -> Result<()> {
    if admins == [leaving] {
        let detail = "this is the last active admin of the organization; make somebody else an admin first";
        return Err(Error::conflict("last_admin", detail));
    }
    Ok(())
}
