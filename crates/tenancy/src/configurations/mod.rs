//! Sealed settings, as people set them. Values go in and never come out; `platform::secrets` keeps them.

pub(crate) mod routes;
#[cfg(test)]
mod tests;
mod views;

use kernel::{Error, Result, Secret};
use platform::{
    db::TenantTx,
    record::Change,
    secrets::{self, Keyring, Name},
};

use crate::events::{ConfigurationDeleted, ConfigurationName, ConfigurationSet};

const TYPES: &[&str] = &["lark", "slack", "general"];
/// Keys below this belong to a receiver and are set with it.
const OF_RECEIVERS: &str = "receiver/";
/// Bytes.
const LONGEST: usize = 64 << 10;

/// # Errors
/// `invalid_config_type`, `invalid_config_key`, `managed_by_receiver`
fn check_name(name: Name<'_>) -> Result<()> {
    if !TYPES.contains(&name.config_type) {
        let detail = format!("must be one of {}", TYPES.join(", "));
        return Err(Error::field("invalid_config_type", "type", detail));
    }
    let length = name.config_key.chars().count();
    if !(1..=255).contains(&length) || name.config_key.chars().any(char::is_control) {
        return Err(Error::field("invalid_config_key", "key", "must be 1 to 255 characters on one line"));
    }
    if name.config_key.starts_with(OF_RECEIVERS) {
        let detail = "this value belongs to a receiver; change the receiver";
        return Err(Error::conflict("managed_by_receiver", detail));
    }
    Ok(())
}

/// Stores a value, replacing the one before.
///
/// # Errors
/// As [`check_name`]; `invalid_config_value`
async fn set(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>, value: &Secret<String>) -> Result<()> {
    check_name(name)?;
    if !(1..=LONGEST).contains(&value.expose().len()) {
        return Err(Error::field("invalid_config_value", "/value", "must be 1 to 65536 bytes"));
    }
    let before = views::find(tx, name).await?;
    secrets::put(tx, keyring, name, value).await?;
    let configuration = views::find(tx, name).await?.ok_or(Error::NotFound("configuration"))?;
    let change = Change { before: before.map(|_| told(name)), ..Change::to(told(name)) };
    tx.record::<ConfigurationSet, _>((configuration.id.uuid(), None), change).await.map(drop)
}

/// # Errors
/// As [`check_name`]
async fn delete(tx: &mut TenantTx, name: Name<'_>) -> Result<()> {
    check_name(name)?;
    let configuration = views::find(tx, name).await?.ok_or(Error::NotFound("configuration"))?;
    secrets::delete(tx, name).await?;
    let change = Change::from(told(name));
    tx.record::<ConfigurationDeleted, _>((configuration.id.uuid(), None), change).await.map(drop)
}

fn told(name: Name<'_>) -> ConfigurationName {
    ConfigurationName { config_type: name.config_type.into(), config_key: name.config_key.into() }
}
