//! The keys that a project publishes (RFC 7517).
//!
//! They are fetched when a JWT names a key that is not known, and again when they are ten minutes old, so that a key
//! that the project withdrew is forgotten. However many JWTs name unknown keys, the address is asked at most every
//! 30 seconds, by one request at a time. While it cannot be reached, the keys that are known keep working.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use kernel::{Error, Result};
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::invalid;

const FRESH: TimeDelta = TimeDelta::minutes(10);
const BETWEEN_FETCHES: TimeDelta = TimeDelta::seconds(30);
/// Bytes; a set has a few kilobytes.
const LARGEST: usize = 256 << 10;

type Keys = HashMap<String, (Algorithm, DecodingKey)>;

pub(crate) struct Jwks {
    url: Url,
    client: Client,
    known: RwLock<Known>,
    /// When the address was asked last; held while it is asked.
    asked_at: Mutex<Option<DateTime<Utc>>>,
}

#[derive(Default)]
struct Known {
    keys: Keys,
    fetched_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Jwks {
    pub(crate) fn new(url: Url, client: Client) -> Self {
        Self { url, client, known: RwLock::default(), asked_at: Mutex::default() }
    }

    /// The key with this id, for this algorithm.
    ///
    /// # Errors
    /// `invalid_token` when the project publishes none; unavailable when that cannot be found out.
    pub(crate) async fn key(&self, kid: &str, alg: Algorithm, now: DateTime<Utc>) -> Result<DecodingKey> {
        if let (Some(key), true) = self.find(kid, alg, now) {
            return Ok(key);
        }
        let mut asked_at = self.asked_at.lock().await;
        // Another request may have fetched it while this one waited.
        let (known, fresh) = self.find(kid, alg, now);
        if let (Some(key), true) = (&known, fresh) {
            return Ok(key.clone());
        }
        if asked_at.is_none_or(|at| now - at >= BETWEEN_FETCHES) {
            *asked_at = Some(now);
            match self.fetch().await {
                Ok(keys) => {
                    *self.known.write().unwrap_or_else(PoisonError::into_inner) =
                        Known { keys, fetched_at: Some(now) };
                    return self.find(kid, alg, now).0.ok_or_else(unknown);
                }
                Err(error) => tracing::warn!(url = %self.url, %error, "cannot fetch the keys of Supabase"),
            }
            return known.ok_or_else(|| Error::unavailable("the keys of Supabase cannot be fetched"));
        }
        known.ok_or_else(unknown)
    }

    /// A known key, and whether what is known is fresh.
    fn find(&self, kid: &str, alg: Algorithm, now: DateTime<Utc>) -> (Option<DecodingKey>, bool) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let key = known.keys.get(kid).filter(|(of, _)| *of == alg).map(|(_, key)| key.clone());
        (key, known.fetched_at.is_some_and(|at| now - at < FRESH))
    }

    async fn fetch(&self) -> Result<Keys> {
        let mut response = self
            .client
            .get(self.url.clone())
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(Error::internal)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(Error::internal)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Error::internal("the key set is too large"));
            }
            body.extend_from_slice(&chunk);
        }
        let set: KeySet = serde_json::from_slice(&body)?;
        Ok(set.keys.into_iter().filter_map(usable).collect())
    }
}

fn unknown() -> Error {
    invalid("it names a key that the project does not publish")
}

/// A key to verify signatures with; other keys of a set are none of ours.
fn usable(key: Value) -> Option<(String, (Algorithm, DecodingKey))> {
    let jwk: Jwk = serde_json::from_value(key).ok()?;
    if jwk.common.public_key_use.as_ref().is_some_and(|purpose| *purpose != PublicKeyUse::Signature) {
        return None;
    }
    let alg = match (&jwk.algorithm, jwk.common.key_algorithm) {
        (AlgorithmParameters::RSA(_), None | Some(KeyAlgorithm::RS256)) => Algorithm::RS256,
        (AlgorithmParameters::EllipticCurve(curve), None | Some(KeyAlgorithm::ES256))
            if curve.curve == EllipticCurve::P256 =>
        {
            Algorithm::ES256
        }
        _ => return None,
    };
    Some((jwk.common.key_id.clone()?, (alg, DecodingKey::from_jwk(&jwk).ok()?)))
}
