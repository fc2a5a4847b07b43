//! Sessions at hand for every process, as `session:{SHA-256 of the session's id}` in Redis.
//!
//! Requests that only read may be answered by what a session was a second ago; whatever changes something asks the database. What ends
//! one session takes it out of the cache everywhere at once; whatever else takes a right away counts after [`KEPT`]. A look-up that
//! was under way meanwhile, or a Redis that could not be told, delays that by no more. Without Redis there is nothing here, and
//! the database is always asked.
//!
//! Redis is not believed: an entry carries an HMAC that only we can make, and says when it was looked up.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use platform::{hot::Hot, secrets::Keyring};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::store::FoundSession;

/// Together with the second that a look-up may take, within the two seconds after which a lost right counts everywhere.
const KEPT: Duration = Duration::from_secs(1);
const MAC: usize = 32;

#[derive(Clone)]
pub(crate) struct SessionCache {
    hot: Hot,
    keyring: Arc<Keyring>,
}

#[derive(Serialize, Deserialize)]
struct Entry<S> {
    session: S,
    looked_up_at: DateTime<Utc>,
}

fn key(id_hash: &[u8]) -> String {
    format!("session:{}", hex::encode(id_hash))
}

impl SessionCache {
    pub(crate) const fn new(hot: Hot, keyring: Arc<Keyring>) -> Self {
        Self { hot, keyring }
    }

    /// A session that some process looked up a moment ago.
    pub(crate) async fn get(&self, id_hash: &[u8], now: DateTime<Utc>) -> Option<FoundSession> {
        let value = self.hot.get(&key(id_hash)).await?;
        let (mac, text) = value.split_at_checked(MAC)?;
        self.mac(text)?.verify_slice(mac).ok()?;
        let Entry { session, looked_up_at } = serde_json::from_slice::<Entry<FoundSession>>(text).ok()?;
        let age = (now - looked_up_at).abs();
        (session.id_hash == id_hash && age.to_std().is_ok_and(|age| age <= KEPT)).then_some(session)
    }

    pub(crate) async fn keep(&self, session: &FoundSession, looked_up_at: DateTime<Utc>) {
        if !self.hot.is_shared() {
            return;
        }
        let Ok(text) = serde_json::to_vec(&Entry { session, looked_up_at }) else { return };
        let Some(mac) = self.mac(&text) else { return };
        let value = [&mac.finalize().into_bytes()[..], &text].concat();
        self.hot.put(&key(&session.id_hash), &value, KEPT).await;
    }

    /// Sessions that ended or moved.
    pub(crate) async fn forget(&self, id_hashes: &[Vec<u8>]) {
        let keys: Vec<_> = id_hashes.iter().map(|hash| key(hash)).collect();
        self.hot.forget(&keys).await;
    }

    fn mac(&self, text: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.keyring.pepper()).ok()?;
        mac.update(b"steward session cache");
        mac.update(text);
        Some(mac)
    }
}
