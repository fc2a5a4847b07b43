//! Tenant access tokens, kept while they last (two hours) so that a message costs one request and not two.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Secret;
use sha2::{Digest, Sha256};

/// Lark issues a new token only when the old one has less than half an hour left; ours are dropped well before their end.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// The app that a token is for. A digest over the secret too: whoever only knows an app's ID gets no token of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AppKey([u8; 32]);

impl AppKey {
    pub fn new(app_id: &Secret<String>, app_secret: &Secret<String>) -> Self {
        let mut digest = Sha256::new();
        digest.update(Sha256::digest(app_id.expose()));
        digest.update(app_secret.expose());
        Self(digest.finalize().into())
    }
}

struct Kept {
    token: Secret<String>,
    until: DateTime<Utc>,
}

/// The tokens of this process.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<AppKey, Kept>>);

impl Tokens {
    fn lock(&self) -> MutexGuard<'_, HashMap<AppKey, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, app: AppKey, now: DateTime<Utc>) -> Option<Secret<String>> {
        let mut kept = self.lock();
        kept.retain(|_, kept| kept.until > now);
        kept.get(&app).map(|kept| kept.token.clone())
    }

    pub(super) fn keep(&self, app: AppKey, token: Secret<String>, lasts: TimeDelta, now: DateTime<Utc>) {
        self.lock().insert(app, Kept { token, until: now + lasts - MARGIN });
    }

    pub(super) fn forget(&self, app: AppKey) {
        self.lock().remove(&app);
    }
}
