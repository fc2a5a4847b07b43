//! Sealed settings: values go in and come out only inside the call that needs them.
//!
//! Envelope encryption. The operator's master key wraps one data key for each organization; the data key seals
//! values with AES-256-GCM. The organization, the owning node and the name of the value are authenticated with it, so
//! that a sealed value copied to another row, node or organization does not open. Rotating the master key re-wraps data
//! keys and touches no value ([`rotate`]). ADR 18 has the format and how rotations overlap.
//!
//! A value that is set takes the place of one, which stays as an earlier version for the time of [`EARLIER_SECRETS_KEPT`]. Until
//! then it counts ([`counting`]): it may be restored, and is struck out wherever somebody repeats it.

mod data_keys;
mod keyring;
mod retention;
mod rotate;
mod seal;
mod store;
mod subjects;
mod versions;

use kernel::{Error, NodeId, Result, Secret};

pub(crate) use self::rotate::replace_lost_pepper;
pub use self::{
    keyring::Keyring,
    retention::{EARLIER_SECRETS_KEPT, forget_earlier_secrets},
    rotate::{Rotated, keep_pepper, rotate},
    subjects::{Erasable, Readable, SubjectKey, destroy_subject_key, readable, subject_key},
    versions::{SecretVersion, Version, counting, forget_earlier, restore, versions},
};
use self::{
    seal::{Place, failed, open, open_bare, seal},
    store::{Sealed, Stands},
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

/// Stores a value. The one before stays as an earlier version; the same value again is none.
pub async fn put(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>, value: &Secret<String>) -> Result<()> {
    let (data_key_id, cipher) = data_keys::current(tx, keyring).await?;
    let sealed = seal(&cipher, value.expose().as_bytes(), &place(tx, name))?;
    if store::insert_or_lock(tx, name, &sealed, data_key_id).await? {
        return Ok(());
    }
    let stored = store::lock(tx, name).await?;
    let stored = stored.ok_or_else(|| Error::internal("a locked secret vanished"))?;
    // One that does not open any more, because its master key is lost, is replaced as any other.
    match unseal(tx, keyring, name, Stands::Current, &stored).await {
        Ok(same) if same == *value => Ok(()),
        _ => versions::supersede(tx, stored.id, &sealed, data_key_id).await.map(drop),
    }
}

/// Opens a value; none was stored under this name when it answers `None`. One in the format of before is sealed anew.
pub async fn get(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>) -> Result<Option<Secret<String>>> {
    match store::find(tx, name).await? {
        Some(stored) => unseal(tx, keyring, name, Stands::Current, &stored).await.map(Some),
        None => Ok(None),
    }
}

/// Opens what a row holds.
async fn unseal(
    tx: &mut TenantTx,
    keyring: &Keyring,
    name: Name<'_>,
    stands: Stands,
    row: &Sealed,
) -> Result<Secret<String>> {
    let cipher = data_keys::unwrap(keyring, tx.org(), &row.master_key_id, &row.wrapped)?;
    // The first byte of the older format is any: what opens decides.
    let plain = match open(&cipher, &row.sealed, &place(tx, name)) {
        Ok(plain) => Secret::new(plain),
        Err(error) => {
            let old = open_bare(&cipher, &row.sealed, &old_place(tx, name)).map_err(|_| error)?;
            let plain = Secret::new(old);
            // While the disk is full it stays as it is.
            if tx.db().takes_writes() {
                let anew = seal(&cipher, plain.expose(), &place(tx, name))?;
                store::seal_anew(tx, stands, row, &anew).await?;
            }
            plain
        }
    };
    let text = String::from_utf8(plain.expose().clone()).map_err(|_| failed("a sealed value is not text"))?;
    Ok(Secret::new(text))
}

/// Seals a value and its earlier versions for another owner: whoever moves what it is of moves it as well.
pub async fn move_to(
    tx: &mut TenantTx,
    keyring: &Keyring,
    name: Name<'_>,
    node: Option<NodeId>,
) -> Result<()> {
    let Some(current) = store::lock(tx, name).await? else { return Ok(()) };
    let (data_key_id, cipher) = data_keys::current(tx, keyring).await?;
    let there = place(tx, Name { node, ..name });
    let value = unseal(tx, keyring, name, Stands::Current, &current).await?;
    let sealed = seal(&cipher, value.expose().as_bytes(), &there)?;
    store::seal_elsewhere(tx, Stands::Current, current.id, (&sealed, data_key_id)).await?;
    for earlier in store::earlier(tx, current.id).await? {
        // What does not open here opens nowhere, and goes when its time is over.
        if let Ok(value) = unseal(tx, keyring, name, Stands::Earlier, &earlier.sealed).await {
            let sealed = seal(&cipher, value.expose().as_bytes(), &there)?;
            store::seal_elsewhere(tx, Stands::Earlier, earlier.sealed.id, (&sealed, data_key_id)).await?;
        }
    }
    Ok(())
}

/// Removes a value and its earlier versions; answers whether there was one.
pub async fn delete(tx: &mut TenantTx, name: Name<'_>) -> Result<bool> {
    store::delete(tx, name).await
}
