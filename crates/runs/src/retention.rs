//! How long an organization keeps what its runs used of models. Runs themselves go with their subject ([`crate::forget`]).

use kernel::Result;
use platform::{
    db::Db,
    retention,
    settings::{AnySetting, Setting},
};

use crate::store;

/// How long the usage of models is kept.
pub const USAGE_KEPT: Setting<Option<u32>> = Setting {
    key: "usage.kept_days",
    title: "Usage of language models",
    help: "Tokens and cost of each call. Each run keeps its sum. Without a number every call is kept for ever.",
    unit: "days",
    default: None,
    bounds: (31, 3650),
    over: Some(|tx, before| Box::pin(store::usage_over(tx, before))),
};

/// The settings of this crate.
pub const SETTINGS: &[&dyn AnySetting] = &[&USAGE_KEPT];

pub(crate) async fn forget_usage(db: &Db) -> Result<()> {
    retention::sweep(db, "llm_usage", &USAGE_KEPT, |tx, over| Box::pin(store::forget_usage(tx, over))).await
}
