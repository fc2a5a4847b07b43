//! The master keys of this server, and what wraps and unwraps with them.

use std::collections::HashMap;

use aes_gcm::{
    Aes256Gcm,
    aead::{Generate, Key, KeyInit},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Error, Result, Secret};
use sha2::{Digest, Sha256};

use super::seal::{bare, failed, open_bare};

/// The master keys of this server: one seals, older ones still open.
pub struct Keyring {
    pub(crate) current: String,
    keys: HashMap<String, Aes256Gcm>,
    pepper: Secret<Vec<u8>>,
}

impl Keyring {
    /// Takes base64 keys of 32 bytes, the current one first.
    ///
    /// # Errors
    /// `invalid_master_key` when there is none or one is no such key.
    pub fn new(keys: &[Secret<String>]) -> Result<Self> {
        let invalid = || {
            let remedy = "the master key must be 32 bytes in base64; make one with `openssl rand -base64 32`";
            Error::invalid("invalid_master_key", remedy)
        };
        let mut opened = HashMap::new();
        let mut current = None;
        let mut pepper = None;
        for key in keys {
            let bytes = Secret::new(STANDARD.decode(key.expose().trim()).map_err(|_| invalid())?);
            let cipher = Aes256Gcm::new_from_slice(bytes.expose()).map_err(|_| invalid())?;
            // A key is known by its fingerprint, so that it needs no name.
            let id = hex::encode(&Sha256::digest(bytes.expose())[..8]);
            // Rotation puts new keys in front, and tokens are to outlive it.
            let derived = Sha256::new().chain_update(b"steward token pepper").chain_update(bytes.expose());
            pepper = Some(Secret::new(derived.finalize().to_vec()));
            current.get_or_insert_with(|| id.clone());
            opened.insert(id, cipher);
        }
        let (current, pepper) = current.zip(pepper).ok_or_else(invalid)?;
        Ok(Self { current, keys: opened, pepper })
    }

    /// A new random master key in base64.
    pub fn generate() -> Secret<String> {
        Secret::new(STANDARD.encode(Key::<Aes256Gcm>::generate()))
    }

    /// What access tokens, links and browsers' keys are authenticated with. It derives from the last key of the list, until
    /// [`super::keep_pepper`] or the operator says otherwise.
    pub fn pepper(&self) -> &[u8] {
        self.pepper.expose()
    }

    /// Replaces the pepper.
    #[must_use]
    pub fn with_pepper(mut self, pepper: Secret<Vec<u8>>) -> Self {
        self.pepper = pepper;
        self
    }

    /// Whether the key with this fingerprint was given.
    pub(crate) fn holds(&self, master_key_id: &str) -> bool {
        self.keys.contains_key(master_key_id)
    }

    /// Wraps key material with the current key, for the place that `aad` names.
    pub(super) fn wrap(&self, key: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
        let master = self.keys.get(&self.current).ok_or_else(|| failed("the master key is missing"))?;
        bare(master, key, aad)
    }

    pub(super) fn unwrap(&self, master_key_id: &str, wrapped: &[u8], aad: &[u8]) -> Result<Secret<Vec<u8>>> {
        let master = self.keys.get(master_key_id).ok_or_else(|| {
            failed("a secret was sealed with a master key that this server was not given; add it to the key file")
        })?;
        open_bare(master, wrapped, aad).map(Secret::new)
    }
}
