use chrono::{DateTime, Utc};
use kernel::{OrgId, Result, UserId};
use platform::db::{SystemTx, TenantTx};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};

use super::{IDLE, LONGEST};
use crate::{
    SessionId,
    members::model::{MemberStatus, Person, Place},
    organizations::OrganizationStatus,
    permissions::Role,
    rights::{Grant, grants},
};

pub(crate) async fn insert(tx: &mut TenantTx, id_hash: &[u8], user: UserId, csrf_token: &str) -> Result<()> {
    let (org, now, origin) = (tx.org(), tx.now(), tx.scope().origin.clone());
    let query = "insert into sessions
            (id_hash, org_id, user_id, csrf_token, ip, user_agent, created_at, last_seen_at, expires_at, id)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)";
    sqlx::query(query)
        .bind(id_hash)
        .bind(org)
        .bind(user)
        .bind(csrf_token)
        .bind(origin.ip)
        .bind(origin.user_agent)
        .bind(now)
        .bind(now + LONGEST)
        .bind(SessionId::new(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A session with the person and the place it stands on.
#[derive(Debug, sqlx::FromRow, Serialize, Deserialize)]
pub(crate) struct FoundSession {
    pub id_hash: Vec<u8>,
    pub csrf_token: String,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    user_id: UserId,
    email: String,
    user_name: Option<String>,
    user_status: MemberStatus,
    home_org_id: Option<OrgId>,
    org_id: OrgId,
    slug: String,
    organization_name: String,
    organization_status: OrganizationStatus,
    role: Option<Role>,
    status: MemberStatus,
    grants: Json<Vec<Grant>>,
}

impl FoundSession {
    /// Whether it still lasts and lets its person in.
    ///
    /// # Errors
    /// `session_expired`, `organization_suspended`, `user_inactive`
    pub(crate) fn check(&self, now: DateTime<Utc>) -> Result<()> {
        self.check_lasting(now)?;
        self.place().check()
    }

    /// Whether it still lasts and its person is active, wherever it stands.
    ///
    /// # Errors
    /// `session_expired`, `user_inactive`
    pub(crate) fn check_lasting(&self, now: DateTime<Utc>) -> Result<()> {
        if self.expires_at <= now || now - self.last_seen_at >= IDLE {
            return Err(super::actions::ended());
        }
        self.user_status.check("your account")
    }

    pub(crate) fn person(&self) -> Person {
        Person {
            id: self.user_id,
            email: self.email.clone(),
            name: self.user_name.clone(),
            status: self.user_status,
            home_org_id: self.home_org_id,
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
            grants: self.grants.clone(),
        }
    }
}

/// Across organizations: a credential is what tells the organization.
pub(crate) async fn find(conn: &mut PgConnection, id_hashes: &[Vec<u8>]) -> Result<Vec<FoundSession>> {
    let query = concat!(
        "select s.id_hash, s.csrf_token, s.last_seen_at, s.expires_at, u.id as user_id, u.email, u.name as user_name,
            u.status as user_status, u.home_org_id, o.id as org_id, o.slug, o.name as organization_name,
            o.status as organization_status, m.role, m.status, ",
        grants!(),
        " as grants from sessions s
        join memberships m on m.org_id = s.org_id and m.user_id = s.user_id
        join users u on u.id = s.user_id
        join organizations o on o.id = s.org_id
        where s.id_hash = any($1)"
    );
    Ok(sqlx::query_as(query).bind(id_hashes).fetch_all(conn).await?)
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

/// Across organizations. Answers the hash of the session, if there was one.
pub(crate) async fn delete_of_person(
    conn: &mut PgConnection,
    user: UserId,
    id: SessionId,
) -> Result<Option<Vec<u8>>> {
    let query = "delete from sessions where user_id = $1 and id = $2 returning id_hash";
    Ok(sqlx::query_scalar(query).bind(user).bind(id).fetch_optional(conn).await?)
}

/// Across organizations: all but the one with this hash. Answers the hashes of those that ended.
pub(crate) async fn delete_all_of_person(
    conn: &mut PgConnection,
    user: UserId,
    kept: Option<&[u8]>,
) -> Result<Vec<Vec<u8>>> {
    let query = "delete from sessions where user_id = $1 and id_hash is distinct from $2 returning id_hash";
    Ok(sqlx::query_scalar(query).bind(user).bind(kept).fetch_all(conn).await?)
}

/// Removes every session that ended by itself.
pub(crate) async fn delete_expired(tx: &mut SystemTx, now: DateTime<Utc>) -> Result<u64> {
    let query = "delete from sessions where expires_at <= $1 or last_seen_at <= $2";
    Ok(sqlx::query(query).bind(now).bind(now - IDLE).execute(tx.conn()).await?.rows_affected())
}
