-- Fails if rows of an organization that is gone are left.
alter table alerts add constraint alerts_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table open_alerts add constraint open_alerts_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table issues add constraint issues_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table event_log add constraint event_log_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table audit_logs add constraint audit_logs_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table jobs add constraint jobs_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table dead_jobs add constraint dead_jobs_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table runs add constraint runs_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table run_steps add constraint run_steps_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table llm_usage add constraint llm_usage_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table im_messages add constraint im_messages_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table deliveries add constraint deliveries_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;
alter table idempotency_keys add constraint idempotency_keys_org_id_fkey foreign key (org_id) references organizations (id) on delete cascade;

alter table issue_alert_bindings drop constraint issue_alert_bindings_pkey;
alter table issue_alert_bindings add constraint issue_alert_bindings_pkey primary key (org_id, id);
alter table issue_alert_bindings add constraint issue_alert_bindings_issue_alert_key unique (org_id, issue_id, alert_id);
alter table issue_alert_bindings add constraint issue_alert_bindings_alert_fkey foreign key (org_id, alert_id)
    references alerts (org_id, id) on delete cascade;
