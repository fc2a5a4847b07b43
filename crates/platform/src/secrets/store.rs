//! The statements of sealed values and of their earlier versions.

use chrono::{DateTime, Utc};
use kernel::{ConfigurationId, DataKeyId, Result, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use super::Name;
use crate::db::TenantTx;

/// In which table a sealed value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    Current,
    Earlier,
}

/// A sealed value, and the key that opens it.
#[derive(FromRow)]
pub(super) struct Sealed {
    pub id: Uuid,
    pub version: i32,
    pub sealed: Vec<u8>,
    pub master_key_id: String,
    pub wrapped: Vec<u8>,
}

/// A version that another took the place of.
#[derive(FromRow)]
pub(super) struct Earlier {
    #[sqlx(flatten)]
    pub sealed: Sealed,
    pub replaced_at: DateTime<Utc>,
}

/// Of a version all but its value.
#[derive(FromRow)]
pub(super) struct Told {
    pub id: Uuid,
    pub version: i32,
    pub set_at: DateTime<Utc>,
    pub set_by: Option<UserId>,
    pub set_by_name: Option<String>,
}

/// Of an earlier version all but its value.
#[derive(FromRow)]
pub(super) struct ToldEarlier {
    #[sqlx(flatten)]
    pub told: Told,
    pub replaced_at: DateTime<Utc>,
}

/// Stores the first value under a name; where there is one, locks it and answers false.
pub(super) async fn insert_or_lock(
    tx: &mut TenantTx,
    name: Name<'_>,
    sealed: &[u8],
    data_key_id: DataKeyId,
) -> Result<bool> {
    let (org, now, user) = (tx.org(), tx.now(), tx.actor().user());
    let id = ConfigurationId::new(now);
    let query = "insert into configurations
            (org_id, id, config_type, config_key, config_value, data_key_id, updated_by, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        on conflict (org_id, config_type, config_key) do update set config_key = configurations.config_key
        returning id";
    let stored: ConfigurationId = sqlx::query_scalar(query)
        .bind(org)
        .bind(id)
        .bind(name.config_type)
        .bind(name.config_key)
        .bind(sealed)
        .bind(data_key_id)
        .bind(user)
        .bind(now)
        .fetch_one(tx.conn())
        .await?;
    Ok(stored == id)
}

/// The current value.
pub(super) async fn find(tx: &mut TenantTx, name: Name<'_>) -> Result<Option<Sealed>> {
    let org = tx.org();
    let query =
        "select c.id, c.version, c.config_value as sealed, k.master_key_id, k.wrapped from configurations c
        join data_keys k on k.org_id = c.org_id and k.id = c.data_key_id
        where c.org_id = $1 and c.config_type = $2 and c.config_key = $3";
    let found = sqlx::query_as(query).bind(org).bind(name.config_type).bind(name.config_key);
    Ok(found.fetch_optional(tx.conn()).await?)
}

/// The current value, which nobody else changes until the commit.
pub(super) async fn lock(tx: &mut TenantTx, name: Name<'_>) -> Result<Option<Sealed>> {
    let org = tx.org();
    let query =
        "select c.id, c.version, c.config_value as sealed, k.master_key_id, k.wrapped from configurations c
        join data_keys k on k.org_id = c.org_id and k.id = c.data_key_id
        where c.org_id = $1 and c.config_type = $2 and c.config_key = $3 for update of c";
    let found = sqlx::query_as(query).bind(org).bind(name.config_type).bind(name.config_key);
    Ok(found.fetch_optional(tx.conn()).await?)
}

/// Its earlier versions, the latest first.
pub(super) async fn earlier(tx: &mut TenantTx, configuration: Uuid) -> Result<Vec<Earlier>> {
    let org = tx.org();
    let query =
        "select e.id, e.version, e.sealed, k.master_key_id, k.wrapped, e.replaced_at from earlier_secrets e
        join data_keys k on k.org_id = e.org_id and k.id = e.data_key_id
        where e.org_id = $1 and e.configuration_id = $2 order by e.version desc";
    Ok(sqlx::query_as(query).bind(org).bind(configuration).fetch_all(tx.conn()).await?)
}

pub(super) async fn told(tx: &mut TenantTx, name: Name<'_>) -> Result<Option<Told>> {
    let org = tx.org();
    let query =
        "select c.id, c.version, c.updated_at as set_at, c.updated_by as set_by, p.name as set_by_name
        from configurations c left join people p on p.id = c.updated_by
        where c.org_id = $1 and c.config_type = $2 and c.config_key = $3";
    let found = sqlx::query_as(query).bind(org).bind(name.config_type).bind(name.config_key);
    Ok(found.fetch_optional(tx.conn()).await?)
}

/// The latest first.
pub(super) async fn told_earlier(tx: &mut TenantTx, configuration: Uuid) -> Result<Vec<ToldEarlier>> {
    let org = tx.org();
    let query = "select e.id, e.version, e.set_at, e.set_by, p.name as set_by_name, e.replaced_at
        from earlier_secrets e left join people p on p.id = e.set_by
        where e.org_id = $1 and e.configuration_id = $2 order by e.version desc";
    Ok(sqlx::query_as(query).bind(org).bind(configuration).fetch_all(tx.conn()).await?)
}

/// The same value in today's format, where the old one still stands.
pub(super) async fn seal_anew(tx: &mut TenantTx, stands: Stands, old: &Sealed, new: &[u8]) -> Result<()> {
    let org = tx.org();
    let query = match stands {
        Stands::Current => {
            "update configurations set config_value = $4 where org_id = $1 and id = $2 and config_value = $3"
        }
        Stands::Earlier => {
            "update earlier_secrets set sealed = $4 where org_id = $1 and id = $2 and sealed = $3"
        }
    };
    sqlx::query(query).bind(org).bind(old.id).bind(&old.sealed).bind(new).execute(tx.conn()).await?;
    Ok(())
}

/// The same value for another owner.
pub(super) async fn seal_elsewhere(
    tx: &mut TenantTx,
    stands: Stands,
    id: Uuid,
    (sealed, data_key_id): (&[u8], DataKeyId),
) -> Result<()> {
    let org = tx.org();
    let query = match stands {
        Stands::Current => {
            "update configurations set config_value = $3, data_key_id = $4 where org_id = $1 and id = $2"
        }
        Stands::Earlier => {
            "update earlier_secrets set sealed = $3, data_key_id = $4 where org_id = $1 and id = $2"
        }
    };
    sqlx::query(query).bind(org).bind(id).bind(sealed).bind(data_key_id).execute(tx.conn()).await?;
    Ok(())
}

/// Keeps the current value as an earlier version, and no more of those than `most`.
pub(super) async fn keep(tx: &mut TenantTx, configuration: Uuid, most: i64) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into earlier_secrets
            (org_id, id, configuration_id, version, sealed, data_key_id, set_by, set_at, replaced_at)
        select org_id, $3, id, version, config_value, data_key_id, updated_by, updated_at, greatest($4, updated_at)
        from configurations where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(configuration)
        .bind(kernel::uuid_v7(now))
        .bind(now)
        .execute(tx.conn())
        .await?;
    let query = "delete from earlier_secrets where org_id = $1 and configuration_id = $2 and id = any (array(
            select id from earlier_secrets where org_id = $1 and configuration_id = $2 order by version desc offset $3))";
    sqlx::query(query).bind(org).bind(configuration).bind(most).execute(tx.conn()).await?;
    Ok(())
}

/// Puts a value in place of the current one; answers its number.
pub(super) async fn replace(
    tx: &mut TenantTx,
    configuration: Uuid,
    (sealed, data_key_id): (&[u8], DataKeyId),
) -> Result<i32> {
    let (org, now, user) = (tx.org(), tx.now(), tx.actor().user());
    let query = "update configurations
        set config_value = $3, data_key_id = $4, updated_by = $5, updated_at = $6, version = version + 1
        where org_id = $1 and id = $2 returning version";
    Ok(sqlx::query_scalar(query)
        .bind(org)
        .bind(configuration)
        .bind(sealed)
        .bind(data_key_id)
        .bind(user)
        .bind(now)
        .fetch_one(tx.conn())
        .await?)
}

/// Removes one earlier version.
pub(super) async fn delete_earlier(tx: &mut TenantTx, id: Uuid) -> Result<()> {
    let org = tx.org();
    let query = "delete from earlier_secrets where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}

/// Removes all earlier versions; answers their numbers.
pub(super) async fn delete_all_earlier(tx: &mut TenantTx, configuration: Uuid) -> Result<Vec<i32>> {
    let org = tx.org();
    let query = "delete from earlier_secrets where org_id = $1 and configuration_id = $2 returning version";
    Ok(sqlx::query_scalar(query).bind(org).bind(configuration).fetch_all(tx.conn()).await?)
}

/// Removes a value with its earlier versions; answers whether there was one.
pub(super) async fn delete(tx: &mut TenantTx, name: Name<'_>) -> Result<bool> {
    let org = tx.org();
    let query = "delete from configurations where org_id = $1 and config_type = $2 and config_key = $3";
    let deleted =
        sqlx::query(query).bind(org).bind(name.config_type).bind(name.config_key).execute(tx.conn()).await?;
    Ok(deleted.rows_affected() > 0)
}
