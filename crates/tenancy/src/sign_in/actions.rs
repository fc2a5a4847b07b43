//! From a password to a person and the organization they enter.

use chrono::TimeDelta;
use kernel::{Error, Result, Secret};
use platform::{App, db::Origin};

use super::{
    passwords,
    store::{self, Account},
};
use crate::{
    members::{
        self,
        model::{Person, Place, choose, normalize_email},
    },
    throttle::{self, Counter, attempts::Rule, devices::Device},
};

/// Failures in a row that are forgiven: of one account from one network, or from one known device.
const PER_ACCOUNT: Rule = Rule { forgiven: 4, window: None };
/// Failures at any accounts that a network is forgiven: many people may share it.
const PER_NETWORK: Rule = Rule { forgiven: 19, window: Some(TimeDelta::minutes(15)) };

/// Who tries to sign in, from where.
pub(crate) struct Attempt<'a> {
    pub email: &'a str,
    pub password: &'a Secret<String>,
    /// The slug of the organization to enter.
    pub organization: Option<&'a str>,
    pub origin: &'a Origin,
    pub device: &'a Device,
}

/// The counters of an attempt.
struct Counters {
    /// Start anew when it succeeds.
    own: Vec<Counter>,
    /// Are shared with others.
    shared: Vec<Counter>,
}

/// Judges a password and chooses the organization to enter.
///
/// # Errors
/// `invalid_credentials`, `sign_in_locked`, `user_inactive`, `organization_suspended`, `no_membership`
pub(crate) async fn by_password(app: &App, attempt: &Attempt<'_>) -> Result<(Person, Place)> {
    let person = prove(app, attempt).await?;
    enter(app, person, attempt).await
}

/// Judges a password.
///
/// # Errors
/// `invalid_credentials`, `sign_in_locked`, `user_inactive`
pub(crate) async fn prove(app: &App, attempt: &Attempt<'_>) -> Result<Person> {
    let judged = judge(app, attempt).await;
    if let Err(error) = &judged {
        metrics::counter!("steward_sign_in_refused_total", "reason" => error.code().0).increment(1);
    }
    judged
}

async fn judge(app: &App, attempt: &Attempt<'_>) -> Result<Person> {
    // What is no address is nobody's, and is refused like one.
    let email = normalize_email(attempt.email).unwrap_or_else(|_| attempt.email.to_lowercase());
    let (account, known) = find(app, &email, attempt).await?;
    let counters = counters(app, &email, attempt, known)?;
    let all = [counters.own.as_slice(), &counters.shared].concat();
    let locks = throttle::reserve(app, &all).await?.map_err(throttle::refusal)?;

    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let matches = passwords::matches(attempt.password, hash).await?;
    let Some(account) = account.filter(|_| matches) else {
        if locks {
            // One line for each lock, not for each guess that meets it. Whose account it is stands in no log.
            let (network, account) =
                (throttle::network(attempt.origin.ip.as_deref()), hex::encode(&counters.own[0].key[..4]));
            tracing::warn!(network, account, "too many wrong passwords: sign-in is locked for a while");
        }
        return Err(Error::unauthenticated("invalid_credentials", "the e-mail or the password is wrong"));
    };
    if account.home_org_id.is_some() {
        // Nobody proved that it is this address's: it gives back its own attempt, and no guess at another account.
        throttle::succeeded(app, &[], &all).await?;
    } else {
        throttle::succeeded(app, &counters.own, &counters.shared).await?;
    }
    let person = account.into_person();
    person.status.check("your account")?;
    Ok(person)
}

/// The account, and whether it was entered from this device before.
async fn find(app: &App, email: &str, attempt: &Attempt<'_>) -> Result<(Option<Account>, bool)> {
    let mut tx = app.db.system("an account belongs to a person").await?;
    let account = store::account(tx.conn(), email, attempt.organization).await?;
    // Asked for nobody as well, so that it takes as long.
    let user = account.as_ref().map_or_else(|| kernel::UserId::from(uuid::Uuid::nil()), |account| account.id);
    let known = throttle::is_known_device(tx.conn(), user, attempt.device).await?;
    Ok((account, known))
}

fn counters(app: &App, email: &str, attempt: &Attempt<'_>, known: bool) -> Result<Counters> {
    let network = throttle::network(attempt.origin.ip.as_deref());
    let key = |parts: &[&[u8]]| throttle::key(app, parts);
    if known {
        let own = key(&[b"device", email.as_bytes(), &attempt.device.hash])?;
        return Ok(Counters { own: vec![Counter { key: own, rule: PER_ACCOUNT }], shared: Vec::new() });
    }
    let own = key(&[b"account", email.as_bytes(), network.as_bytes()])?;
    let mut shared = Vec::new();
    // Who cannot be told apart is not counted together.
    if !network.is_empty() {
        shared.push(Counter { key: key(&[b"network", network.as_bytes()])?, rule: PER_NETWORK });
    }
    Ok(Counters { own: vec![Counter { key: own, rule: PER_ACCOUNT }], shared })
}

/// The password was right: lets the person in where they may enter.
async fn enter(app: &App, person: Person, attempt: &Attempt<'_>) -> Result<(Person, Place)> {
    let now = app.clock.now();
    let mut tx = app.db.system("a person chooses among organizations").await?;
    let place = choose(members::store::places(tx.conn(), person.id).await?, attempt.organization)?;
    store::signed_in(tx.conn(), person.id, now).await?;
    throttle::keep_device(tx.conn(), person.id, attempt.device, now).await?;
    tx.commit().await?;
    Ok((person, place))
}
