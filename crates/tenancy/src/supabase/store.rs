use chrono::{DateTime, Utc};
use kernel::{Result, UserId};
use platform::db::TenantTx;
use sqlx::PgConnection;

use crate::members::model::Person;

/// A person whom the operator made for this address, and who can enter in no other way. Locks it.
pub(crate) async fn lock_without_password(conn: &mut PgConnection, email: &str) -> Result<Option<Person>> {
    let query = "select id, email, name, status, home_org_id from users
        where email = $1 and email_verified_at is not null and auth_provider = 'local' and password_hash is null
        for update";
    Ok(sqlx::query_as(query).bind(email).fetch_optional(conn).await?)
}

pub(crate) struct NewSupabaseUser<'a> {
    pub user: UserId,
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub avatar_url: Option<&'a str>,
}

/// Answers false when somebody has the address. Needs the rights of the owner.
pub(crate) async fn insert(tx: &mut TenantTx, new: &NewSupabaseUser<'_>) -> Result<bool> {
    let now = tx.now();
    let query = "insert into users (id, email, name, avatar_url, auth_provider, email_verified_at, created_at, updated_at)
        values ($1, $2, $3, $4, 'supabase', $5, $5, $5) on conflict do nothing";
    let inserted = sqlx::query(query)
        .bind(new.user)
        .bind(new.email)
        .bind(new.name)
        .bind(new.avatar_url)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(inserted.rows_affected() == 1)
}

pub(crate) struct Binding<'a> {
    pub before: UserId,
    pub user: UserId,
    pub name: Option<String>,
    pub avatar_url: Option<&'a str>,
    pub now: DateTime<Utc>,
}

/// Gives a person their Supabase id. Memberships, and what refers to them, follow (`on update cascade`).
pub(crate) async fn bind(conn: &mut PgConnection, binding: &Binding<'_>) -> Result<()> {
    let query = "update users set id = $2, auth_provider = 'supabase', name = coalesce(name, $3),
            avatar_url = coalesce(avatar_url, $4), updated_at = $5
        where id = $1";
    sqlx::query(query)
        .bind(binding.before)
        .bind(binding.user)
        .bind(&binding.name)
        .bind(binding.avatar_url)
        .bind(binding.now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps when the person signed in last: once for each moment of signing in.
pub(crate) async fn signed_in(
    conn: &mut PgConnection,
    user: UserId,
    signed_in_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    let query = "update users set auth_provider = 'supabase', last_sign_in_at = $3
        where id = $1 and (last_sign_in_at is null or last_sign_in_at < $2 or auth_provider <> 'supabase')";
    sqlx::query(query).bind(user).bind(signed_in_at).bind(now).execute(conn).await?;
    Ok(())
}
