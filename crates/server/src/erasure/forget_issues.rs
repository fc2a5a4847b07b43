//! Closed issues whose time is over go, wherever the product keeps something about them.
//!
//! Each domain removes what is its own and knows of the issue by its id alone; all of them meet here, in one transaction for each
//! batch. Alerts outlive their issue until their own time is over.

use kernel::Result;
use notify::deliveries;
use platform::{
    db::{Db, TenantTx},
    erasure,
    retention::{self, Batch, Expired},
};

/// A periodic task.
pub(crate) async fn forget_issues(db: Db) -> Result<()> {
    retention::sweep(&db, "issues", &alerts::retention::ISSUES_KEPT, |tx, over| Box::pin(forget(tx, over)))
        .await
}

async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let batch = alerts::forget_issues(tx, over).await?;
    runs::forget(tx, &batch.removed).await?;
    deliveries::forget(tx, &batch.removed).await?;
    erasure::forget(tx, alerts::ISSUE, &batch.removed).await?;
    Ok(batch)
}
