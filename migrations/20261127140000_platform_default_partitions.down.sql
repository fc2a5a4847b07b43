-- The version before makes a month only where it can ask what its default partition holds.
create table if not exists event_log_default partition of event_log default;
create table if not exists audit_logs_default partition of audit_logs default;
create table if not exists alerts_default partition of alerts default;
create table if not exists run_steps_default partition of run_steps default;
create table if not exists llm_usage_default partition of llm_usage default;
