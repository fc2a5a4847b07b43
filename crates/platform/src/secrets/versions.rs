//! Versions of a sealed value: which count, what people see of them, and how one becomes the current one again.
//!
//! The current version has the highest number, and no number comes twice until the value is deleted. One that is restored becomes a new version: nothing
//! is ever set back in silence.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{DataKeyId, Error, Result, Secret, UserId};
use serde::Serialize;
use uuid::Uuid;

use super::{
    EARLIER_SECRETS_KEPT, Keyring, Name, data_keys, place,
    seal::seal,
    store::{self, Stands, Told},
    unseal,
};
use crate::{db::TenantTx, settings};

/// Who changes a secret over and over keeps no more than this of it.
const MOST_EARLIER: i64 = 5;

/// A version that counts, opened.
pub struct Version {
    pub number: i32,
    pub value: Secret<String>,
}

/// A version of a sealed value, without the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SecretVersion {
    /// Counted from 1. The highest is the current one.
    pub version: i32,
    pub is_current: bool,
    pub set_at: DateTime<Utc>,
    /// Who set it; null for a program of the organization, or the operator.
    #[schema(required = true)]
    pub set_by: Option<UserId>,
    #[schema(required = true)]
    pub set_by_name: Option<String>,
    /// Until when it counts: it may be restored, and is struck out where others repeat it. Null for the current one.
    #[schema(required = true)]
    pub until: Option<DateTime<Utc>>,
}

/// How long a version counts after another took its place; none that do.
async fn overlap(tx: &mut TenantTx) -> Result<Option<TimeDelta>> {
    let days = settings::read(tx, &EARLIER_SECRETS_KEPT).await?;
    Ok((days > 0).then(|| TimeDelta::days(days.into())))
}

/// Every version that counts now, opened, the current one first: whatever comes from outside may know any of them. Empty when
/// nothing is stored under this name.
pub async fn counting(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>) -> Result<Vec<Version>> {
    let Some(current) = store::find(tx, name).await? else { return Ok(Vec::new()) };
    let value = unseal(tx, keyring, name, Stands::Current, &current).await?;
    let mut counting = vec![Version { number: current.version, value }];
    let earlier = store::earlier(tx, current.id).await?;
    if earlier.is_empty() {
        return Ok(counting);
    }
    let Some(overlap) = overlap(tx).await? else { return Ok(counting) };
    let now = tx.now();
    for earlier in earlier.iter().filter(|earlier| earlier.replaced_at + overlap > now) {
        let number = earlier.sealed.version;
        match unseal(tx, keyring, name, Stands::Earlier, &earlier.sealed).await {
            Ok(value) => counting.push(Version { number, value }),
            // The current one works without it.
            Err(error) => {
                tracing::warn!(org = %tx.org(), number, %error, "an earlier version of a secret does not open")
            }
        }
    }
    Ok(counting)
}

/// The versions that count now, the current one first, without their values; empty when nothing is stored under this name.
pub async fn versions(tx: &mut TenantTx, name: Name<'_>) -> Result<Vec<SecretVersion>> {
    let Some(current) = store::told(tx, name).await? else { return Ok(Vec::new()) };
    let (configuration, now) = (current.id, tx.now());
    let mut versions = vec![shown(current, None)];
    if let Some(overlap) = overlap(tx).await? {
        let earlier = store::told_earlier(tx, configuration).await?.into_iter();
        let counting =
            earlier.map(|one| (one.replaced_at + overlap, one.told)).filter(|(until, _)| *until > now);
        versions.extend(counting.map(|(until, told)| shown(told, Some(until))));
    }
    Ok(versions)
}

fn shown(told: Told, until: Option<DateTime<Utc>>) -> SecretVersion {
    let Told { version, set_at, set_by, set_by_name, .. } = told;
    SecretVersion { version, is_current: until.is_none(), set_at, set_by, set_by_name, until }
}

/// Puts a sealed value in place of the current one, which stays as an earlier version; answers the number of the new one.
pub(super) async fn supersede(
    tx: &mut TenantTx,
    configuration: Uuid,
    sealed: &[u8],
    data_key_id: DataKeyId,
) -> Result<i32> {
    if overlap(tx).await?.is_some() {
        store::keep(tx, configuration, MOST_EARLIER).await?;
    }
    store::replace(tx, configuration, (sealed, data_key_id)).await
}

/// Makes an earlier version that counts the current one, as a new version; answers its number.
///
/// # Errors
/// `not_found` for one that does not count any more, or is the current one
pub async fn restore(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>, version: i32) -> Result<i32> {
    let current = store::lock(tx, name).await?.ok_or(Error::NotFound("secret"))?;
    let overlap = overlap(tx).await?.ok_or(Error::NotFound("version"))?;
    let now = tx.now();
    let counts =
        |earlier: &store::Earlier| earlier.sealed.version == version && earlier.replaced_at + overlap > now;
    let earlier = store::earlier(tx, current.id).await?.into_iter().find(counts);
    let earlier = earlier.ok_or(Error::NotFound("version"))?.sealed;
    let value = unseal(tx, keyring, name, Stands::Earlier, &earlier).await?;
    let (data_key_id, cipher) = data_keys::current(tx, keyring).await?;
    let sealed = seal(&cipher, value.expose().as_bytes(), &place(tx, name))?;
    store::delete_earlier(tx, earlier.id).await?;
    supersede(tx, current.id, &sealed, data_key_id).await
}

/// Ends the overlap: only the current version is left. Answers the numbers of those that are gone.
pub async fn forget_earlier(tx: &mut TenantTx, name: Name<'_>) -> Result<Vec<i32>> {
    let current = store::lock(tx, name).await?.ok_or(Error::NotFound("secret"))?;
    let mut gone = store::delete_all_earlier(tx, current.id).await?;
    gone.sort_unstable();
    Ok(gone)
}
