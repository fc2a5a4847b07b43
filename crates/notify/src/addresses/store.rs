//! The statements of addresses.

use chrono::{DateTime, Utc};
use kernel::Result;
use platform::db::TenantTx;

use crate::AddressId;

#[derive(sqlx::FromRow)]
pub(super) struct Asked {
    pub id: AddressId,
    pub address: String,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub generation: i32,
    pub expires_at: DateTime<Utc>,
    pub wrong_codes: i32,
    pub mailed_at: Option<DateTime<Utc>>,
    pub mails: i32,
    pub mails_since: DateTime<Utc>,
}

/// Whether an address may be told things.
pub(crate) async fn is_confirmed(tx: &mut TenantTx, address: &str) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from mail_addresses where org_id = $1 and address = $2 and confirmed_at is not null)";
    Ok(sqlx::query_scalar(query).bind(org).bind(address).fetch_one(tx.conn()).await?)
}

pub(super) async fn is_a_member_s(tx: &mut TenantTx, address: &str) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from member_addresses where org_id = $1 and address = lower($2))";
    Ok(sqlx::query_scalar(query).bind(org).bind(address).fetch_one(tx.conn()).await?)
}

/// The row of an address, made where there is none, locked until the commit.
pub(super) async fn open(tx: &mut TenantTx, address: &str) -> Result<Asked> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into mail_addresses as a (org_id, id, address, expires_at, mails_since)
        values ($1, $2, $3, $4, $4)
        on conflict (org_id, address) do update set address = excluded.address
        returning a.id, a.address, a.confirmed_at, a.generation, a.expires_at, a.wrong_codes, a.mailed_at, a.mails,
            a.mails_since";
    let opened = sqlx::query_as(query).bind(org).bind(AddressId::new(now)).bind(address).bind(now);
    Ok(opened.fetch_one(tx.conn()).await?)
}

/// By its id, locked until the commit.
pub(super) async fn find(tx: &mut TenantTx, id: AddressId) -> Result<Option<Asked>> {
    let org = tx.org();
    let query =
        "select id, address, confirmed_at, generation, expires_at, wrong_codes, mailed_at, mails, mails_since
        from mail_addresses where org_id = $1 and id = $2 for update";
    Ok(sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?)
}

/// How many addresses had a code mailed to them since.
pub(super) async fn mailed_since(tx: &mut TenantTx, since: DateTime<Utc>) -> Result<i64> {
    let org = tx.org();
    let query = "select count(*) from mail_addresses where org_id = $1 and mailed_at > $2";
    Ok(sqlx::query_scalar(query).bind(org).bind(since).fetch_one(tx.conn()).await?)
}

pub(super) async fn confirm(tx: &mut TenantTx, id: AddressId) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update mail_addresses set confirmed_at = $3, error = null where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(now).execute(tx.conn()).await?;
    Ok(())
}

pub(super) async fn note_wrong_code(tx: &mut TenantTx, id: AddressId) -> Result<()> {
    let org = tx.org();
    let query = "update mail_addresses set wrong_codes = wrong_codes + 1 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}

/// Another code, which is mailed now.
pub(super) async fn renew(tx: &mut TenantTx, asked: &Asked, expires_at: DateTime<Utc>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update mail_addresses set generation = generation + 1, wrong_codes = 0, expires_at = $3, mailed_at = $4,
            mails = $5, mails_since = $6, error = null
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(asked.id)
        .bind(expires_at)
        .bind(now)
        .bind(asked.mails)
        .bind(asked.mails_since)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What the mail server said.
pub(super) async fn note_error(tx: &mut TenantTx, id: AddressId, error: Option<&str>) -> Result<()> {
    let org = tx.org();
    let query = "update mail_addresses set error = $3 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(error).execute(tx.conn()).await?;
    Ok(())
}
