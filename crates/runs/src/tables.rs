//! The tables of runs.

use platform::domain::{Kept, Table};

pub(crate) const TABLES: &[Table] = &[
    Table::plain("runs"),
    Table::monthly("run_steps", Kept::Always),
    Table::monthly("llm_usage", Kept::Always),
];
