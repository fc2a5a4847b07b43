//! What makes an older master key superfluous.

use kernel::{DataKeyId, Error, OrgId, Result, Secret};

use super::Keyring;
use crate::db::{Db, SystemTx};

/// The name of the pepper among the server's keys, which is authenticated with it.
const PEPPER: &str = "token_pepper";

/// What a rotation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Data keys that an older master key had wrapped.
    pub data_keys: u64,
    /// Whether the kept pepper is wrapped with the current key; false when none is kept.
    pub pepper: bool,
}

/// Re-wraps every key that an older master key wraps. After it, the older master keys may be taken out of the key file.
///
/// # Errors
/// `invalid_master_key` when one is wrapped with a key that is not in the key file; nothing is changed then.
pub async fn rotate(db: &Db, keyring: &Keyring) -> Result<Rotated> {
    let mut tx = db.system("master keys belong to the server").await?;
    let query =
        "select org_id, id, master_key_id, wrapped from data_keys where master_key_id <> $1 for update";
    let old: Vec<(OrgId, DataKeyId, String, Vec<u8>)> =
        sqlx::query_as(query).bind(&keyring.current).fetch_all(tx.conn()).await?;
    let mut rotated = Rotated { data_keys: 0, pepper: false };
    for (org, id, master_key_id, wrapped) in old {
        let aad = org.uuid();
        let key = known(keyring, &master_key_id)?.unwrap(&master_key_id, &wrapped, aad.as_bytes())?;
        sqlx::query("update data_keys set master_key_id = $3, wrapped = $4 where org_id = $1 and id = $2")
            .bind(org)
            .bind(id)
            .bind(&keyring.current)
            .bind(keyring.wrap(key.expose(), aad.as_bytes())?)
            .execute(tx.conn())
            .await?;
        rotated.data_keys += 1;
    }
    if let Some((master_key_id, wrapped)) = kept(&mut tx).await? {
        let pepper = known(keyring, &master_key_id)?.unwrap(&master_key_id, &wrapped, PEPPER.as_bytes())?;
        rewrap(&mut tx, keyring, pepper.expose()).await?;
        rotated.pepper = true;
    }
    tx.commit().await?;
    Ok(rotated)
}

fn known<'a>(keyring: &'a Keyring, master_key_id: &str) -> Result<&'a Keyring> {
    if keyring.holds(master_key_id) {
        return Ok(keyring);
    }
    let detail = "a key is wrapped by a master key that is not in the key file";
    Err(Error::invalid("invalid_master_key", detail))
}

async fn rewrap(tx: &mut SystemTx, keyring: &Keyring, pepper: &[u8]) -> Result<()> {
    let query = "update server_keys set master_key_id = $2, wrapped = $3 where name = $1";
    sqlx::query(query)
        .bind(PEPPER)
        .bind(&keyring.current)
        .bind(keyring.wrap(pepper, PEPPER.as_bytes())?)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Keeps the keyring's pepper instead of one whose master key is lost.
pub(crate) async fn replace_lost_pepper(tx: &mut SystemTx, keyring: &Keyring) -> Result<()> {
    match kept(tx).await? {
        Some((master_key_id, _)) if !keyring.holds(&master_key_id) => {
            rewrap(tx, keyring, keyring.pepper()).await
        }
        _ => Ok(()),
    }
}

async fn kept(tx: &mut SystemTx) -> Result<Option<(String, Vec<u8>)>> {
    let query = "select master_key_id, wrapped from server_keys where name = $1 for update";
    Ok(sqlx::query_as(query).bind(PEPPER).fetch_optional(tx.conn()).await?)
}

/// The keyring with the pepper that the database keeps, wrapped by a master key. The first that comes keeps its own there, so that
/// no rotation changes what tokens, links and browsers' keys are authenticated with.
///
/// Without the master key that wraps it there is a pepper of its own, which [`crate::key_check`] refuses.
pub async fn keep_pepper(db: &Db, keyring: Keyring) -> Result<Keyring> {
    let mut tx = db.system("the pepper belongs to the server").await?;
    if tx.takes_writes() {
        let query =
            "insert into server_keys (name, master_key_id, wrapped, created_at) values ($1, $2, $3, $4)
            on conflict (name) do nothing";
        sqlx::query(query)
            .bind(PEPPER)
            .bind(&keyring.current)
            .bind(keyring.wrap(keyring.pepper(), PEPPER.as_bytes())?)
            .bind(db.clock().now())
            .execute(tx.conn())
            .await?;
    }
    let query = "select master_key_id, wrapped from server_keys where name = $1";
    let found: Option<(String, Vec<u8>)> =
        sqlx::query_as(query).bind(PEPPER).fetch_optional(tx.conn()).await?;
    tx.commit().await?;
    let Some((master_key_id, wrapped)) = found else { return Ok(keyring) };
    if !keyring.holds(&master_key_id) {
        return Ok(keyring);
    }
    let pepper: Secret<Vec<u8>> = keyring.unwrap(&master_key_id, &wrapped, PEPPER.as_bytes())?;
    Ok(keyring.with_pepper(pepper))
}
