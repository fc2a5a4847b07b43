//! Changing one's own password, and what the operator does with one.

use kernel::{Error, OrgId, Result, Secret, UserId};
use platform::{
    App,
    db::{Actor, Origin},
    record::Change,
};
use sqlx::PgConnection;

use super::{By, prove, store};
use crate::{
    events::{self, MemberPasswordSet},
    members::{
        self,
        model::{Person, normalize_email},
    },
    organizations,
    sessions::cookie::{self, SessionKey},
    sign_in::{self, passwords},
    throttle::{self, Counter, attempts::Rule},
};

/// Wrong answers to "your present password" that are forgiven.
const GUESSES: Rule = Rule { forgiven: 4, window: None };

/// Changes the password of somebody who knows it. Their other sessions end.
///
/// # Errors
/// `invalid_credentials` when the present password is wrong; `sign_in_locked` after too many of those; `no_password` for
/// somebody who signs in elsewhere; `invalid_password`
pub(crate) async fn change(
    app: &App,
    (user, origin): (UserId, &Origin),
    present: &Secret<String>,
    new: &Secret<String>,
    kept: Option<&SessionKey>,
) -> Result<()> {
    let mut tx = app.db.system("an account belongs to a person").await?;
    let account = sign_in::store::account_of(tx.conn(), user).await?.ok_or(Error::NotFound("user"))?;
    drop(tx);
    let Some(hash) = account.password_hash.clone() else {
        let detail = "this account has no password: its person signs in elsewhere";
        return Err(Error::conflict("no_password", detail));
    };
    let counter =
        [Counter { key: throttle::key(app, &[b"password", user.uuid().as_bytes()])?, rule: GUESSES }];
    throttle::reserve(app, &counter).await?.map_err(throttle::refusal)?;
    if !passwords::matches(present, Some(hash)).await? {
        return Err(Error::field("wrong_password", "/current_password", "is not your present password"));
    }
    throttle::succeeded(app, &counter, &[]).await?;
    let hash = passwords::set(new).await?;
    let mut tx = app.db.system("an account belongs to a person").await?;
    store::set_password(tx.conn(), user, &hash, kept.map(cookie::hash).as_deref()).await?;
    throttle::forget_devices(tx.conn(), user).await?;
    tx.commit().await?;
    let person = account.into_person();
    let actor = Actor::User { id: user, name: person.display_name().to_owned() };
    record(app, &By { actor, origin }, user).await
}

/// The account belongs to a person, so each of their organizations has it in its record.
pub(super) async fn record(app: &App, by: &By<'_>, user: UserId) -> Result<()> {
    let mut system = app.db.system("an account belongs to a person").await?;
    let organizations = members::store::organizations_of(system.conn(), user).await?;
    drop(system);
    for org in organizations {
        let mut tx = app.db.tenant(by.scope(app, org)).await?;
        tx.record::<MemberPasswordSet, _>(events::member(user), Change::done()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What the operator names an account by.
pub(crate) struct Named<'a> {
    pub email: &'a str,
    /// The slug of the organization that holds it, while its address is not proved.
    pub organization: Option<&'a str>,
}

impl Named<'_> {
    /// # Errors
    /// `user not found`, and what else has this address: `address_proved`, or `invalid_setting` at `--org`
    async fn find(&self, app: &App) -> Result<Person> {
        let email = normalize_email(self.email)?;
        let mut tx = app.db.system("the operator names people by address").await?;
        let found = match self.organization {
            None => members::store::person_by_email(tx.conn(), &email).await?,
            Some(slug) => {
                let org: Option<OrgId> = organizations::store::id_of(tx.conn(), slug).await?;
                let org = org.ok_or(Error::NotFound("organization"))?;
                members::store::unverified(tx.conn(), org, &email).await?
            }
        };
        match found {
            Some(person) => Ok(person),
            None => Err(self.missed(tx.conn(), &email).await?),
        }
    }

    /// Who has this address, when not the one who was named.
    async fn missed(&self, conn: &mut PgConnection, email: &str) -> Result<Error> {
        let homes = store::homes(conn, email).await?;
        if !homes.is_empty() {
            let options: Vec<_> = homes.iter().map(|slug| format!("--org {slug}")).collect();
            let detail = format!(
                "the address of {email} is not proved in the organization {}: name it with {}",
                homes.join(", "),
                options.join(" or ")
            );
            return Ok(Error::invalid("invalid_setting", detail));
        }
        if self.organization.is_some() && members::store::person_by_email(conn, email).await?.is_some() {
            let detail =
                format!("the address of {email} is proved already: leave --org out to set the password");
            return Ok(Error::conflict("address_proved", detail));
        }
        Ok(Error::NotFound("user"))
    }
}

/// Sets somebody's password from the command line, ends their sessions and forgets their devices.
///
/// # Errors
/// `user not found`, `invalid_password`
pub(crate) async fn set(app: &App, by: &By<'_>, named: &Named<'_>, new: &Secret<String>) -> Result<()> {
    let hash = passwords::set(new).await?;
    let person = named.find(app).await?;
    let mut system = app.db.system("an account belongs to a person").await?;
    store::set_password(system.conn(), person.id, &hash, None).await?;
    throttle::forget_devices(system.conn(), person.id).await?;
    system.commit().await?;
    record(app, by, person.id).await
}

/// The operator vouches for the address of an account that only one organization knows.
///
/// # Errors
/// `user not found`, `invalid_password`
pub(crate) async fn verify(
    app: &App,
    by: &By<'_>,
    named: &Named<'_>,
    new: &Secret<String>,
) -> Result<prove::Proved> {
    let hash = passwords::set(new).await?;
    let person = named.find(app).await?;
    prove::prove(app, by, &person, &hash).await
}
