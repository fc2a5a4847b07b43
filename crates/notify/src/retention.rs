//! How long an organization keeps what its receivers were told.

use chrono::TimeDelta;
use kernel::Result;
use platform::{
    db::Db,
    jobs::Cron,
    retention,
    settings::{AnySetting, Setting},
};

use crate::deliveries;

/// How long messages are kept.
pub const MESSAGES_KEPT: Setting<Option<u32>> = Setting {
    key: "messages.kept_days",
    title: "Messages to receivers",
    help: "Counted from the last time that a receiver was told of something. What happens to it later is told in a new message. \
           Messages stay on their platforms. Without a number they are kept as long as what they are about.",
    unit: "days",
    default: None,
    bounds: (7, 3650),
    over: Some(|tx, before| Box::pin(deliveries::count_over(tx, before))),
};

/// The settings of this crate.
pub const SETTINGS: &[&dyn AnySetting] = &[&MESSAGES_KEPT];

/// The periodic tasks of this crate.
pub fn cron(cron: &mut Cron) {
    cron.every(TimeDelta::hours(1), "forget_messages", |db| async move { forget_messages(&db).await });
}

async fn forget_messages(db: &Db) -> Result<()> {
    retention::sweep(db, "messages", &MESSAGES_KEPT, |tx, over| Box::pin(deliveries::forget_old(tx, over)))
        .await
}
