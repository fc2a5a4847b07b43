//! The tables of the machine.

use crate::domain::{Kept, Table};

pub(crate) const TABLES: &[Table] = &[
    Table::monthly("event_log", Kept::AsRecord),
    Table::monthly("audit_logs", Kept::AsRecord),
    Table::plain("change_reasons"),
    Table::published("audit_lines"),
    Table::published("audit_logs_search"),
    Table::plain("feed_cursors"),
    Table::plain("jobs"),
    Table::published("pending_jobs"),
    Table::plain("job_lanes"),
    Table::plain("job_queues"),
    Table::plain("finished_jobs"),
    Table::plain("dead_letters"),
    Table::plain("cron_tasks"),
    Table::plain("leaders"),
    Table::plain("idempotency_keys"),
    Table::plain("node_configurations"),
    Table::plain("configurations"),
    Table::published("sealed_names"),
    Table::plain("earlier_secrets"),
    Table::plain("data_keys"),
    Table::plain("subject_keys"),
    Table::plain("server_keys"),
    Table::plain("key_check"),
];
