//! Tokens that were found in the database a moment ago.
//!
//! Ingest authenticates thousands of requests a second with a few tokens. A token is trusted for [`KEPT`] after it
//! was looked up. Revoking one, or suspending its organization, forgets all of them in this process at once; another
//! process follows after [`KEPT`].

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{OrgId, TokenId};

use super::text::TokenMac;
use crate::permissions::{Permissions, Role};

/// How long a token is trusted without being looked up.
pub(crate) const KEPT: TimeDelta = TimeDelta::seconds(2);
const LARGEST: usize = 10_000;

/// What a token grants.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub org: OrgId,
    pub id: TokenId,
    pub name: String,
    pub role: Role,
    pub permissions: Permissions,
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(crate) struct TokenCache(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// Grows when everything is forgotten.
    generation: u64,
    grants: HashMap<TokenMac, (Grant, DateTime<Utc>)>,
}

/// When a look-up began: what was forgotten meanwhile must not come back.
#[derive(Clone, Copy)]
pub(crate) struct Generation(u64);

impl TokenCache {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        }
        if entries.grants.len() < LARGEST {
            entries.grants.insert(mac, (grant, now));
        }
    }

    pub(crate) fn forget(&self) {
        let mut entries = self.entries();
        entries.generation += 1;
        entries.grants.clear();
    }
}
