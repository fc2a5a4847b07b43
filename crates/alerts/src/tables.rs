//! The tables of alerts and issues.

use platform::domain::{Kept, Table};

pub(crate) const TABLES: &[Table] = &[
    Table::monthly("alerts", Kept::Always),
    Table::published("alerts_search"),
    Table::published("alert_history"),
    Table::plain("open_alerts"),
    Table::plain("issues"),
    Table::published("issues_search"),
    Table::plain("issue_alert_bindings"),
];
