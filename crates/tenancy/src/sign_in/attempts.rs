//! How often one may guess.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Failures in a row that an account forgives.
pub(crate) const PER_ACCOUNT: u32 = 4;
/// Failures that an address on the network forgives: many people may share it.
const PER_ADDRESS: u32 = 19;
const FIRST_LOCK: TimeDelta = TimeDelta::seconds(30);
const LONGEST_LOCK: TimeDelta = TimeDelta::minutes(15);
/// Old failures are forgotten this long after the last lock ended.
const FORGOTTEN: TimeDelta = TimeDelta::hours(1);
/// How many keys are counted in memory.
const LARGEST: usize = 10_000;

/// Sign-ins that failed or are under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attempts {
    pub failed: u32,
    pub locked_until: Option<DateTime<Utc>>,
}

/// No more attempts until this much time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Locked(pub TimeDelta);

impl Attempts {
    /// Counts one more attempt. Beyond `forgiven` each locks out all others, for twice as long as the one before.
    pub(crate) fn reserve(self, forgiven: u32, now: DateTime<Utc>) -> Result<Self, Locked> {
        let mut failed = self.failed;
        match self.locked_until {
            Some(until) if now < until => return Err(Locked(until - now)),
            Some(until) if now - until >= FORGOTTEN => failed = 0,
            _ => {}
        }
        let failed = failed.saturating_add(1);
        let locked_until = failed.checked_sub(forgiven + 1).map(|beyond| {
            let lock = FIRST_LOCK * 2_i32.saturating_pow(beyond.min(8));
            now + lock.min(LONGEST_LOCK)
        });
        Ok(Self { failed, locked_until })
    }
}

/// Counts attempts by a key that no row stands for. In memory: each process counts by itself.
pub(crate) struct Throttle {
    forgiven: u32,
    /// Counting starts anew this long after the first failure; none for never.
    window: Option<TimeDelta>,
    counted: Mutex<HashMap<String, Counted>>,
}

#[derive(Clone, Copy)]
struct Counted {
    attempts: Attempts,
    since: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Throttle {
    pub(crate) fn of_addresses() -> Self {
        Self { forgiven: PER_ADDRESS, window: Some(TimeDelta::minutes(15)), counted: Mutex::default() }
    }

    /// For e-mails that nobody has: they lock as if somebody had them.
    pub(crate) fn of_strangers() -> Self {
        Self { forgiven: PER_ACCOUNT, window: None, counted: Mutex::default() }
    }

    pub(crate) fn reserve(&self, key: &str, now: DateTime<Utc>) -> Result<(), Locked> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= LARGEST {
            counted.retain(|_, one| now - one.last < FORGOTTEN);
        }
        if counted.len() >= LARGEST {
            counted.clear();
        }
        let fresh = Counted { attempts: Attempts::default(), since: now, last: now };
        let one = counted.entry(key.to_owned()).or_insert(fresh);
        let locked = one.attempts.locked_until.is_some_and(|until| now < until);
        if !locked && self.window.is_some_and(|window| now - one.since >= window) {
            *one = fresh;
        }
        one.attempts = one.attempts.reserve(self.forgiven, now)?;
        one.last = now;
        Ok(())
    }

    /// Takes an attempt back that succeeded.
    pub(crate) fn succeeded(&self, key: &str) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = counted.get_mut(key) {
            one.attempts = Attempts { failed: one.attempts.failed.saturating_sub(1), locked_until: None };
        }
    }
}

/// The key of an address: an IPv6 subscriber has a whole /64 (RFC 6177) to guess from. This machine has none: what
/// comes from it came through a proxy that was not named as trusted, and may be anybody.
pub(crate) fn address_key(address: &str) -> Option<String> {
    match address.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => None,
        Ok(IpAddr::V6(address)) => Some(format!("{:x}/64", u128::from(address) >> 64)),
        _ => Some(address.to_owned()),
    }
}
