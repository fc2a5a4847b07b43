//! The tables of skills and tools.

use platform::domain::Table;

pub(crate) const TABLES: &[Table] = &[
    Table::plain("skills"),
    Table::published("skills_search"),
    Table::published("skill_names"),
    Table::plain("alert_skill_bindings"),
    Table::plain("tools"),
];
