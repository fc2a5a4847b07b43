use kernel::{OrgId, Result, UserId};
use platform::db::{TenantTx, violated};
use sqlx::PgConnection;

use super::model::{MemberStatus, Person, Place};
use crate::permissions::Role;

/// A membership as it is before a change.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Membership {
    pub role: Role,
    pub status: MemberStatus,
    pub email: String,
}

pub(crate) struct NewPerson<'a> {
    pub id: UserId,
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub password_hash: Option<&'a str>,
}

/// Adds a person; answers false when somebody has this address already. Needs the rights of the owner.
pub(crate) async fn insert_person(tx: &mut TenantTx, person: &NewPerson<'_>) -> Result<bool> {
    let now = tx.now();
    let query = "insert into users (id, email, name, password_hash, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $5) on conflict (email) do nothing";
    let inserted = sqlx::query(query)
        .bind(person.id)
        .bind(person.email)
        .bind(person.name)
        .bind(person.password_hash)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Across organizations.
pub(crate) async fn person_by_email(conn: &mut PgConnection, email: &str) -> Result<Option<Person>> {
    let query = "select id, email, name, status from users where email = $1";
    Ok(sqlx::query_as(query).bind(email).fetch_optional(conn).await?)
}

/// Across organizations.
pub(crate) async fn person(conn: &mut PgConnection, id: UserId) -> Result<Option<Person>> {
    let query = "select id, email, name, status from users where id = $1";
    Ok(sqlx::query_as(query).bind(id).fetch_optional(conn).await?)
}

/// The places of a person across organizations, the oldest first.
pub(crate) async fn places(conn: &mut PgConnection, user: UserId) -> Result<Vec<Place>> {
    let query = "select o.id as org_id, o.slug, o.name, o.status as organization_status, m.role, m.status
        from memberships m join organizations o on o.id = m.org_id
        where m.user_id = $1 order by m.created_at, o.slug";
    Ok(sqlx::query_as(query).bind(user).fetch_all(conn).await?)
}

/// Across organizations: sets a password and forgets failed sign-ins and every session, which an old password
/// may have opened.
pub(crate) async fn set_password(conn: &mut PgConnection, user: UserId, hash: &str) -> Result<()> {
    let query = "update users set password_hash = $2, failed_sign_ins = 0, locked_until = null where id = $1";
    sqlx::query(query).bind(user).bind(hash).execute(&mut *conn).await?;
    sqlx::query("delete from sessions where user_id = $1").bind(user).execute(conn).await?;
    Ok(())
}

/// Answers false when the person is a member already.
pub(crate) async fn insert(tx: &mut TenantTx, user: UserId, role: Role) -> Result<bool> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "insert into memberships (org_id, user_id, role, created_at, updated_at) values ($1, $2, $3, $4, $4)";
    match sqlx::query(query).bind(org).bind(user).bind(role).bind(now).execute(tx.conn()).await {
        Ok(_) => Ok(true),
        Err(error) if violated(&error) == Some("memberships_pkey") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn lock(tx: &mut TenantTx, user: UserId) -> Result<Option<Membership>> {
    let org = tx.org();
    let query = "select m.role, m.status, u.email from memberships m join users u on u.id = m.user_id
        where m.org_id = $1 and m.user_id = $2 for update of m";
    Ok(sqlx::query_as(query).bind(org).bind(user).fetch_optional(tx.conn()).await?)
}

/// Locks the rows of the organization's active admins, so that of two who demote each other one waits and then
/// sees what the other did.
pub(crate) async fn lock_admins(tx: &mut TenantTx) -> Result<Vec<UserId>> {
    let org = tx.org();
    let query = "select m.user_id from memberships m join users u on u.id = m.user_id
        where m.org_id = $1 and m.role = 'admin' and m.status = 'active' and u.status = 'active'
        order by m.user_id for update of m";
    Ok(sqlx::query_scalar(query).bind(org).fetch_all(tx.conn()).await?)
}

pub(crate) async fn update(tx: &mut TenantTx, user: UserId, role: Role, status: MemberStatus) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "update memberships set role = $3, status = $4, updated_at = $5 where org_id = $1 and user_id = $2";
    sqlx::query(query).bind(org).bind(user).bind(role).bind(status).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// Ends every session that the person has in this organization.
pub(crate) async fn end_sessions(tx: &mut TenantTx, user: UserId) -> Result<()> {
    let org = tx.org();
    let query = "delete from sessions where org_id = $1 and user_id = $2";
    sqlx::query(query).bind(org).bind(user).execute(tx.conn()).await?;
    Ok(())
}

/// Sessions go with it.
pub(crate) async fn delete(tx: &mut TenantTx, user: UserId) -> Result<()> {
    let org = tx.org();
    let query = "delete from memberships where org_id = $1 and user_id = $2";
    sqlx::query(query).bind(org).bind(user).execute(tx.conn()).await?;
    Ok(())
}

/// Organizations in which a person is a member, across organizations.
pub(crate) async fn organizations_of(conn: &mut PgConnection, user: UserId) -> Result<Vec<OrgId>> {
    let query = "select org_id from memberships where user_id = $1 order by created_at, org_id";
    Ok(sqlx::query_scalar(query).bind(user).fetch_all(conn).await?)
}
