//! Asking an address, and hearing its answer.

use chrono::TimeDelta;
use kernel::{Code, Error, Result};
use platform::{db::TenantTx, jobs::NewJob};

use super::{
    code,
    jobs::{AskAddress, KIND},
    store::{self, Asked},
};
use crate::Deps;

const VALID: TimeDelta = TimeDelta::days(1);
const MOST_WRONG: i32 = 5;
const BETWEEN_MAILS: TimeDelta = TimeDelta::minutes(1);
const DAY: TimeDelta = TimeDelta::days(1);
const MOST_MAILS: i32 = 5;
const HOUR: TimeDelta = TimeDelta::hours(1);
const MOST_MAILS_OF_ORG: i64 = 20;

/// A receiver has this address now: it is confirmed if a member proved it, else a code is mailed there, unless one that fits is on its way.
///
/// # Errors
/// `confirmation_sent_too_often`
pub(crate) async fn ask(tx: &mut TenantTx, address: &str) -> Result<()> {
    let asked = store::open(tx, address).await?;
    if asked.confirmed_at.is_some() || asked.mailed_at.is_some() && asked.expires_at > tx.now() {
        return Ok(());
    }
    if store::is_a_member_s(tx, address).await? {
        return store::confirm(tx, asked.id).await;
    }
    mail(tx, asked).await
}

/// Mails another code; the one before fits no more.
///
/// # Errors
/// `confirmation_sent_too_often`
pub(crate) async fn ask_again(tx: &mut TenantTx, address: &str) -> Result<()> {
    let asked = store::open(tx, address).await?;
    if asked.confirmed_at.is_some() {
        return Ok(());
    }
    mail(tx, asked).await
}

async fn mail(tx: &mut TenantTx, mut asked: Asked) -> Result<()> {
    let now = tx.now();
    if asked.mails_since + DAY <= now {
        (asked.mails, asked.mails_since) = (0, now);
    }
    if asked.mails >= MOST_MAILS {
        return Err(too_often(asked.mails_since + DAY - now, "five mails a day are sent to an address"));
    }
    if let Some(mailed_at) = asked.mailed_at.filter(|mailed_at| *mailed_at + BETWEEN_MAILS > now) {
        return Err(too_often(mailed_at + BETWEEN_MAILS - now, "a code was mailed a moment ago"));
    }
    if store::mailed_since(tx, now - HOUR).await? >= MOST_MAILS_OF_ORG {
        return Err(too_often(HOUR, "twenty addresses an hour are asked"));
    }
    asked.mails += 1;
    store::renew(tx, &asked, now + VALID).await?;
    let job = NewJob::of(KIND, &AskAddress { id: asked.id, generation: asked.generation + 1 })?;
    tx.enqueue(NewJob { queue: "notify", ..job }).await
}

fn too_often(wait: TimeDelta, why: &str) -> Error {
    let retry_after = u64::try_from(wait.num_seconds()).unwrap_or_default().max(1);
    let detail = format!("{why}; again in {retry_after} s");
    Error::Limited { code: Code("confirmation_sent_too_often"), detail, retry_after }
}

/// Somebody gives the code. Whether it fits; a guess is written down either way, so commit.
///
/// # Errors
/// When the database cannot be asked.
pub(crate) async fn confirm(tx: &mut TenantTx, deps: &Deps, (address, given): (&str, &str)) -> Result<bool> {
    let (asked, now) = (store::open(tx, address).await?, tx.now());
    if asked.confirmed_at.is_some() {
        return Ok(true);
    }
    let is_open = asked.mailed_at.is_some() && asked.expires_at > now && asked.wrong_codes < MOST_WRONG;
    let code = code::code(deps.app.keyring.pepper(), tx.org(), (asked.id, asked.generation))?;
    if is_open && code::fits(given, &code) {
        store::confirm(tx, asked.id).await?;
        return Ok(true);
    }
    store::note_wrong_code(tx, asked.id).await?;
    Ok(false)
}
