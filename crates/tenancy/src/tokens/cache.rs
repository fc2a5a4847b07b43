//! Tokens that were found in the database a moment ago.
//!
//! Ingest authenticates thousands of requests a second with a few tokens. A token is trusted for [`KEPT`] after it
//! was looked up. Revoking one, or changing what its owner may do, forgets all of them in this process at once; another process
//! follows after [`KEPT`].

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{NodeId, OrgId, TokenId, UserId};
use platform::http::TokenGrants;

use super::text::TokenMac;
use crate::{permissions::Role, rights::Rights};

/// How long a token is trusted without being looked up.
pub(crate) const KEPT: TimeDelta = TimeDelta::seconds(1);
/// How long a token that was good is let through a door that is closed to its network.
const REMEMBERED: TimeDelta = TimeDelta::minutes(30);
const LARGEST: usize = 10_000;

/// What a token grants.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub org: OrgId,
    pub id: TokenId,
    /// Whose token it is; none for one of the organization.
    pub user: Option<UserId>,
    pub name: String,
    pub role: Role,
    pub rights: Rights,
    /// What it grants before its place and owner are looked at.
    pub granted: TokenGrants,
    /// The node that owns what the token brings in.
    pub home: Option<NodeId>,
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(crate) struct TokenCache(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// Grows when everything is forgotten.
    generation: u64,
    grants: HashMap<TokenMac, (Grant, DateTime<Utc>)>,
    /// When tokens last let their holders in: no more than there are tokens, so no stranger fills it.
    good: HashMap<TokenMac, DateTime<Utc>>,
}

/// When a look-up began: what was forgotten meanwhile must not come back.
#[derive(Clone, Copy)]
pub(crate) struct Generation(u64);

impl TokenCache {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a token let its holder in within [`REMEMBERED`], whatever became of it since.
    pub(crate) fn was_good(&self, mac: &TokenMac, now: DateTime<Utc>) -> bool {
        self.entries().good.get(mac).is_some_and(|at| now - *at < REMEMBERED)
    }

    /// A grant that was looked up less than [`KEPT`] ago and has not expired.
    pub(crate) fn get(&self, mac: &TokenMac, now: DateTime<Utc>) -> Option<Grant> {
        let entries = self.entries();
        let (grant, at) = entries.grants.get(mac)?;
        let fresh = (TimeDelta::zero()..KEPT).contains(&(now - at));
        (fresh && grant.expires_at.is_none_or(|end| now < end)).then(|| grant.clone())
    }

    pub(crate) fn generation(&self) -> Generation {
        Generation(self.entries().generation)
    }

    pub(crate) fn keep(&self, mac: TokenMac, grant: Grant, now: DateTime<Utc>, since: Generation) {
        let mut entries = self.entries();
        if entries.generation != since.0 {
            return;
        }
        if entries.grants.len() >= LARGEST {
            entries.grants.retain(|_, (_, at)| now - *at < KEPT);
            entries.good.retain(|_, at| now - *at < REMEMBERED);
        }
        if entries.grants.len() < LARGEST {
            entries.grants.insert(mac, (grant, now));
        }
        if entries.good.len() < LARGEST || entries.good.contains_key(&mac) {
            entries.good.insert(mac, now);
        }
    }

    pub(crate) fn forget(&self) {
        let mut entries = self.entries();
        entries.generation += 1;
        entries.grants.clear();
    }
}
