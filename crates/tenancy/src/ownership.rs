//! Rows that a tenant's transaction may not write: organizations and people exist across organizations, so their
//! tables are closed to the tenant's role. A use case that must change one together with the organization's own rows
//! works for that moment as the owner of the tables.

use kernel::Result;
use platform::db::TenantTx;

/// Steps out of row-level security until [`as_tenant`]. The reason is for the reader of the code. As with
/// `Db::system`, every query in between names its rows by itself.
pub(crate) async fn as_owner(tx: &mut TenantTx, _reason: &'static str) -> Result<()> {
    sqlx::query("set local role none").execute(tx.conn()).await?;
    Ok(())
}

/// Back behind row-level security.
pub(crate) async fn as_tenant(tx: &mut TenantTx) -> Result<()> {
    sqlx::query("set local role steward_tenant").execute(tx.conn()).await?;
    Ok(())
}
