//! How often one may guess.
//!
//! What is guessed at is counted in the database, so every process of a server counts alike, and before it is judged, so a
//! hundred guesses at once count as a hundred. A counter's key is an HMAC: the table tells nobody's address. Each counter
//! ends by itself; no event clears others.
//!
//! Nothing is counted by account alone: whoever guesses locks the network that the guesses come from out of that account, and
//! nobody else. A browser that its person signed in with before has a counter of its own and passes by the network's
//! ([`devices`]). An account that does not exist is counted like one that does.

pub(crate) mod attempts;
pub(crate) mod devices;
mod store;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Code, Error, Result};
use platform::{App, db::Db, http::network_of};
use sha2::Sha256;

use attempts::{FORGOTTEN, Locked, Rule};
pub(crate) use store::{forget_devices, is_known_device, keep_device};

/// Where the sender of a request cannot be told: this machine, or a proxy on it that was not named as trusted.
const UNKNOWN: &str = "";

/// The name of a counter.
pub(crate) type Key = Vec<u8>;

/// A counter and what it forgives.
#[derive(Clone)]
pub(crate) struct Counter {
    pub key: Key,
    pub rule: Rule,
}

/// The network of an address.
pub(crate) fn network(ip: Option<&str>) -> String {
    match ip.map(str::parse::<IpAddr>) {
        Some(Ok(address)) if !address.is_loopback() => network_of(address),
        _ => UNKNOWN.into(),
    }
}

pub(crate) fn key(app: &App, parts: &[&[u8]]) -> Result<Key> {
    let mut mac = Hmac::<Sha256>::new_from_slice(app.keyring.pepper()).map_err(Error::internal)?;
    mac.update(b"steward throttle");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Counts an attempt that is about to be judged; answers whether it locks out all others until it succeeds.
///
/// # Errors
/// The longest wait, when one of the counters is locked; then nothing is counted.
pub(crate) async fn reserve(app: &App, counters: &[Counter]) -> Result<Result<bool, Locked>> {
    let now = app.clock.now();
    let mut counters = counters.to_vec();
    counters.sort_by(|one, other| one.key.cmp(&other.key));
    let mut tx = app.db.system("guesses belong to no organization").await?;
    let mut counted = Vec::new();
    for Counter { key, rule } in &counters {
        let before = store::lock(tx.conn(), key, now).await?;
        counted.push((key, before.reserve(*rule, now)));
    }
    if let Some(locked) = counted.iter().filter_map(|(_, outcome)| outcome.err()).max() {
        return Ok(Err(locked));
    }
    let mut locks = false;
    for (key, outcome) in counted {
        if let Ok(attempts) = outcome {
            locks |= attempts.locked_until.is_some();
            store::set(tx.conn(), key, attempts).await?;
        }
    }
    tx.commit().await?;
    Ok(Ok(locks))
}

/// The attempt succeeded: `forgotten` start anew, and `others`, which many people share, give one attempt back.
pub(crate) async fn succeeded(app: &App, forgotten: &[Counter], others: &[Counter]) -> Result<()> {
    let mut tx = app.db.system("guesses belong to no organization").await?;
    let keys = |counters: &[Counter]| counters.iter().map(|counter| counter.key.clone()).collect::<Vec<_>>();
    store::settle(tx.conn(), &keys(forgotten), &keys(others)).await?;
    tx.commit().await
}

/// Says for how long, and not whose fault it was.
pub(crate) fn refusal(Locked(wait): Locked) -> Error {
    let retry_after = u64::try_from(wait.num_milliseconds()).unwrap_or_default().div_ceil(1000);
    let detail = format!("too many attempts from your network; try again in {retry_after} s");
    Error::Limited { code: Code("sign_in_locked"), detail, retry_after }
}

/// Removes counters that would start anew anyway.
pub(crate) async fn clean_up(db: Db) -> Result<()> {
    let before = db.clock().now() - FORGOTTEN - TimeDelta::minutes(15);
    let mut tx = db.system("guesses belong to no organization").await?;
    let removed = store::delete_quiet(tx.conn(), before).await?;
    tx.commit().await?;
    tracing::debug!(removed, "removed counters of attempts");
    Ok(())
}
