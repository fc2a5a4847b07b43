//! How long an organization keeps alerts and issues, and how they go.
//!
//! An issue goes when it has been closed for long enough and its alerts have been over for as long, with its ties to them; who keeps something about
//! it (runs, messages) removes that in the same transaction. While an alert fires its issue stays, whatever was found: it would never get another. An alert goes when it is over, belongs to no issue any more and no source
//! speaks of it. What is open is never removed.

use chrono::{DateTime, Utc};
use kernel::Result;
use platform::{
    db::{Db, TenantTx},
    jobs::Cron,
    record,
    retention::{self, Batch, Expired},
    settings::{AnySetting, Counted, Setting},
};

use crate::{alerts, events, issues};

/// How long closed issues are kept.
pub const ISSUES_KEPT: Setting<Option<u32>> = Setting {
    key: "issues.kept_days",
    title: "Closed issues",
    help: "Counted from the last change of a closed issue and of its alerts. Then it is removed with its runs, their steps, and the messages about it. \
           Open issues, and those with an alert whose source has not said that it is over, are never removed. Without a number issues are kept for ever.",
    unit: "days",
    default: None,
    bounds: (7, 3650),
    over: Some(|tx, before| Box::pin(issues::store::count_over(tx, before))),
};

/// How long alerts are kept that are over.
pub const ALERTS_KEPT: Setting<Option<u32>> = Setting {
    key: "alerts.kept_days",
    title: "Alerts that are over",
    help: "Counted from the last time that their source spoke of them or a person changed them. An alert is kept at least as long as an issue that it belongs to. \
           Without a number alerts are kept for ever.",
    unit: "days",
    default: None,
    bounds: (7, 3650),
    over: Some(|tx, before| Box::pin(alerts::store::count_over(tx, before))),
};

/// How long is kept what happened to alerts.
pub const ALERT_EVENTS_KEPT: Setting<Option<u32>> = Setting {
    key: "alerts.events_kept_days",
    title: "Events of alerts",
    help: "That alerts came, changed and were resolved: most of all events, and of the least interest later. Alerts themselves stay. \
           Without a number these events are kept as long as all others.",
    unit: "days",
    default: None,
    bounds: (7, 3650),
    over: Some(|tx, before| Box::pin(alert_events_over(tx, before))),
};

/// The settings of this crate.
pub const SETTINGS: &[&dyn AnySetting] = &[&ISSUES_KEPT, &ALERTS_KEPT, &ALERT_EVENTS_KEPT];

/// The periodic tasks of this crate.
pub fn cron(cron: &mut Cron) {
    cron.every(chrono::TimeDelta::hours(1), "forget_alerts", |db| async move { forget_alerts(&db).await });
}

async fn forget_alerts(db: &Db) -> Result<()> {
    retention::sweep(db, "alerts", &ALERTS_KEPT, |tx, over| Box::pin(alerts::store::forget(tx, over))).await
}

async fn alert_events_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let kinds = events::ALERTS.iter().map(|declared| declared.kind).collect();
    record::events_over(tx, before, Some(kinds)).await
}

/// Removes closed issues that are over.
pub async fn forget_issues(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    issues::store::forget(tx, over).await
}
