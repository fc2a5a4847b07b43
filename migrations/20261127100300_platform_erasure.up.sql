-- What was said can be made unreadable for ever, although the record and the steps of runs stay (docs/adr/0017).

-- One key for each subject that things are written about which never change. Destroyed, all that it sealed is gone. No foreign
-- keys: every run of an issue reads it and the first writes it (docs/adr/0010).
create table subject_keys (
    org_id uuid not null,
    subject_type text not null,
    subject_id uuid not null,
    -- the organization's key that wraps it
    data_key_id uuid,
    wrapped bytea,
    created_at timestamptz not null,
    destroyed_at timestamptz,
    constraint subject_keys_pkey primary key (org_id, subject_type, subject_id),
    constraint subject_keys_destroyed_check check (
        (wrapped is null) = (destroyed_at is not null) and (data_key_id is null) = (destroyed_at is not null))
);
call isolate_tenant('subject_keys');
revoke delete on subject_keys from steward_tenant;

-- Why somebody did something, in their words: beside the record, which keeps none. They go when the audit line goes.
create table change_reasons (
    org_id uuid not null,
    -- the audit line
    id uuid not null,
    subject_type text not null,
    subject_id uuid not null,
    reason text not null,
    constraint change_reasons_pkey primary key (org_id, id)
);
-- retention
create index change_reasons_id_idx on change_reasons (id);
-- erasing a subject
create index change_reasons_subject_idx on change_reasons (org_id, subject_id);
call isolate_tenant('change_reasons');

insert into change_reasons (org_id, id, subject_type, subject_id, reason)
select org_id, id, subject_type, subject_id, reason from audit_logs where reason is not null;
update audit_logs set reason = null where reason is not null;
update audit_logs set after = after - 'title' where action = 'issue.created' and after ? 'title';
-- What reactions that wait were told stays with them until they have run; they look for the verdict where it is now. Those that failed for good may
-- wait for months, and keep no words.
update jobs set args = jsonb_set(args, '{payload,verdict}', args #> '{payload,conclusion,verdict}')
    where kind = 'run_concluded_concludes_issue' and args #> '{payload,conclusion,verdict}' is not null;
update dead_jobs set args = jsonb_set(args, '{payload,verdict}', args #> '{payload,conclusion,verdict}')
    where kind = 'run_concluded_concludes_issue' and args #> '{payload,conclusion,verdict}' is not null;
update dead_jobs set args = (args #- '{payload,after,title}')
        || jsonb_build_object('payload', (args #- '{payload,after,title}' -> 'payload')
            - '{title,summary,cause,conclusion,error,reason,fingerprint,alert_type,source}'::text[])
    where jsonb_typeof(args -> 'payload') = 'object';
update event_log set payload = payload - '{title,summary,cause,conclusion,error}'::text[]
    where kind in ('alert.received.v1', 'issue.opened.v1', 'issue.concluded.v1', 'run.concluded.v1', 'run.failed.v1',
        'delivery.failed.v1', 'receiver.failing.v1') and payload ?| '{title,summary,cause,conclusion,error}'::text[];
update event_log set payload = payload #- '{after,title}'
    where kind = 'issue.created.v1' and payload -> 'after' ? 'title';
update event_log set payload = payload - '{fingerprint,alert_type,source}'::text[]
    where kind in ('alert.received.v1', 'alert.resolved.v1');
update event_log set payload = payload #- '{after,error}'
    where kind = 'receiver.tested.v1' and payload -> 'after' ? 'error';
update audit_logs set after = after - 'error' where action = 'receiver.tested' and after ? 'error';
update event_log set payload = payload - 'reason' where payload ? 'reason';

-- What runs are given, do, keep in mind and find is sealed with the key of their subject; null beside it. Runs from before have it in
-- the open, and are emptied when their subject is erased.
alter table runs alter column input drop not null;
alter table runs add column sealed_input bytea;
alter table runs add column sealed_memory bytea;
alter table runs add column sealed_output bytea;
alter table runs add constraint runs_input_check check (num_nonnulls(input, sealed_input) = 1);
alter table run_steps alter column content drop not null;
alter table run_steps alter column metadata drop not null;
alter table run_steps add column sealed bytea;
alter table run_steps add constraint run_steps_sealed_check
    check (num_nonnulls(content, sealed) = 1 and num_nonnulls(metadata, sealed) = 1);

alter table issues add column erased_at timestamptz;
