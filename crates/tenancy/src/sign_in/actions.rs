//! From a password to a person and the organization they enter.

use chrono::TimeDelta;
use kernel::{Code, Error, Result, Secret};
use platform::db::Origin;

use super::{
    attempts::{Attempts, Locked, PER_ACCOUNT, address_key},
    passwords,
    store::{self, Account},
};
use crate::{
    Deps,
    members::{
        self,
        model::{Person, Place, choose, normalize_email},
    },
};

/// Judges a password and chooses the organization to enter.
///
/// # Errors
/// `invalid_credentials`, `sign_in_locked`, `user_inactive`, `organization_suspended`, `no_membership`
pub(crate) async fn by_password(
    deps: &Deps,
    email: &str,
    password: &Secret<String>,
    organization: Option<&str>,
    origin: &Origin,
) -> Result<(Person, Place)> {
    let address = origin.ip.as_deref().and_then(address_key);
    if let Some(address) = &address {
        deps.addresses.reserve(address, deps.app.clock.now()).map_err(locked("from your address"))?;
    }
    // What is no address is nobody's, and is refused like one.
    let email = normalize_email(email).unwrap_or_else(|_| email.to_lowercase());
    let mut account = reserve(deps, &email).await?;
    let hash = account.as_mut().and_then(|account| account.password_hash.take());
    let matches = passwords::matches(password, hash).await?;
    let Some(account) = account.filter(|_| matches) else {
        return Err(Error::unauthenticated("invalid_credentials", "the e-mail or the password is wrong"));
    };
    if let Some(address) = &address {
        deps.addresses.succeeded(address);
    }
    enter(deps, account.into_person(), organization).await
}

/// Counts an attempt on an account before it is judged.
async fn reserve(deps: &Deps, email: &str) -> Result<Option<Account>> {
    let now = deps.app.clock.now();
    let mut tx = deps.app.db.system("an account belongs to a person").await?;
    let Some(account) = store::lock_account(tx.conn(), email).await? else {
        deps.strangers.reserve(email, now).map_err(locked("for this account"))?;
        return Ok(None);
    };
    let attempts = account.attempts().reserve(PER_ACCOUNT, now).map_err(locked("for this account"))?;
    store::set_attempts(tx.conn(), account.id, attempts).await?;
    tx.commit().await?;
    Ok(Some(account))
}

/// The password was right: forgets failed attempts, and lets the person in where they may enter.
async fn enter(deps: &Deps, person: Person, organization: Option<&str>) -> Result<(Person, Place)> {
    let mut tx = deps.app.db.system("a person chooses among organizations").await?;
    let places = members::store::places(tx.conn(), person.id).await?;
    let place = person.status.check("your account").and_then(|()| choose(places, organization));
    match &place {
        Ok(_) => store::signed_in(tx.conn(), person.id, deps.app.clock.now()).await?,
        Err(_) => store::set_attempts(tx.conn(), person.id, Attempts::default()).await?,
    }
    tx.commit().await?;
    place.map(|place| (person, place))
}

/// Says who is locked out, and for how long.
fn locked(whose: &'static str) -> impl Fn(Locked) -> Error {
    move |Locked(wait)| {
        let retry_after = seconds(wait);
        let detail = format!("too many failed sign-ins {whose}; try again in {retry_after} s");
        Error::Limited { code: Code("sign_in_locked"), detail, retry_after }
    }
}

/// Whole seconds, rounded up.
fn seconds(wait: TimeDelta) -> u64 {
    u64::try_from(wait.num_milliseconds()).unwrap_or_default().div_ceil(1000)
}
