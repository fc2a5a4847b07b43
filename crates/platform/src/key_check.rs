//! Whether a process holds the keys that its database was used with.
//!
//! With another pepper every token and session is refused, and with another master key no secret opens; nothing else tells.
//! So the first start writes down what its keys are, by values that tell nothing of them, and every later one compares. A
//! rotation moves the master key on; an operator who changes the pepper, or has lost a key, says so ([`accept`]), and a kept pepper
//! that no given key opens gives way to the present one.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result};
use sha2::Sha256;

use crate::{
    db::{Db, SystemTx},
    secrets::{Keyring, replace_lost_pepper},
};

/// Compares the keys with those of the first start; writes them down if this is it.
///
/// # Errors
/// `invalid_master_key` when they are others
pub async fn compare(db: &Db, keyring: &Keyring) -> Result<()> {
    let mut tx = db.system("keys belong to the server").await?;
    // A second look writes nothing, so that a disk which is full keeps nobody from starting.
    let (master_key_id, pepper_check) = match find(&mut tx).await? {
        Some(found) => found,
        None => {
            write(&mut tx, db, keyring, Known::Stay).await?;
            find(&mut tx).await?.ok_or_else(|| Error::internal("the check of the keys vanished"))?
        }
    };
    tx.commit().await?;
    if pepper_check != check_of(keyring)? {
        return refused("the pepper is not the one that the tokens of this database were made with");
    }
    if !keyring.holds(&master_key_id) {
        return refused("the master key that seals the secrets of this database is not among the given ones");
    }
    Ok(())
}

/// Takes these keys as the right ones from now on.
pub async fn accept(db: &Db, keyring: &Keyring) -> Result<()> {
    let mut tx = db.system("keys belong to the server").await?;
    write(&mut tx, db, keyring, Known::Go).await?;
    replace_lost_pepper(&mut tx, keyring).await?;
    tx.commit().await
}

fn refused(what: &str) -> Result<()> {
    let remedy = "give every process the same key file and pepper; if they were changed on purpose, run \
        `steward secrets accept`";
    Err(Error::invalid("invalid_master_key", format!("{what}: {remedy}")))
}

async fn find(tx: &mut SystemTx) -> Result<Option<(String, Vec<u8>)>> {
    let query = "select master_key_id, pepper_check from key_check";
    Ok(sqlx::query_as(query).fetch_optional(tx.conn()).await?)
}

/// What becomes of the keys that are known already.
enum Known {
    Stay,
    Go,
}

async fn write(tx: &mut SystemTx, db: &Db, keyring: &Keyring, known: Known) -> Result<()> {
    let query = match known {
        Known::Stay => {
            "insert into key_check (master_key_id, pepper_check, checked_at) values ($1, $2, $3)
            on conflict do nothing"
        }
        Known::Go => {
            "insert into key_check (master_key_id, pepper_check, checked_at) values ($1, $2, $3)
            on conflict (one) do update set master_key_id = $1, pepper_check = $2, checked_at = $3"
        }
    };
    let (id, check) = (&keyring.current, check_of(keyring)?);
    sqlx::query(query).bind(id).bind(check).bind(db.clock().now()).execute(tx.conn()).await?;
    Ok(())
}

fn check_of(keyring: &Keyring) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(keyring.pepper()).map_err(Error::internal)?;
    mac.update(b"steward key check");
    Ok(mac.finalize().into_bytes().to_vec())
}
