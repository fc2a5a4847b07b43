//! What alerts and issues both ask the database.

use kernel::{Result, UserId};
use platform::db::TenantTx;

/// Waits until no other transaction changes alerts or issues of this organization.
///
/// Which alert a fingerprint stands for, which issue a group has and what follows for the other must be decided
/// together. Holding one lock until the commit makes that a plain sequence of reads and writes, without an order of
/// row locks that every use case would have to keep. It costs little: ingest commits many alerts at a time, everything
/// else is brief. The unique indexes stand behind it.
pub async fn lock(tx: &mut TenantTx) -> Result<()> {
    let org = tx.org();
    let query = "select pg_advisory_xact_lock(hashtextextended('alerts:' || $1::text, 0))";
    sqlx::query(query).bind(org).execute(tx.conn()).await?;
    Ok(())
}

pub async fn is_active_member(tx: &mut TenantTx, user: UserId) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (
        select from memberships m
        join users u on u.id = m.user_id
        where m.org_id = $1 and m.user_id = $2 and m.status = 'active' and u.status = 'active')";
    Ok(sqlx::query_scalar(query).bind(org).bind(user).fetch_one(tx.conn()).await?)
}
