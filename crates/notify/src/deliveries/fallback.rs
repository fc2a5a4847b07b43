//! Who is told instead.

use kernel::Result;
use platform::db::TenantTx;

use crate::ReceiverId;

#[derive(sqlx::FromRow)]
pub(super) struct Instead {
    pub id: ReceiverId,
    /// The name of the receiver that could not be told.
    pub of: String,
}

/// The active receiver that is to be told what this one could not be.
pub(super) async fn find(tx: &mut TenantTx, receiver: ReceiverId) -> Result<Option<Instead>> {
    let org = tx.org();
    let query = "select f.id, r.name as of from im_receivers r
        join im_receivers f on f.org_id = r.org_id and f.id = r.fallback_id and f.status = 'active'
        where r.org_id = $1 and r.id = $2";
    Ok(sqlx::query_as(query).bind(org).bind(receiver).fetch_optional(tx.conn()).await?)
}
