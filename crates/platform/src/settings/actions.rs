use chrono::TimeDelta;
use kernel::{Error, Result};
use serde_json::{Value, json};

use super::{
    AnySetting, Counted, Kind, Setting, SettingPreview, SettingReset, SettingSet, SettingState, SettingValue,
    Settings, not_read, store,
};
use crate::{
    db::TenantTx,
    http::{IfMatch, Revised, tag},
    record::Change,
};

/// What is in force in the transaction's organization, for the domain that declares the setting.
pub async fn read<T: Kind>(tx: &mut TenantTx, setting: &Setting<T>) -> Result<T> {
    Ok(setting.understand(store::value(tx, setting.key).await?.as_ref()))
}

pub(super) async fn list(tx: &mut TenantTx, settings: &Settings) -> Result<Vec<SettingState>> {
    let stored = store::find(tx).await?;
    Ok(settings.all().map(|setting| state(setting, stored.as_ref())).collect())
}

pub(super) async fn get(tx: &mut TenantTx, setting: &dyn AnySetting) -> Result<SettingState> {
    Ok(state(setting, store::find(tx).await?.as_ref()))
}

/// What would be over with this value.
///
/// # Errors
/// `invalid_setting_value`
pub(super) async fn preview(
    tx: &mut TenantTx,
    setting: &dyn AnySetting,
    days: Option<u32>,
) -> Result<SettingPreview> {
    accept(setting, &json!(days))?;
    let over = match (setting.over(), days) {
        (None, _) => None,
        (Some(_), None) => Some(Counted::default()),
        (Some(count), Some(days)) => {
            let before = tx.now() - TimeDelta::days(days.into());
            Some(count(tx, before).await?)
        }
    };
    Ok(SettingPreview { over })
}

fn accept(setting: &dyn AnySetting, value: &Value) -> Result<()> {
    let refusal = setting.refusal(value);
    refusal.map_or(Ok(()), |reason| Err(Error::field("invalid_setting_value", "/value", reason)))
}

/// # Errors
/// `invalid_setting_value`; `changed_meanwhile`
pub(super) async fn set(
    tx: &mut TenantTx,
    setting: &dyn AnySetting,
    known: &IfMatch,
    value: Value,
) -> Result<SettingState> {
    accept(setting, &value)?;
    let mut stored = store::lock(tx).await?;
    let before = state(setting, Some(&stored));
    known.check(before.updated_at())?;
    stored.put(setting.key(), value.clone());
    store::save(tx, &mut stored, setting.key()).await?;
    let change = Change::between(told(setting, before.value), told(setting, value));
    tx.record::<SettingSet, _>((stored.node_id.uuid(), None), change).await?;
    Ok(state(setting, Some(&stored)))
}

/// Gives a setting its default again; nothing for one that has it because it was not set.
///
/// # Errors
/// `changed_meanwhile`
pub(super) async fn reset(tx: &mut TenantTx, setting: &dyn AnySetting, known: &IfMatch) -> Result<()> {
    let mut stored = store::lock(tx).await?;
    let before = state(setting, Some(&stored));
    known.check(before.updated_at())?;
    if stored.take(setting.key()).is_none() {
        return Ok(());
    }
    store::save(tx, &mut stored, setting.key()).await?;
    let change = Change::between(told(setting, before.value), told(setting, setting.default()));
    tx.record::<SettingReset, _>((stored.node_id.uuid(), None), change).await.map(drop)
}

fn told(setting: &dyn AnySetting, value: Value) -> SettingValue {
    SettingValue { key: setting.key().into(), value }
}

fn state(setting: &dyn AnySetting, stored: Option<&store::Stored>) -> SettingState {
    let found = stored.and_then(|stored| stored.value(setting.key()));
    let refusal = found.and_then(|value| setting.refusal(value));
    if let Some(reason) = &refusal {
        not_read(setting.key(), reason);
    }
    let touched = stored.and_then(|stored| stored.changes.get(setting.key()));
    SettingState {
        key: setting.key().into(),
        title: setting.title().into(),
        help: setting.help().into(),
        unit: setting.unit().into(),
        schema: setting.schema(),
        default: setting.default(),
        value: found.filter(|_| refusal.is_none()).cloned().unwrap_or_else(|| setting.default()),
        is_set: found.is_some(),
        changed_at: touched.map(|touched| touched.at),
        changed_by: touched.map(|touched| touched.by.clone()),
        etag: tag(touched.map(|touched| touched.at).unwrap_or_default()),
    }
}
