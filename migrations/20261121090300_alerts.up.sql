-- What monitoring systems said, and the issues opened from it.

create table alerts (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    source text not null,
    alert_type text not null,
    severity text not null,
    title text not null,
    description text,
    -- what makes two notifications the same alert while it is open
    fingerprint text not null,
    -- alerts with the same key belong to one issue
    group_key text not null,
    labels jsonb not null,
    annotations jsonb not null,
    generator_url text,
    raw_payload jsonb not null,
    receiver_im text,
    status text not null default 'open',
    status_changed_by uuid,
    status_changed_at timestamptz not null,
    assigned_to uuid,
    resolved_by uuid,
    resolved_at timestamptz,
    occurrences bigint not null default 1,
    starts_at timestamptz not null,
    ends_at timestamptz,
    received_at timestamptz not null,
    last_seen_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint alerts_pkey primary key (org_id, id),
    constraint alerts_source_check check (char_length(source) between 1 and 100),
    constraint alerts_alert_type_check check (char_length(alert_type) between 1 and 255),
    constraint alerts_title_check check (char_length(title) between 1 and 500),
    constraint alerts_severity_check check (severity in ('critical', 'high', 'medium', 'low')),
    constraint alerts_status_check check (status in ('open', 'investigating', 'resolved', 'false_positive', 'ignored')),
    constraint alerts_resolved_check check ((status = 'resolved') = (resolved_at is not null)),
    constraint alerts_occurrences_check check (occurrences > 0)
) partition by range (id);
create table alerts_default partition of alerts default;
-- the list filtered by status, newest first
create index alerts_status_idx on alerts (org_id, status, id desc);
-- the list of what is assigned to one person
create index alerts_assigned_to_idx on alerts (org_id, assigned_to, id desc) where assigned_to is not null;
-- earlier alerts of the same fingerprint
create index alerts_fingerprint_idx on alerts (org_id, fingerprint, id desc);
call isolate_tenant('alerts');

-- The alert a fingerprint stands for until its source says that it is over: unique for ever, which a
-- partitioned table cannot promise.
create table open_alerts (
    org_id uuid not null references organizations (id) on delete cascade,
    fingerprint text not null,
    alert_id uuid not null,
    constraint open_alerts_pkey primary key (org_id, fingerprint)
);
call isolate_tenant('open_alerts');

create table issues (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    assigned_to uuid,
    created_by uuid,
    skill_id uuid,
    -- the run whose conclusion is shown; earlier runs stay
    run_id uuid,
    title text not null,
    description text,
    severity text not null,
    group_key text not null,
    receivers text[] not null default '{}',
    status text not null default 'analyzing',
    ai_conclusion text,
    is_real_issue boolean,
    cause text,
    resolved_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    resolved_at timestamptz,
    constraint issues_pkey primary key (org_id, id),
    constraint issues_assigned_to_fkey foreign key (org_id, assigned_to)
        references memberships (org_id, user_id) on delete set null (assigned_to) on update cascade,
    constraint issues_created_by_fkey foreign key (org_id, created_by)
        references memberships (org_id, user_id) on delete set null (created_by) on update cascade,
    constraint issues_skill_fkey foreign key (org_id, skill_id)
        references skills (org_id, id) on delete set null (skill_id),
    constraint issues_title_check check (char_length(title) between 1 and 500),
    constraint issues_severity_check check (severity in ('critical', 'high', 'medium', 'low')),
    constraint issues_status_check
        check (status in ('analyzing', 'in_progress', 'resolved', 'false_positive', 'unable_to_resolve')),
    constraint issues_resolved_check check ((status = 'resolved') = (resolved_at is not null))
);
-- one open issue for each group of alerts
create unique index issues_open_group_key on issues (org_id, group_key) where status in ('analyzing', 'in_progress');
create index issues_status_idx on issues (org_id, status, id desc);
create index issues_assigned_to_idx on issues (org_id, assigned_to, id desc) where assigned_to is not null;
create index issues_skill_id_idx on issues (org_id, skill_id) where skill_id is not null;
call isolate_tenant('issues');

-- Its organization is that of the issue, whose key cascades.
create table issue_alert_bindings (
    org_id uuid not null,
    id uuid not null,
    issue_id uuid not null,
    alert_id uuid not null,
    created_at timestamptz not null,
    -- set when the issue closes
    closed_at timestamptz,
    constraint issue_alert_bindings_pkey primary key (org_id, id),
    constraint issue_alert_bindings_issue_alert_key unique (org_id, issue_id, alert_id),
    constraint issue_alert_bindings_issue_fkey foreign key (org_id, issue_id)
        references issues (org_id, id) on delete cascade,
    constraint issue_alert_bindings_alert_fkey foreign key (org_id, alert_id)
        references alerts (org_id, id) on delete cascade
);
-- an alert has at most one open issue
create unique index issue_alert_bindings_open_alert_key on issue_alert_bindings (org_id, alert_id) where closed_at is null;
create index issue_alert_bindings_alert_id_idx on issue_alert_bindings (org_id, alert_id);
call isolate_tenant('issue_alert_bindings');
