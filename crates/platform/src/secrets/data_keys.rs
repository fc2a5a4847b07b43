//! The data key of an organization, which seals its values and wraps its subjects' keys.

use aes_gcm::{
    Aes256Gcm,
    aead::{Generate, Key, KeyInit},
};
use kernel::{DataKeyId, OrgId, Result};

use super::{Keyring, seal::failed};
use crate::db::TenantTx;

pub(super) fn unwrap(
    keyring: &Keyring,
    org: OrgId,
    master_key_id: &str,
    wrapped: &[u8],
) -> Result<Aes256Gcm> {
    let key = keyring.unwrap(master_key_id, wrapped, org.uuid().as_bytes())?;
    Aes256Gcm::new_from_slice(key.expose()).map_err(|_| failed("a data key has the wrong length"))
}

/// The key that seals now, made if there is none.
pub(super) async fn current(tx: &mut TenantTx, keyring: &Keyring) -> Result<(DataKeyId, Aes256Gcm)> {
    let (org, now) = (tx.org(), tx.now());
    if let Some(found) = find(tx, keyring).await? {
        return Ok(found);
    }
    let insert =
        "insert into data_keys (org_id, id, master_key_id, wrapped, created_at) values ($1, $2, $3, $4, $5)
        on conflict (org_id) where retired_at is null do nothing";
    sqlx::query(insert)
        .bind(org)
        .bind(DataKeyId::new(now))
        .bind(&keyring.current)
        .bind(keyring.wrap(&Key::<Aes256Gcm>::generate(), org.uuid().as_bytes())?)
        .bind(now)
        .execute(tx.conn())
        .await?;
    find(tx, keyring).await?.ok_or_else(|| failed("an organization has no data key"))
}

async fn find(tx: &mut TenantTx, keyring: &Keyring) -> Result<Option<(DataKeyId, Aes256Gcm)>> {
    let org = tx.org();
    let query = "select id, master_key_id, wrapped from data_keys where org_id = $1 and retired_at is null";
    let row: Option<(DataKeyId, String, Vec<u8>)> =
        sqlx::query_as(query).bind(org).fetch_optional(tx.conn()).await?;
    let Some((id, master_key_id, wrapped)) = row else { return Ok(None) };
    Ok(Some((id, unwrap(keyring, org, &master_key_id, &wrapped)?)))
}
