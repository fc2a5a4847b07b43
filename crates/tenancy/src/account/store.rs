use chrono::{DateTime, Utc};
use kernel::{OrgId, Result, UserId};
use sqlx::PgConnection;

/// Across organizations: sets a password and ends every session, which an old password may have opened, but one.
pub(crate) async fn set_password(
    conn: &mut PgConnection,
    user: UserId,
    hash: &str,
    kept: Option<&[u8]>,
) -> Result<()> {
    let query = "update users set password_hash = $2 where id = $1";
    sqlx::query(query).bind(user).bind(hash).execute(&mut *conn).await?;
    crate::sessions::store::delete_all_of_person(conn, user, kept).await?;
    Ok(())
}

/// The slugs of the organizations that hold an account of this address which nobody proved.
pub(crate) async fn homes(conn: &mut PgConnection, email: &str) -> Result<Vec<String>> {
    let query = "select o.slug from users u join organizations o on o.id = u.home_org_id
        where u.email = $1 order by o.slug";
    Ok(sqlx::query_scalar(query).bind(email).fetch_all(conn).await?)
}

pub(crate) async fn rename(
    conn: &mut PgConnection,
    user: UserId,
    name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let query = "update users set name = $2, updated_at = $3 where id = $1";
    sqlx::query(query).bind(user).bind(name).bind(now).execute(conn).await?;
    Ok(())
}

/// The account leaves the organization that held it. Whatever opened it before is discarded.
pub(crate) async fn verify(
    conn: &mut PgConnection,
    user: UserId,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let query =
        "update users set email_verified_at = $3, home_org_id = null, password_hash = $2, updated_at = $3
        where id = $1";
    sqlx::query(query).bind(user).bind(hash).bind(now).execute(conn).await?;
    Ok(())
}

/// Gives an unverified account's membership, and what refers to it, to the verified account, and removes the former.
/// Where both are members, the verified one's membership stays.
pub(crate) async fn merge(conn: &mut PgConnection, org: OrgId, from: UserId, into: UserId) -> Result<()> {
    let query = "update memberships set user_id = $3 where org_id = $1 and user_id = $2
        and not exists (select from memberships m where m.org_id = $1 and m.user_id = $3)";
    sqlx::query(query).bind(org).bind(from).bind(into).execute(&mut *conn).await?;
    sqlx::query("delete from users where id = $1 and home_org_id = $2")
        .bind(from)
        .bind(org)
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends the tokens that an account made: nobody knows who used it.
pub(crate) async fn revoke_tokens(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> Result<()> {
    let query = "update access_tokens set revoked_at = $2 where created_by = $1 and owner = 'person' and revoked_at is null";
    sqlx::query(query).bind(user).bind(now).execute(conn).await?;
    Ok(())
}
