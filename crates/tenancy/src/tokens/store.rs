use chrono::{DateTime, TimeDelta, Utc};
use kernel::{NodeId, OrgId, Result, TokenId};
use platform::db::TenantTx;
use sqlx::PgConnection;

use super::text::TokenMac;
use crate::{organizations::OrganizationStatus, permissions::Role};

/// A token's last use is written at most this often.
const LAST_USED: TimeDelta = TimeDelta::minutes(1);

pub(crate) struct NewRow<'a> {
    pub id: TokenId,
    pub node_id: Option<NodeId>,
    pub name: &'a str,
    pub role: Role,
    pub scopes: &'a [&'static str],
    pub hint: &'a str,
    pub mac: &'a TokenMac,
    pub expires_at: Option<DateTime<Utc>>,
}

pub(crate) async fn insert(tx: &mut TenantTx, token: &NewRow<'_>) -> Result<()> {
    let (org, now, by) = (tx.org(), tx.now(), tx.actor().user());
    let query = "insert into access_tokens
            (org_id, id, node_id, name, role, scopes, hint, mac, created_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    sqlx::query(query)
        .bind(org)
        .bind(token.id)
        .bind(token.node_id)
        .bind(token.name)
        .bind(token.role)
        .bind(token.scopes)
        .bind(token.hint)
        .bind(token.mac.as_slice())
        .bind(by)
        .bind(now)
        .bind(token.expires_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Revokes a token; answers its name, and nothing when there is none to revoke.
pub(crate) async fn revoke(tx: &mut TenantTx, id: TokenId) -> Result<Option<String>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update access_tokens set revoked_at = $3
        where org_id = $1 and id = $2 and revoked_at is null returning name";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).bind(now).fetch_optional(tx.conn()).await?)
}

pub(crate) async fn exists(tx: &mut TenantTx, id: TokenId) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from access_tokens where org_id = $1 and id = $2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?)
}

/// A token as authentication needs it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct FoundToken {
    pub org_id: OrgId,
    pub id: TokenId,
    pub name: String,
    pub role: Role,
    pub scopes: Vec<String>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub organization_status: OrganizationStatus,
}

/// Across organizations: a credential is what tells the organization.
pub(crate) async fn find_by_mac(conn: &mut PgConnection, mac: &TokenMac) -> Result<Option<FoundToken>> {
    let query = "select t.org_id, t.id, t.name, t.role, t.scopes, t.expires_at, t.revoked_at, t.last_used_at,
            o.status as organization_status
        from access_tokens t join organizations o on o.id = t.org_id
        where t.mac = $1";
    Ok(sqlx::query_as(query).bind(mac.as_slice()).fetch_optional(conn).await?)
}

/// Keeps when a token was used last.
pub(crate) async fn touch(conn: &mut PgConnection, token: &FoundToken, now: DateTime<Utc>) -> Result<()> {
    if token.last_used_at.is_some_and(|at| now - at < LAST_USED) {
        return Ok(());
    }
    let query = "update access_tokens set last_used_at = $3 where org_id = $1 and id = $2
        and (last_used_at is null or last_used_at < $3)";
    sqlx::query(query).bind(token.org_id).bind(token.id).bind(now).execute(conn).await?;
    Ok(())
}
