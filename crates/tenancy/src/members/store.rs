use kernel::{NodeId, OrgId, Result, UserId};
use platform::db::{TenantTx, violated};
use sqlx::PgConnection;

use super::model::{MemberStatus, Person, Place};
use super::nodes::NodeRole;
use crate::{permissions::Role, rights::grants};

/// A membership as it is before a change.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Membership {
    pub role: Option<Role>,
    pub status: MemberStatus,
    pub email: String,
}

pub(crate) struct NewPerson<'a> {
    pub id: UserId,
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub password_hash: Option<&'a str>,
    /// Whether the address is proved.
    pub verified: bool,
}

/// Adds a person whose address is proved, or one who stays inside the transaction's organization; answers false when
/// somebody has this address already. Needs the rights of the owner.
pub(crate) async fn insert_person(tx: &mut TenantTx, person: &NewPerson<'_>) -> Result<bool> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into users (id, email, name, password_hash, email_verified_at, home_org_id, created_at, updated_at)
        values ($1, $2, $3, $4, case when $5 then $6::timestamptz end, case when not $5 then $7::uuid end, $6, $6) on conflict do nothing";
    let inserted = sqlx::query(query)
        .bind(person.id)
        .bind(person.email)
        .bind(person.name)
        .bind(person.password_hash)
        .bind(person.verified)
        .bind(now)
        .bind(org)
        .execute(tx.conn())
        .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Across organizations: whose address this is.
pub(crate) async fn person_by_email(conn: &mut PgConnection, email: &str) -> Result<Option<Person>> {
    let query = "select id, email, name, status, home_org_id from users
        where email = $1 and email_verified_at is not null";
    Ok(sqlx::query_as(query).bind(email).fetch_optional(conn).await?)
}

/// The account that only this organization knows by an address which nobody proved.
pub(crate) async fn unverified(conn: &mut PgConnection, org: OrgId, email: &str) -> Result<Option<Person>> {
    let query =
        "select id, email, name, status, home_org_id from users where home_org_id = $1 and email = $2";
    Ok(sqlx::query_as(query).bind(org).bind(email).fetch_optional(conn).await?)
}

/// Across organizations.
pub(crate) async fn person(conn: &mut PgConnection, id: UserId) -> Result<Option<Person>> {
    let query = "select id, email, name, status, home_org_id from users where id = $1";
    Ok(sqlx::query_as(query).bind(id).fetch_optional(conn).await?)
}

/// Whether somebody with this address is a member, proved or not.
pub(crate) async fn has_member(tx: &mut TenantTx, email: &str) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from memberships m join users u on u.id = m.user_id
        where m.org_id = $1 and u.email = $2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(email).fetch_one(tx.conn()).await?)
}

/// The places of a person across organizations, the oldest first.
pub(crate) async fn places(conn: &mut PgConnection, user: UserId) -> Result<Vec<Place>> {
    let query = concat!(
        "select o.id as org_id, o.slug, o.name, o.status as organization_status, m.role, m.status, ",
        grants!(),
        " as grants from memberships m join organizations o on o.id = m.org_id
        where m.user_id = $1 order by m.created_at, o.slug"
    );
    Ok(sqlx::query_as(query).bind(user).fetch_all(conn).await?)
}

/// [`places`] of several people, those whose account is active.
pub(crate) async fn places_of_all(conn: &mut PgConnection, users: &[UserId]) -> Result<Vec<(UserId, Place)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        user_id: UserId,
        #[sqlx(flatten)]
        place: Place,
    }
    let query = concat!(
        "select m.user_id, o.id as org_id, o.slug, o.name, o.status as organization_status, m.role, m.status, ",
        grants!(),
        " as grants from memberships m join organizations o on o.id = m.org_id join users u on u.id = m.user_id
        where m.user_id = any($1) and u.status = 'active'"
    );
    let rows: Vec<Row> = sqlx::query_as(query).bind(users).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.place)).collect())
}

/// Answers false when the person is a member already.
pub(crate) async fn insert(tx: &mut TenantTx, user: UserId, role: Option<Role>) -> Result<bool> {
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

pub(crate) async fn update(
    tx: &mut TenantTx,
    user: UserId,
    role: Option<Role>,
    status: MemberStatus,
) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "update memberships set role = $3, status = $4, updated_at = $5 where org_id = $1 and user_id = $2";
    sqlx::query(query).bind(org).bind(user).bind(role).bind(status).bind(now).execute(tx.conn()).await?;
    Ok(())
}

pub(crate) async fn set_node(tx: &mut TenantTx, user: UserId, node: NodeId, role: &NodeRole) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "insert into membership_nodes (org_id, user_id, node_id, role, permissions, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (org_id, user_id, node_id) do update set role = $4, permissions = $5, updated_at = $6";
    sqlx::query(query)
        .bind(org)
        .bind(user)
        .bind(node)
        .bind(role.role)
        .bind(&role.permissions)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(crate) async fn at_node(tx: &mut TenantTx, user: UserId, node: NodeId) -> Result<Option<NodeRole>> {
    let org = tx.org();
    let query =
        "select role, permissions from membership_nodes where org_id = $1 and user_id = $2 and node_id = $3";
    Ok(sqlx::query_as(query).bind(org).bind(user).bind(node).fetch_optional(tx.conn()).await?)
}

pub(crate) async fn remove_node(tx: &mut TenantTx, user: UserId, node: NodeId) -> Result<()> {
    let org = tx.org();
    let query = "delete from membership_nodes where org_id = $1 and user_id = $2 and node_id = $3";
    sqlx::query(query).bind(org).bind(user).bind(node).execute(tx.conn()).await?;
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

/// Needs the rights of the owner.
pub(crate) async fn delete_unverified(tx: &mut TenantTx, user: UserId) -> Result<()> {
    let org = tx.org();
    let query = "delete from users where id = $1 and home_org_id = $2";
    sqlx::query(query).bind(user).bind(org).execute(tx.conn()).await?;
    Ok(())
}

/// Organizations in which a person is a member, across organizations.
pub(crate) async fn organizations_of(conn: &mut PgConnection, user: UserId) -> Result<Vec<OrgId>> {
    let query = "select org_id from memberships where user_id = $1 order by created_at, org_id";
    Ok(sqlx::query_scalar(query).bind(user).fetch_all(conn).await?)
}
