use chrono::{DateTime, Utc};
use kernel::{Result, UserId};
use sqlx::PgConnection;

use super::attempts::Attempts;
use crate::members::model::{MemberStatus, Person};

/// A person with what judges a password.
#[derive(sqlx::FromRow)]
pub(crate) struct Account {
    pub id: UserId,
    pub email: String,
    pub name: Option<String>,
    pub status: MemberStatus,
    pub password_hash: Option<String>,
    failed_sign_ins: i32,
    locked_until: Option<DateTime<Utc>>,
}

impl Account {
    pub(crate) fn attempts(&self) -> Attempts {
        Attempts {
            failed: u32::try_from(self.failed_sign_ins).unwrap_or_default(),
            locked_until: self.locked_until,
        }
    }

    pub(crate) fn into_person(self) -> Person {
        Person { id: self.id, email: self.email, name: self.name, status: self.status }
    }
}

/// Across organizations: an account is a person's. Locks its row, so that attempts are counted one by one.
pub(crate) async fn lock_account(conn: &mut PgConnection, email: &str) -> Result<Option<Account>> {
    let query = "select id, email, name, status, password_hash, failed_sign_ins, locked_until
        from users where email = $1 for no key update";
    Ok(sqlx::query_as(query).bind(email).fetch_optional(conn).await?)
}

pub(crate) async fn set_attempts(conn: &mut PgConnection, user: UserId, attempts: Attempts) -> Result<()> {
    let query = "update users set failed_sign_ins = $2, locked_until = $3 where id = $1";
    let failed = i32::try_from(attempts.failed).unwrap_or(i32::MAX);
    sqlx::query(query).bind(user).bind(failed).bind(attempts.locked_until).execute(conn).await?;
    Ok(())
}

pub(crate) async fn signed_in(conn: &mut PgConnection, user: UserId, now: DateTime<Utc>) -> Result<()> {
    let query =
        "update users set failed_sign_ins = 0, locked_until = null, last_sign_in_at = $2 where id = $1";
    sqlx::query(query).bind(user).bind(now).execute(conn).await?;
    Ok(())
}
