use kernel::{Error, OrgId, Result};
use platform::db::{TenantTx, violated};
use sqlx::PgConnection;

use super::model::{Organization, OrganizationStatus};

/// Needs the rights of the owner.
pub(crate) async fn insert(tx: &mut TenantTx, slug: &str, name: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "insert into organizations (id, slug, name, created_at, updated_at) values ($1, $2, $3, $4, $4)";
    let inserted = sqlx::query(query).bind(org).bind(slug).bind(name).bind(now).execute(tx.conn()).await;
    inserted.map(drop).map_err(|error| match violated(&error) {
        Some("organizations_slug_key") => slug_taken(slug),
        _ => error.into(),
    })
}

fn slug_taken(slug: &str) -> Error {
    Error::conflict("slug_taken", format!("there is an organization {slug} already"))
}

/// Needs the rights of the owner.
pub(crate) async fn set_status(tx: &mut TenantTx, status: OrganizationStatus) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update organizations set status = $2, updated_at = $3 where id = $1";
    sqlx::query(query).bind(org).bind(status).bind(now).execute(tx.conn()).await?;
    Ok(())
}

pub(crate) async fn rename(tx: &mut TenantTx, name: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update organizations set name = $2, updated_at = $3 where id = $1";
    sqlx::query(query).bind(org).bind(name).bind(now).execute(tx.conn()).await?;
    Ok(())
}

pub(crate) async fn get(tx: &mut TenantTx) -> Result<Organization> {
    let org = tx.org();
    let query = "select id, slug, name, status, created_at from organizations where id = $1";
    let found = sqlx::query_as(query).bind(org).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("organization"))
}

/// Locks the organization's row against other changes of it.
pub(crate) async fn lock(tx: &mut TenantTx) -> Result<Organization> {
    let org = tx.org();
    let query =
        "select id, slug, name, status, created_at from organizations where id = $1 for no key update";
    let found = sqlx::query_as(query).bind(org).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("organization"))
}

/// Across organizations: for the command line, which names them by slug.
pub(crate) async fn id_of(conn: &mut PgConnection, slug: &str) -> Result<Option<OrgId>> {
    Ok(sqlx::query_scalar("select id from organizations where slug = $1")
        .bind(slug)
        .fetch_optional(conn)
        .await?)
}

/// Whether there is any organization.
pub(crate) async fn any(conn: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar("select exists (select from organizations)").fetch_one(conn).await?)
}
