-- The machine: the record, jobs, idempotency, sealed settings.

-- Append-only facts of every domain. Partitioned by id, which is a UUIDv7 and so ordered by time.
create table event_log (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    kind text not null,
    subject_type text not null,
    subject_id uuid not null,
    actor jsonb not null,
    payload jsonb not null,
    correlation_id uuid not null,
    causation_id uuid,
    occurred_at timestamptz not null,
    -- the transaction that wrote it: a reader that stays below the oldest running one misses nothing
    txid xid8 not null default pg_current_xact_id(),
    constraint event_log_pkey primary key (org_id, id),
    constraint event_log_kind_check check (kind ~ '^[a-z_]+(\.[a-z_]+)+\.v[0-9]+$')
) partition by range (id);
create table event_log_default partition of event_log default;
-- the history of one thing
create index event_log_subject_idx on event_log (org_id, subject_id, id);
-- the live stream
create index event_log_txid_idx on event_log (txid, id);
call isolate_tenant('event_log');

-- Who did what from where. Same life as event_log.
create table audit_logs (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    actor_type text not null,
    actor_id uuid,
    actor_name text not null,
    action text not null,
    subject_type text not null,
    subject_id uuid not null,
    before jsonb,
    after jsonb,
    reason text,
    ip text,
    user_agent text,
    occurred_at timestamptz not null,
    constraint audit_logs_pkey primary key (org_id, id),
    constraint audit_logs_actor_type_check check (actor_type in ('user', 'token', 'system'))
) partition by range (id);
create table audit_logs_default partition of audit_logs default;
create index audit_logs_subject_idx on audit_logs (org_id, subject_id, id);
call isolate_tenant('audit_logs');
revoke update, delete on event_log, audit_logs from steward_tenant;

-- The queue: only jobs that are still to be done. A finished one is deleted (its effect is recorded where it
-- belongs); one that cannot be done moves to dead_jobs.
create table jobs (
    id uuid primary key,
    org_id uuid not null references organizations (id) on delete cascade,
    queue text not null,
    kind text not null,
    args jsonb not null,
    state text not null default 'available',
    priority smallint not null default 0,
    -- jobs with one lane run one after the other, oldest first
    lane text,
    -- a second enqueue with the same key is dropped while the first is still in the queue
    unique_key text,
    run_at timestamptz not null,
    attempt integer not null default 0,
    max_attempts integer not null,
    -- grows with every claim; a worker that lost its lease can no longer write
    fence bigint not null default 0,
    lease_until timestamptz,
    worker text,
    errors jsonb not null default '[]',
    correlation_id uuid not null,
    causation_id uuid,
    created_at timestamptz not null,
    constraint jobs_state_check check (state in ('available', 'running')),
    constraint jobs_lease_check check ((state = 'running') = (lease_until is not null and worker is not null)),
    constraint jobs_attempt_check check (attempt between 0 and max_attempts)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
-- claim: the due jobs of one organization, most urgent first
create index jobs_due_idx on jobs (queue, org_id, priority desc, run_at, id) where state = 'available' and lane is null;
-- claim: the head of each lane
create index jobs_lane_idx on jobs (queue, lane, id) where lane is not null;
-- rescue: leases that ran out
create index jobs_lease_idx on jobs (lease_until) where state = 'running';
create unique index jobs_unique_key_key on jobs (org_id, unique_key) where unique_key is not null;
call isolate_tenant('jobs');

create table dead_jobs (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    queue text not null,
    kind text not null,
    args jsonb not null,
    priority smallint not null,
    lane text,
    attempt integer not null,
    max_attempts integer not null,
    errors jsonb not null,
    correlation_id uuid not null,
    created_at timestamptz not null,
    finished_at timestamptz not null,
    replayed_at timestamptz,
    constraint dead_jobs_pkey primary key (org_id, id)
);
call isolate_tenant('dead_jobs');

-- One row for each periodic task: when it last fired, so that a restart neither skips nor repeats one.
create table cron_tasks (
    name text primary key,
    last_fired_at timestamptz not null
);

-- Who leads: periodic tasks run in one process at a time.
create table leaders (
    name text primary key,
    holder text not null,
    fence bigint not null,
    lease_until timestamptz not null
);

-- The stored answer of a POST that carried an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header).
create table idempotency_keys (
    org_id uuid not null references organizations (id) on delete cascade,
    operation text not null,
    key text not null,
    request_hash bytea not null,
    -- null while the first request is still at work
    status smallint,
    headers jsonb,
    body bytea,
    locked_until timestamptz not null,
    created_at timestamptz not null,
    constraint idempotency_keys_pkey primary key (org_id, operation, key),
    constraint idempotency_keys_key_check check (char_length(key) between 1 and 255)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
call isolate_tenant('idempotency_keys');

-- Data keys, each wrapped by the master key named by its id (envelope encryption).
create table data_keys (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    master_key_id text not null,
    wrapped bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz,
    constraint data_keys_pkey primary key (org_id, id)
);
-- one key seals at a time
create unique index data_keys_current_key on data_keys (org_id) where retired_at is null;
call isolate_tenant('data_keys');

-- Sealed settings: AES-256-GCM with the organization and the key as additional data. Write-only over the API.
create table configurations (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    config_type text not null,
    config_key text not null,
    config_value bytea not null,
    data_key_id uuid not null,
    updated_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint configurations_pkey primary key (org_id, id),
    constraint configurations_type_key_key unique (org_id, config_type, config_key),
    constraint configurations_data_key_fkey foreign key (org_id, data_key_id) references data_keys (org_id, id),
    constraint configurations_type_check check (config_type in ('lark', 'slack', 'general')),
    constraint configurations_key_check check (char_length(config_key) between 1 and 255)
);
call isolate_tenant('configurations');
