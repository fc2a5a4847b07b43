//! Erasing an issue: what was said about it, and what its alerts said.
//!
//! Rows, ids and states stay. The caller erases what others keep about it in the same transaction (docs/adr/0017).

use kernel::{Error, Result};
use platform::{db::TenantTx, record::Change};

use super::{actions::take, store};
use crate::{
    AlertId, IssueId, alerts,
    events::{self, Erased, IssueErased},
};

/// What stands in place of a title.
const ERASED_TITLE: &str = "Erased";

/// Overwrites the texts of a closed issue and its alerts; answers those. Alerts that are active are ignored from
/// then on, and all give up their fingerprints, so that what their source says next is a new alert. Doing it again changes nothing.
///
/// # Errors
/// 404; 409 `still_open`; 409 `alert_in_another_issue` when one of its alerts belongs to an open issue.
pub async fn erase(tx: &mut TenantTx, id: IssueId) -> Result<Vec<AlertId>> {
    let issue = take(tx, id).await?;
    if issue.status.is_open() {
        return Err(Error::conflict("still_open", "the issue is open; close it first"));
    }
    if store::shares_alerts_with_open(tx, id).await? {
        let detail = "one of its alerts belongs to an open issue; close that first";
        return Err(Error::conflict("alert_in_another_issue", detail));
    }
    let alerts = store::alert_ids(tx, id).await?;
    store::erase(tx, id, ERASED_TITLE).await?;
    alerts::store::erase(tx, &alerts, ERASED_TITLE).await?;
    alerts::store::release(tx, &alerts).await?;
    let subject = events::issue(id, issue.node_id);
    let erased = Erased { alert_ids: events::named(&alerts), alert_count: alerts.len() };
    tx.record::<IssueErased, _>(subject, Change::to(erased)).await?;
    Ok(alerts)
}
