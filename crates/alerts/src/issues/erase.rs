//! Erasing an issue: what was said about it, and what its alerts said.
//!
//! Rows, ids and states stay. The caller erases what others keep about it in the same transaction (docs/adr/0017).

use kernel::{Error, Result};
use platform::{
    db::TenantTx,
    record::{Change, Subject},
};

use super::{actions::take, store, views};
use crate::{
    AlertId, IssueId, alerts,
    events::{self, Erased, IssueErased},
};

/// What stands in place of a title.
const ERASED_TITLE: &str = "Erased";

/// What is told of an erased issue.
pub struct Told {
    subject: Subject,
    erased: Erased,
}

/// The alerts of an issue that may be erased, before anything is locked for that.
///
/// # Errors
/// 404; 409 `still_open`.
pub async fn erasable(tx: &mut TenantTx, id: IssueId) -> Result<Vec<AlertId>> {
    if views::card(tx, id).await?.status.is_open() {
        return Err(still_open());
    }
    tx.widen("alerts and issues hang together across owners").await?;
    store::alert_ids(tx, id).await
}

/// Overwrites the texts of a closed issue and its alerts; answers those, and with what it is told as the last thing of the transaction
/// ([`tell_erased`]). Alerts that are active are ignored from
/// then on, and all give up their fingerprints, so that what their source says next is a new alert. Doing it again changes nothing.
///
/// # Errors
/// 404; 409 `still_open`; 409 `alert_in_another_issue` when one of its alerts belongs to an open issue.
pub async fn erase(tx: &mut TenantTx, id: IssueId) -> Result<(Vec<AlertId>, Told)> {
    let issue = take(tx, id).await?;
    if issue.status.is_open() {
        return Err(still_open());
    }
    if store::shares_alerts_with_open(tx, id).await? {
        let detail = "one of its alerts belongs to an open issue; close that first";
        return Err(Error::conflict("alert_in_another_issue", detail));
    }
    let alerts = store::alert_ids(tx, id).await?;
    store::erase(tx, id, ERASED_TITLE).await?;
    alerts::store::release(tx, &alerts).await?;
    alerts::store::erase(tx, &alerts, ERASED_TITLE).await?;
    let erased = Erased { alert_ids: events::named(&alerts), alert_count: alerts.len() };
    Ok((alerts, Told { subject: events::issue(id, issue.node_id), erased }))
}

/// Says that an issue was erased. From its first event on a transaction keeps the readers of the log of all organizations waiting
/// (docs/adr/0021), and this one may be long.
pub async fn tell_erased(tx: &mut TenantTx, Told { subject, erased }: Told) -> Result<()> {
    tx.record::<IssueErased, _>(subject, Change::to(erased)).await.map(drop)
}

fn still_open() -> Error {
    Error::conflict("still_open", "the issue is open; close it first")
}
