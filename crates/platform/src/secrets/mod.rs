//! Sealed settings: values go in and come out only inside the call that needs them.
//!
//! Envelope encryption. The operator's master key wraps one data key for each organization; the data key seals
//! values with AES-256-GCM. The organization, the owning node and the name of the value are authenticated with it, so
//! that a sealed value copied to another row, node or organization does not open. Rotating the master key re-wraps data
//! keys and touches no value ([`rotate`]). ADR 18 has the format and how rotations overlap.

mod data_keys;
mod keyring;
mod rotate;
mod seal;
mod subjects;

use kernel::{ConfigurationId, NodeId, Result, Secret};

pub(crate) use self::rotate::replace_lost_pepper;
use self::seal::{Place, failed, open, open_bare, seal};
pub use self::{
    keyring::Keyring,
    rotate::{Rotated, keep_pepper, rotate},
    subjects::{Erasable, Readable, SubjectKey, destroy_subject_key, readable, subject_key},
};
use crate::db::TenantTx;

/// The name of a sealed value within an organization.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    /// The node that owns what the value is of, if one does.
    pub node: Option<NodeId>,
    /// Groups values, such as `general`.
    pub config_type: &'a str,
    pub config_key: &'a str,
}

impl<'a> Name<'a> {
    /// A value of the whole organization.
    pub const fn new(config_type: &'a str, config_key: &'a str) -> Self {
        Self { node: None, config_type, config_key }
    }
}

/// Binds a value to its place.
fn place(tx: &TenantTx, name: Name<'_>) -> Place {
    let (org, node) = (tx.org().uuid(), name.node.map(|node| node.uuid()));
    let node = node.as_ref().map_or(&[][..], |node| node.as_bytes());
    let parts = [org.as_bytes().as_slice(), node, name.config_type.as_bytes(), name.config_key.as_bytes()];
    Place::new("configuration", &parts)
}

/// How the format without a version bound one.
fn old_place(tx: &TenantTx, name: Name<'_>) -> Vec<u8> {
    let org = tx.org().uuid();
    [org.as_bytes().as_slice(), name.config_type.as_bytes(), &[0], name.config_key.as_bytes()].concat()
}

/// Stores a value, replacing the one before.
pub async fn put(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>, value: &Secret<String>) -> Result<()> {
    let (org, now, user) = (tx.org(), tx.now(), tx.actor().user());
    let (data_key_id, cipher) = data_keys::current(tx, keyring).await?;
    let sealed = seal(&cipher, value.expose().as_bytes(), &place(tx, name))?;
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

/// Opens a value; none was stored under this name when it answers `None`. One in the format of before is sealed anew.
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
    let cipher = data_keys::unwrap(keyring, org, &master_key_id, &wrapped)?;
    // The first byte of the older format is any: what opens decides.
    let plain = match open(&cipher, &sealed, &place(tx, name)) {
        Ok(plain) => Secret::new(plain),
        Err(error) => {
            let old = open_bare(&cipher, &sealed, &old_place(tx, name)).map_err(|_| error)?;
            let plain = Secret::new(old);
            replace(tx, name, (&sealed, &seal(&cipher, plain.expose(), &place(tx, name))?)).await?;
            plain
        }
    };
    let text = String::from_utf8(plain.expose().clone()).map_err(|_| failed("a sealed value is not text"))?;
    Ok(Some(Secret::new(text)))
}

/// Puts the same value in its new format where the old one stands, unless somebody set another or the disk is full.
async fn replace(tx: &mut TenantTx, name: Name<'_>, (old, new): (&[u8], &[u8])) -> Result<()> {
    if !tx.db().takes_writes() {
        return Ok(());
    }
    let org = tx.org();
    let query = "update configurations set config_value = $5
        where org_id = $1 and config_type = $2 and config_key = $3 and config_value = $4";
    sqlx::query(query)
        .bind(org)
        .bind(name.config_type)
        .bind(name.config_key)
        .bind(old)
        .bind(new)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Seals a value for another owner: whoever moves what it is of moves it as well.
pub async fn move_to(
    tx: &mut TenantTx,
    keyring: &Keyring,
    name: Name<'_>,
    node: Option<NodeId>,
) -> Result<()> {
    match get(tx, keyring, name).await? {
        Some(value) => put(tx, keyring, Name { node, ..name }, &value).await,
        None => Ok(()),
    }
}

/// Removes a value; answers whether there was one.
pub async fn delete(tx: &mut TenantTx, name: Name<'_>) -> Result<bool> {
    let query = "delete from configurations where org_id = $1 and config_type = $2 and config_key = $3";
    let org = tx.org();
    let deleted =
        sqlx::query(query).bind(org).bind(name.config_type).bind(name.config_key).execute(tx.conn()).await?;
    Ok(deleted.rows_affected() > 0)
}
