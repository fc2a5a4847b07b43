-- Every transaction writes an event, and most write jobs, alerts, issues or steps. A foreign key to organizations made each of
-- them lock the same row of organizations, which halved what eight connections could write for one organization
-- (docs/adr/0010-no-tenant-foreign-key-on-hot-tables.md). Row-level security checks org_id on every one of these writes.
alter table alerts drop constraint alerts_org_id_fkey;
alter table open_alerts drop constraint open_alerts_org_id_fkey;
alter table issues drop constraint issues_org_id_fkey;
alter table event_log drop constraint event_log_org_id_fkey;
alter table audit_logs drop constraint audit_logs_org_id_fkey;
alter table jobs drop constraint jobs_org_id_fkey;
alter table dead_jobs drop constraint dead_jobs_org_id_fkey;
alter table runs drop constraint runs_org_id_fkey;
alter table run_steps drop constraint run_steps_org_id_fkey;
alter table llm_usage drop constraint llm_usage_org_id_fkey;
alter table im_messages drop constraint im_messages_org_id_fkey;
alter table deliveries drop constraint deliveries_org_id_fkey;
alter table idempotency_keys drop constraint idempotency_keys_org_id_fkey;

-- Checking it looked into every partition of alerts, which made it the most expensive part of storing an alert. A binding is
-- written together with its alert or after reading it, and alerts are kept for ever.
alter table issue_alert_bindings drop constraint issue_alert_bindings_alert_fkey;

-- Bindings: one index less. Their id has no look-up; an issue and an alert name one.
alter table issue_alert_bindings drop constraint issue_alert_bindings_pkey;
alter table issue_alert_bindings drop constraint issue_alert_bindings_issue_alert_key;
alter table issue_alert_bindings add constraint issue_alert_bindings_pkey primary key (org_id, issue_id, alert_id);
