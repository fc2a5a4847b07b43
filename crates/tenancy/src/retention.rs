//! How long an organization keeps ways in that are over.

use kernel::Result;
use platform::{
    db::Db,
    retention,
    settings::{AnySetting, Setting},
};

use crate::{invitations, tokens};

/// How long invitations are kept that are over.
pub const INVITATIONS_KEPT: Setting<u32> = Setting {
    key: "invitations.kept_days",
    title: "Invitations that are over",
    help: "Counted from when they were answered, taken back or ran out. The audit log tells of them independently of this.",
    unit: "days",
    default: 365,
    bounds: (1, 3650),
    over: Some(|tx, before| Box::pin(invitations::store::count_over(tx, before))),
};

/// How long access tokens are kept that are over.
pub const TOKENS_KEPT: Setting<u32> = Setting {
    key: "tokens.kept_days",
    title: "Access tokens that are over",
    help: "Counted from when they were revoked or ran out. The audit log tells of them independently of this.",
    unit: "days",
    default: 365,
    bounds: (1, 3650),
    over: Some(|tx, before| Box::pin(tokens::store::count_over(tx, before))),
};

/// The settings of this crate.
pub const SETTINGS: &[&dyn AnySetting] = &[&INVITATIONS_KEPT, &TOKENS_KEPT];

/// Removes invitations and access tokens that each organization keeps no longer. A periodic task.
pub(crate) async fn forget_ways_in(db: Db) -> Result<()> {
    retention::sweep(&db, "invitations", &INVITATIONS_KEPT, |tx, over| {
        Box::pin(invitations::store::forget(tx, over))
    })
    .await?;
    retention::sweep(&db, "access_tokens", &TOKENS_KEPT, |tx, over| Box::pin(tokens::store::forget(tx, over)))
        .await
}
