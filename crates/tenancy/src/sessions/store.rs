use chrono::{DateTime, Utc};
use kernel::{OrgId, Result, UserId};
use platform::db::{SystemTx, TenantTx};
use sqlx::PgConnection;

use super::{IDLE, LONGEST};
use crate::{
    members::model::{MemberStatus, Person, Place},
    organizations::OrganizationStatus,
    permissions::Role,
};

pub(crate) async fn insert(tx: &mut TenantTx, id_hash: &[u8], user: UserId, csrf_token: &str) -> Result<()> {
    let (org, now, origin) = (tx.org(), tx.now(), tx.scope().origin.clone());
    let query = "insert into sessions
            (id_hash, org_id, user_id, csrf_token, ip, user_agent, created_at, last_seen_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
    sqlx::query(query)
        .bind(id_hash)
        .bind(org)
        .bind(user)
        .bind(csrf_token)
        .bind(origin.ip)
        .bind(origin.user_agent)
        .bind(now)
        .bind(now + LONGEST)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A session with the person and the place it stands on.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct FoundSession {
    pub csrf_token: String,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    user_id: UserId,
    email: String,
    user_name: Option<String>,
    user_status: MemberStatus,
    org_id: OrgId,
    slug: String,
    organization_name: String,
    organization_status: OrganizationStatus,
    role: Role,
    status: MemberStatus,
}

impl FoundSession {
    pub(crate) fn person(&self) -> Person {
        Person {
            id: self.user_id,
            email: self.email.clone(),
            name: self.user_name.clone(),
            status: self.user_status,
        }
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            org_id: self.org_id,
            slug: self.slug.clone(),
            name: self.organization_name.clone(),
            organization_status: self.organization_status,
            role: self.role,
            status: self.status,
        }
    }
}

/// Across organizations: a credential is what tells the organization.
pub(crate) async fn find(conn: &mut PgConnection, id_hash: &[u8]) -> Result<Option<FoundSession>> {
    let query =
        "select s.csrf_token, s.last_seen_at, s.expires_at, u.id as user_id, u.email, u.name as user_name,
            u.status as user_status, o.id as org_id, o.slug, o.name as organization_name,
            o.status as organization_status, m.role, m.status
        from sessions s
        join memberships m on m.org_id = s.org_id and m.user_id = s.user_id
        join users u on u.id = s.user_id
        join organizations o on o.id = s.org_id
        where s.id_hash = $1";
    Ok(sqlx::query_as(query).bind(id_hash).fetch_optional(conn).await?)
}

pub(crate) async fn touch(conn: &mut PgConnection, id_hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    sqlx::query("update sessions set last_seen_at = $2 where id_hash = $1")
        .bind(id_hash)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves a person's session to another organization of theirs; answers whether there was such a session.
pub(crate) async fn switch(
    conn: &mut PgConnection,
    id_hash: &[u8],
    user: UserId,
    org: OrgId,
) -> Result<bool> {
    let query = "update sessions set org_id = $3 where id_hash = $1 and user_id = $2";
    let moved = sqlx::query(query).bind(id_hash).bind(user).bind(org).execute(conn).await?;
    Ok(moved.rows_affected() == 1)
}

/// Answers whether there was such a session.
pub(crate) async fn delete(tx: &mut TenantTx, id_hash: &[u8], user: UserId) -> Result<bool> {
    let org = tx.org();
    let query = "delete from sessions where org_id = $1 and id_hash = $2 and user_id = $3";
    let deleted = sqlx::query(query).bind(org).bind(id_hash).bind(user).execute(tx.conn()).await?;
    Ok(deleted.rows_affected() == 1)
}

/// Removes every session that ended by itself.
pub(crate) async fn delete_expired(tx: &mut SystemTx, now: DateTime<Utc>) -> Result<u64> {
    let query = "delete from sessions where expires_at <= $1 or last_seen_at <= $2";
    Ok(sqlx::query(query).bind(now).bind(now - IDLE).execute(tx.conn()).await?.rows_affected())
}
