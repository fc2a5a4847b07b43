//! Sealed settings: values go in and come out only inside the call that needs them.
//!
//! Envelope encryption. The operator's master key wraps one data key for each organization; the data key seals
//! values with AES-256-GCM. The organization and the name of the value are authenticated with it, so that a sealed
//! value copied to another row does not open. Rotating the master key re-wraps data keys and touches no value.

use std::collections::HashMap;

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, Generate, Key, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{ConfigurationId, DataKeyId, Error, OrgId, Result, Secret};
use sha2::{Digest, Sha256};

use crate::db::{Db, TenantTx};

const NONCE: usize = 12;

/// The master keys of this server: one seals, older ones still open.
pub struct Keyring {
    current: String,
    keys: HashMap<String, Aes256Gcm>,
    pepper: Secret<Vec<u8>>,
}

/// The name of a sealed value within an organization.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    /// `slack`, `lark` or `general`.
    pub config_type: &'a str,
    pub config_key: &'a str,
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
        for key in keys {
            let bytes = STANDARD.decode(key.expose().trim()).map_err(|_| invalid())?;
            let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| invalid())?;
            // A key is known by its fingerprint, so that it needs no name.
            let id = hex::encode(&Sha256::digest(&bytes)[..8]);
            if current.is_none() {
                let pepper =
                    Sha256::new().chain_update(b"steward token pepper").chain_update(&bytes).finalize();
                current = Some((id.clone(), Secret::new(pepper.to_vec())));
            }
            opened.insert(id, cipher);
        }
        let (current, pepper) = current.ok_or_else(invalid)?;
        Ok(Self { current, keys: opened, pepper })
    }

    /// A new random master key in base64.
    pub fn generate() -> Secret<String> {
        Secret::new(STANDARD.encode(Key::<Aes256Gcm>::generate()))
    }

    /// The fingerprint of the key that seals.
    pub(crate) fn current_id(&self) -> &str {
        &self.current
    }

    /// Whether the key with this fingerprint was given.
    pub(crate) fn holds(&self, master_key_id: &str) -> bool {
        self.keys.contains_key(master_key_id)
    }

    /// What access tokens are authenticated with. It derives from the first key ever given when the operator
    /// sets no pepper of its own.
    pub fn pepper(&self) -> &[u8] {
        self.pepper.expose()
    }

    /// Replaces the pepper, so that it outlives a rotation of the master key.
    #[must_use]
    pub fn with_pepper(mut self, pepper: Secret<Vec<u8>>) -> Self {
        self.pepper = pepper;
        self
    }

    fn wrap(&self, org: OrgId, key: &[u8]) -> Result<Vec<u8>> {
        let master = self.keys.get(&self.current).ok_or_else(|| unopened("the master key is missing"))?;
        seal(master, key, org.uuid().as_bytes())
    }

    fn unwrap(&self, org: OrgId, master_key_id: &str, wrapped: &[u8]) -> Result<Aes256Gcm> {
        let master = self.keys.get(master_key_id).ok_or_else(|| {
            unopened("a secret was sealed with a master key that this server was not given; add it to the key file")
        })?;
        let key = open(master, wrapped, org.uuid().as_bytes())?;
        Aes256Gcm::new_from_slice(&key).map_err(|_| unopened("a data key has the wrong length"))
    }
}

fn unopened(detail: &'static str) -> Error {
    Error::internal(detail)
}

fn seal(cipher: &Aes256Gcm, plain: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let nonce = Nonce::generate();
    let sealed = cipher.encrypt(&nonce, Payload { msg: plain, aad }).map_err(|_| unopened("cannot seal"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(cipher: &Aes256Gcm, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let tampered = || unopened("a sealed value does not open: it was changed, or belongs elsewhere");
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(tampered)?;
    let nonce = Nonce::try_from(nonce).map_err(|_| tampered())?;
    cipher.decrypt(&nonce, Payload { msg: body, aad }).map_err(|_| tampered())
}

/// Binds a value to its place.
fn place(org: OrgId, name: Name<'_>) -> Vec<u8> {
    [org.uuid().as_bytes().as_slice(), name.config_type.as_bytes(), &[0], name.config_key.as_bytes()].concat()
}

/// Stores a value, replacing the one before.
pub async fn put(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>, value: &Secret<String>) -> Result<()> {
    let (org, now, user) = (tx.org(), tx.now(), tx.actor().user());
    let (data_key_id, cipher) = current_data_key(tx, keyring).await?;
    let sealed = seal(&cipher, value.expose().as_bytes(), &place(org, name))?;
    let query = "insert into configurations
            (org_id, id, config_type, config_key, config_value, data_key_id, updated_by, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        on conflict (org_id, config_type, config_key) do update
            set config_value = $5, data_key_id = $6, updated_by = $7, updated_at = $8";
    sqlx::query(query)
        .bind(org)
        .bind(ConfigurationId::new(now))
        .bind(name.config_type)
        .bind(name.config_key)
        .bind(sealed)
        .bind(data_key_id)
        .bind(user)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Opens a value; none was stored under this name when it answers `None`.
pub async fn get(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>) -> Result<Option<Secret<String>>> {
    let org = tx.org();
    let query = "select c.config_value, k.master_key_id, k.wrapped from configurations c
        join data_keys k on k.org_id = c.org_id and k.id = c.data_key_id
        where c.org_id = $1 and c.config_type = $2 and c.config_key = $3";
    let row: Option<(Vec<u8>, String, Vec<u8>)> = sqlx::query_as(query)
        .bind(org)
        .bind(name.config_type)
        .bind(name.config_key)
        .fetch_optional(tx.conn())
        .await?;
    let Some((sealed, master_key_id, wrapped)) = row else { return Ok(None) };
    let plain = open(&keyring.unwrap(org, &master_key_id, &wrapped)?, &sealed, &place(org, name))?;
    let text = String::from_utf8(plain).map_err(|_| unopened("a sealed value is not text"))?;
    Ok(Some(Secret::new(text)))
}

/// Removes a value; answers whether there was one.
pub async fn delete(tx: &mut TenantTx, name: Name<'_>) -> Result<bool> {
    let query = "delete from configurations where org_id = $1 and config_type = $2 and config_key = $3";
    let org = tx.org();
    let deleted =
        sqlx::query(query).bind(org).bind(name.config_type).bind(name.config_key).execute(tx.conn()).await?;
    Ok(deleted.rows_affected() > 0)
}

async fn current_data_key(tx: &mut TenantTx, keyring: &Keyring) -> Result<(DataKeyId, Aes256Gcm)> {
    let (org, now) = (tx.org(), tx.now());
    let fresh = Key::<Aes256Gcm>::generate();
    let insert =
        "insert into data_keys (org_id, id, master_key_id, wrapped, created_at) values ($1, $2, $3, $4, $5)
        on conflict (org_id) where retired_at is null do nothing";
    sqlx::query(insert)
        .bind(org)
        .bind(DataKeyId::new(now))
        .bind(&keyring.current)
        .bind(keyring.wrap(org, &fresh)?)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let query = "select id, master_key_id, wrapped from data_keys where org_id = $1 and retired_at is null";
    let (id, master_key_id, wrapped): (DataKeyId, String, Vec<u8>) =
        sqlx::query_as(query).bind(org).fetch_one(tx.conn()).await?;
    Ok((id, keyring.unwrap(org, &master_key_id, &wrapped)?))
}

/// Re-wraps every data key that an older master key wraps; answers how many. After it, the older master keys may be
/// taken out of the key file.
pub async fn rotate(db: &Db, keyring: &Keyring) -> Result<u64> {
    let mut tx = db.system("master keys belong to the server").await?;
    let query =
        "select org_id, id, master_key_id, wrapped from data_keys where master_key_id <> $1 for update";
    let old: Vec<(OrgId, DataKeyId, String, Vec<u8>)> =
        sqlx::query_as(query).bind(&keyring.current).fetch_all(tx.conn()).await?;
    let mut rotated = 0;
    for (org, id, master_key_id, wrapped) in old {
        let master = keyring.keys.get(&master_key_id).ok_or_else(|| {
            Error::invalid(
                "invalid_master_key",
                "a data key is wrapped by a master key that is not in the key file",
            )
        })?;
        let key = open(master, &wrapped, org.uuid().as_bytes())?;
        sqlx::query("update data_keys set master_key_id = $3, wrapped = $4 where org_id = $1 and id = $2")
            .bind(org)
            .bind(id)
            .bind(&keyring.current)
            .bind(keyring.wrap(org, &key)?)
            .execute(tx.conn())
            .await?;
        rotated += 1;
    }
    tx.commit().await?;
    Ok(rotated)
}
