//! Every column that can hold words, and what erasing an issue makes of it. A new column that stands in no list here, or a new table, is refused: who
//! adds it decides whether it holds what somebody said (docs/adr/0017).

use std::collections::BTreeSet;

use platform::db::SystemTx;

/// Hold what was said, and are overwritten, emptied or removed with it: `erasure` says a word in each, and finds it in none afterwards.
pub const OVERWRITTEN: &[&str] = &[
    "alerts.alert_type",
    "alerts.annotations",
    "alerts.description",
    "alerts.fingerprint",
    "alerts.generator_url",
    "alerts.group_key",
    "alerts.labels",
    "alerts.raw_payload",
    "alerts.source",
    "alerts.title",
    "change_reasons.reason",
    "deliveries.card",
    "deliveries.error",
    "idempotency_keys.body",
    "issues.ai_conclusion",
    "issues.cause",
    "issues.description",
    "issues.group_key",
    "issues.title",
    "runs.error",
];

/// Hold it sealed, with the key that is destroyed.
pub const SEALED: &[&str] =
    &["run_steps.sealed", "runs.sealed_input", "runs.sealed_memory", "runs.sealed_output"];

/// Held it in the open before it was sealed; `upgrade` erases such a run.
const FORMERLY: &[&str] =
    &["run_steps.content", "run_steps.metadata", "runs.input", "runs.memory", "runs.output"];

/// Ids, states, kinds, times and names that people give to their own configuration, in tables that are about issues or about what
/// somebody did.
const NO_CONTENT: &[&str] = &[
    "alerts.receiver_im",
    "alerts.severity",
    "alerts.status",
    "audit_logs.action",
    "audit_logs.actor_name",
    "audit_logs.actor_type",
    "audit_logs.after",
    "audit_logs.before",
    "audit_logs.ip",
    // Of before there was `change_reasons`; nobody writes it.
    "audit_logs.reason",
    "audit_logs.subject_type",
    "audit_logs.user_agent",
    "change_reasons.subject_type",
    "deliveries.status",
    "event_log.actor",
    "event_log.kind",
    "event_log.payload",
    "event_log.subject_type",
    "idempotency_keys.actor",
    "idempotency_keys.headers",
    "idempotency_keys.key",
    "idempotency_keys.operation",
    "idempotency_keys.permission",
    "idempotency_keys.reach",
    "idempotency_keys.request_hash",
    "im_messages.external_ref",
    "im_messages.subject_type",
    "issues.receivers",
    "issues.severity",
    "issues.status",
    "llm_usage.model",
    // A row goes when its alert ends, before its issue can be erased.
    "open_alerts.fingerprint",
    "run_steps.key",
    "run_steps.kind",
    "runs.mode",
    "runs.model",
    "runs.status",
    "runs.subject_type",
    "subject_keys.subject_type",
    "subject_keys.wrapped",
];

/// Tables about people and their configuration, and about the machine's own work; no issue's words come there.
const ABOUT_NO_ISSUE: &[&str] = &[
    "access_tokens",
    "alert_skill_bindings",
    "configurations",
    "cron_tasks",
    "data_keys",
    "dead_letters",
    "earlier_secrets",
    "feed_cursors",
    "finished_jobs",
    "im_receivers",
    "invitations",
    "job_lanes",
    "job_queues",
    "jobs",
    "key_check",
    "known_devices",
    "leaders",
    "mail_addresses",
    "membership_nodes",
    "memberships",
    "node_configurations",
    "org_nodes",
    "organizations",
    "server_keys",
    "sessions",
    "skills",
    "throttles",
    "tools",
    "users",
];

/// The columns that may hold words and that nobody thought of, and what is listed and does not exist.
pub async fn unlisted(tx: &mut SystemTx) -> (Vec<String>, Vec<String>) {
    let query = "select c.relname::text, a.attname::text from pg_catalog.pg_class c
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_catalog.pg_type t on t.oid = a.atttypid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and c.relname <> '_sqlx_migrations'
            and t.typname in ('text', 'varchar', 'json', 'jsonb', 'bytea', 'xml', 'hstore', 'tsvector', '_text', '_jsonb')";
    let found: Vec<(String, String)> = sqlx::query_as(query).fetch_all(tx.conn()).await.unwrap();
    let of_issues = found.into_iter().filter(|(table, _)| !ABOUT_NO_ISSUE.contains(&table.as_str()));
    let found: BTreeSet<String> = of_issues.map(|(table, column)| format!("{table}.{column}")).collect();
    let lists = [OVERWRITTEN, SEALED, FORMERLY, NO_CONTENT];
    let listed: BTreeSet<String> = lists.into_iter().flatten().map(|name| (*name).to_owned()).collect();
    (found.difference(&listed).cloned().collect(), listed.difference(&found).cloned().collect())
}
