//! What alerts and issues both ask the database.

use kernel::{Result, UserId};
use platform::db::TenantTx;

/// Waits until no other transaction decides which alert a fingerprint stands for, or which open issue a group has, in
/// this organization: ingest, and people who open, close or move things.
///
/// Locks are always taken in this order: this one, then the rows of issues ([`crate::issues::store::lock`]) by id, then
/// alerts. What concerns one issue alone, as the end of an investigation does, takes that row and not this lock,
/// so it never waits for ingest of other issues, nor does ingest wait for it.
///
/// What follows under it are look-ups by key, whatever the keys: planning them anew for each batch took longer than doing
/// them.
pub async fn lock_intake(tx: &mut TenantTx) -> Result<()> {
    let org = tx.org();
    let query = "select set_config('plan_cache_mode', 'force_generic_plan', true),
            pg_advisory_xact_lock(hashtextextended('intake:' || $1::text, 0))";
    sqlx::query(query).bind(org).execute(tx.conn()).await?;
    Ok(())
}

pub async fn is_active_member(tx: &mut TenantTx, user: UserId) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from active_members where org_id = $1 and user_id = $2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(user).fetch_one(tx.conn()).await?)
}
