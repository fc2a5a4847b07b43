//! A forgotten password, and an address to be proved: a link by mail, for an hour.
//!
//! The answer to who asks is the same, and as quick, whether or not the address has an account: the account is looked for
//! afterwards. The link fits the password that was in force when it was made, so using it, or changing the password in any
//! other way, ends it.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, OrgId, Result, Secret, UserId};
use platform::{
    App,
    db::{Actor, Origin},
    jobs::{Failure, Handled, JobContext, NewJob, Outcome, Registry},
};
use serde::{Deserialize, Serialize};

use super::{By, password, prove, store};
use crate::{
    Deps, invitations,
    links::{self, Link, Purpose},
    mail,
    members::{self, model::normalize_email},
    sign_in::{
        passwords,
        store::{self as accounts, Account},
    },
    throttle::{self, Counter, attempts::Rule},
};

const SEND: &str = "send_password_link";
/// How long a link may be used.
const VALID: TimeDelta = TimeDelta::hours(1);

/// Requests that a network is forgiven, for one address and for all.
const PER_ADDRESS: Rule = Rule { forgiven: 4, window: Some(TimeDelta::hours(1)) };
const PER_NETWORK: Rule = Rule { forgiven: 19, window: Some(TimeDelta::minutes(15)) };
/// Mails that one address gets in an hour, whoever asks.
const MAILS: Rule = Rule { forgiven: 4, window: Some(TimeDelta::hours(1)) };

#[derive(Serialize, Deserialize)]
struct SendPasswordLink {
    user_id: UserId,
    issued_at: DateTime<Utc>,
}

pub(crate) fn register(deps: Deps, registry: &mut Registry) {
    registry.add(SEND, move |args: SendPasswordLink, context| send(deps.clone(), args, context));
}

/// Has a link sent to the address, if it has an account here.
///
/// # Errors
/// `mail_not_configured`, `sign_in_locked`; never whether there is such an account.
pub(crate) async fn request(
    deps: &Deps,
    email: &str,
    organization: Option<String>,
    origin: &Origin,
) -> Result<()> {
    if deps.options.mail.is_none() {
        let detail = "this server sends no mail: ask its operator, who sets a password with `steward admin set-password`";
        return Err(Error::conflict("mail_not_configured", detail));
    }
    let app = deps.app.clone();
    let email = normalize_email(email)?;
    let network = throttle::network(origin.ip.as_deref());
    let mut counters = vec![Counter {
        key: throttle::key(&app, &[b"reset", email.as_bytes(), network.as_bytes()])?,
        rule: PER_ADDRESS,
    }];
    if !network.is_empty() {
        counters
            .push(Counter { key: throttle::key(&app, &[b"resets", network.as_bytes()])?, rule: PER_NETWORK });
    }
    throttle::reserve(&app, &counters).await?.map_err(throttle::refusal)?;
    deps.afterwards.spawn(async move {
        if let Err(error) = enqueue(&app, &email, organization.as_deref()).await {
            tracing::warn!(%error, "a link for a new password could not be prepared");
        }
    });
    Ok(())
}

async fn enqueue(app: &App, email: &str, organization: Option<&str>) -> Result<()> {
    let mut tx = app.db.system("an account belongs to a person").await?;
    let Some(account) = accounts::account(tx.conn(), email, organization).await? else { return Ok(()) };
    let places = members::store::places(tx.conn(), account.id).await?;
    // Who is in no organization may be invited to one, and need the password to accept.
    let here = places.iter().find(|place| place.check().is_ok()).map(|place| place.org_id);
    let org = match here {
        Some(org) => Some(org),
        None => invitations::store::inviting(tx.conn(), email, app.clock.now()).await?,
    };
    drop(tx);
    let Some(org) = org else { return Ok(()) };
    let mails =
        [Counter { key: throttle::key(app, &[b"mails", account.id.uuid().as_bytes()])?, rule: MAILS }];
    if throttle::reserve(app, &mails).await?.is_err() {
        return Ok(());
    }
    prepare(app, org, account.id).await
}

/// Puts the sending into the queue of one of the person's organizations.
pub(super) async fn prepare(app: &App, org: OrgId, user_id: UserId) -> Result<()> {
    let mut tx = app.db.tenant(app.db.system_scope(org, "account")).await?;
    let args = SendPasswordLink { user_id, issued_at: tx.now() };
    tx.enqueue(NewJob { queue: "notify", max_attempts: 8, ..NewJob::of(SEND, &args)? }).await?;
    tx.commit().await
}

async fn send(deps: Deps, args: SendPasswordLink, context: JobContext) -> Handled {
    let (app, until) = (&deps.app, args.issued_at + VALID);
    let mut tx = app.db.system("an account belongs to a person").await.map_err(Failure::from)?;
    let account = accounts::account_of(tx.conn(), args.user_id).await?;
    drop(tx);
    let Some(account) = account.filter(|_| app.clock.now() < until) else { return Ok(Outcome::Done) };
    let link = links::seal(app.keyring.pepper(), Purpose::Password, &name(&args), &state(&account))?;
    let id = format!("password-{}-{}", args.user_id, args.issued_at.timestamp());
    let letter =
        mail::new_password(&account.email, id, &deps.page("password", &link), (args.issued_at, until));
    match deps.send(letter).await {
        Ok(()) => Ok(Outcome::Done),
        Err(mail::Unsent::NotHere) => Ok(Outcome::Snooze(mail::ELSEWHERE)),
        Err(mail::Unsent::NotYet { error, after }) => Err(Failure::Retry { error, after }),
        Err(mail::Unsent::GivenUp(error)) => {
            tracing::warn!(org.id = %context.org, %error, "a link for a new password was not sent");
            Err(Failure::Dead { error })
        }
    }
}

fn name(args: &SendPasswordLink) -> [u8; 24] {
    let mut name = [0; 24];
    name[..16].copy_from_slice(args.user_id.uuid().as_bytes());
    name[16..].copy_from_slice(&args.issued_at.timestamp().to_be_bytes());
    name
}

/// What a link must not outlive.
fn state(account: &Account) -> Vec<u8> {
    let verified: &[u8] = if account.home_org_id.is_none() { b"verified " } else { b"unverified " };
    [verified, account.password_hash.as_deref().unwrap_or_default().as_bytes()].concat()
}

/// Sets the password that the holder of a link chose. Every session of the account ends, and every device is forgotten.
///
/// # Errors
/// `invalid_link`, `invalid_password`, `user_inactive`
pub(crate) async fn complete(
    app: &App,
    text: &Secret<String>,
    new: &Secret<String>,
    origin: &Origin,
) -> Result<prove::Proved> {
    let link = Link::<24>::parse(text)?;
    let (user, issued_at) = link.name.split_at(16);
    let user = UserId::from(uuid::Uuid::from_slice(user).map_err(|_| links::invalid())?);
    let issued_at = i64::from_be_bytes(issued_at.try_into().map_err(|_| links::invalid())?);
    let issued_at = DateTime::from_timestamp(issued_at, 0).ok_or_else(links::invalid)?;
    let now = app.clock.now();
    if now - issued_at >= VALID {
        return Err(links::invalid());
    }
    let mut tx = app.db.system("an account belongs to a person").await?;
    let account = accounts::account_of(tx.conn(), user).await?.ok_or_else(links::invalid)?;
    drop(tx);
    link.check(app.keyring.pepper(), Purpose::Password, &state(&account))?;
    account.status.check("your account")?;
    let hash = passwords::set(new).await?;
    let person = account.into_person();
    let actor = Actor::User { id: person.id, name: person.display_name().to_owned() };
    let by = By { actor, origin };
    if !person.is_verified() {
        return prove::prove(app, &by, &person, &hash).await;
    }
    let mut tx = app.db.system("an account belongs to a person").await?;
    // Of two who use the link at once, one finds another password in force.
    let present = accounts::lock(tx.conn(), user).await?.ok_or_else(links::invalid)?;
    link.check(app.keyring.pepper(), Purpose::Password, &state(&present))?;
    store::set_password(tx.conn(), user, &hash, None).await?;
    throttle::forget_devices(tx.conn(), user).await?;
    tx.commit().await?;
    password::record(app, &by, user).await?;
    Ok(prove::Proved::Verified)
}
