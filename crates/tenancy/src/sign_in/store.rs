use chrono::{DateTime, Utc};
use kernel::{OrgId, Result, UserId};
use sqlx::PgConnection;

use crate::members::model::{MemberStatus, Person};

/// A person with what judges a password.
#[derive(sqlx::FromRow)]
pub(crate) struct Account {
    pub id: UserId,
    pub email: String,
    pub name: Option<String>,
    pub status: MemberStatus,
    pub home_org_id: Option<OrgId>,
    pub password_hash: Option<String>,
}

impl Account {
    pub(crate) fn into_person(self) -> Person {
        let Self { id, email, name, status, home_org_id, .. } = self;
        Person { id, email, name, status, home_org_id }
    }
}

/// Across organizations: whose address it is; or, in the organization that is named, the account that only this one knows.
pub(crate) async fn account(
    conn: &mut PgConnection,
    email: &str,
    organization: Option<&str>,
) -> Result<Option<Account>> {
    let query = "select u.id, u.email, u.name, u.status, u.home_org_id, u.password_hash
        from users u left join organizations o on o.slug = $2
        where u.email = $1 and (u.email_verified_at is not null or u.home_org_id = o.id)
        order by exists (select from memberships m where m.org_id = o.id and m.user_id = u.id) desc, u.home_org_id nulls first
        limit 1";
    Ok(sqlx::query_as(query).bind(email).bind(organization).fetch_optional(conn).await?)
}

/// Across organizations: by id, for somebody who is signed in or holds a link.
pub(crate) async fn account_of(conn: &mut PgConnection, user: UserId) -> Result<Option<Account>> {
    let query = "select id, email, name, status, home_org_id, password_hash from users where id = $1";
    Ok(sqlx::query_as(query).bind(user).fetch_optional(conn).await?)
}

/// [`account_of`], and its row is locked.
pub(crate) async fn lock(conn: &mut PgConnection, user: UserId) -> Result<Option<Account>> {
    let query = "select id, email, name, status, home_org_id, password_hash from users where id = $1 for no key update";
    Ok(sqlx::query_as(query).bind(user).fetch_optional(conn).await?)
}

pub(crate) async fn signed_in(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query("update users set last_sign_in_at = $2 where id = $1")
        .bind(user)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
