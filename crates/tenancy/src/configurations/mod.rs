//! Sealed settings, as people set them. Values go in and never come out; `platform::secrets` keeps them.

pub(crate) mod routes;
#[cfg(test)]
mod tests;
mod views;

use kernel::{Error, Result, Secret};
use platform::{
    db::TenantTx,
    record::Change,
    secrets::{self, Name},
};

use crate::{
    Deps, Options,
    events::{
        ConfigurationDeleted, ConfigurationName, ConfigurationRestored, ConfigurationSet,
        ConfigurationVersion, ConfigurationVersions, ConfigurationsForgotten,
    },
};

/// Bytes.
const LONGEST: usize = 64 << 10;

/// # Errors
/// `invalid_config_type`, `invalid_config_key`, `managed_elsewhere`
fn check_name(options: &Options, name: Name<'_>) -> Result<()> {
    if !is_word(name.config_type) {
        let detail = "must be a word of up to 32 small letters, digits and _ that begins with a letter, such as general";
        return Err(Error::field("invalid_config_type", "type", detail));
    }
    let length = name.config_key.chars().count();
    if !(1..=255).contains(&length) || name.config_key.chars().any(char::is_control) {
        return Err(Error::field("invalid_config_key", "key", "must be 1 to 255 characters on one line"));
    }
    if let Some(managed) = options.sealed_keys.iter().find(|start| name.config_key.starts_with(**start)) {
        let detail = format!("values below {managed} are set with what they belong to: change that");
        return Err(Error::conflict("managed_elsewhere", detail));
    }
    Ok(())
}

fn is_word(text: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=32).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(small)
}

/// Stores a value. The one before stays as an earlier version.
///
/// # Errors
/// As [`check_name`]; `invalid_config_value`
async fn set(deps: &Deps, tx: &mut TenantTx, name: Name<'_>, value: &Secret<String>) -> Result<()> {
    check_name(&deps.options, name)?;
    if !(1..=LONGEST).contains(&value.expose().len()) {
        return Err(Error::field("invalid_config_value", "/value", "must be 1 to 65536 bytes"));
    }
    let before = views::find(tx, name).await?;
    secrets::put(tx, &deps.app.keyring, name, value).await?;
    let configuration = views::find(tx, name).await?.ok_or(Error::NotFound("configuration"))?;
    let change = Change { before: before.map(|_| told(name)), ..Change::to(told(name)) };
    tx.record::<ConfigurationSet, _>((configuration.id.uuid(), None), change).await.map(drop)
}

/// Uses an earlier version again.
///
/// # Errors
/// As [`check_name`]; `not_found` for a version that does not count any more
async fn restore(deps: &Deps, tx: &mut TenantTx, name: Name<'_>, restored: i32) -> Result<()> {
    check_name(&deps.options, name)?;
    let configuration = views::find(tx, name).await?.ok_or(Error::NotFound("configuration"))?;
    let version = secrets::restore(tx, &deps.app.keyring, name, restored).await?;
    let ConfigurationName { config_type, config_key } = told(name);
    let change = Change::to(ConfigurationVersion { config_type, config_key, restored, version });
    tx.record::<ConfigurationRestored, _>((configuration.id.uuid(), None), change).await.map(drop)
}

/// Leaves the current version only. Where there is no other there is nothing to tell.
///
/// # Errors
/// As [`check_name`]
async fn forget_earlier(deps: &Deps, tx: &mut TenantTx, name: Name<'_>) -> Result<()> {
    check_name(&deps.options, name)?;
    let configuration = views::find(tx, name).await?.ok_or(Error::NotFound("configuration"))?;
    let versions = secrets::forget_earlier(tx, name).await?;
    if versions.is_empty() {
        return Ok(());
    }
    let ConfigurationName { config_type, config_key } = told(name);
    let change = Change::from(ConfigurationVersions { config_type, config_key, versions });
    tx.record::<ConfigurationsForgotten, _>((configuration.id.uuid(), None), change).await.map(drop)
}

/// # Errors
/// As [`check_name`]
async fn delete(deps: &Deps, tx: &mut TenantTx, name: Name<'_>) -> Result<()> {
    check_name(&deps.options, name)?;
    let configuration = views::find(tx, name).await?.ok_or(Error::NotFound("configuration"))?;
    secrets::delete(tx, name).await?;
    let change = Change::from(told(name));
    tx.record::<ConfigurationDeleted, _>((configuration.id.uuid(), None), change).await.map(drop)
}

fn told(name: Name<'_>) -> ConfigurationName {
    ConfigurationName { config_type: name.config_type.into(), config_key: name.config_key.into() }
}
