-- What an agent did about a subject, step by step, and what it cost.

create table runs (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    subject_type text not null,
    subject_id uuid not null,
    skill_id uuid,
    -- rules: the executable steps of the SOP; model: a language model with tools
    mode text,
    model text,
    requested_by uuid,
    input jsonb not null,
    output jsonb,
    -- what a worker needs to take the run up where another stopped: the SOP as it was, the talk with the model
    memory jsonb,
    status text not null default 'queued',
    error text,
    step_count integer not null default 0,
    tokens_in bigint not null default 0,
    tokens_out bigint not null default 0,
    cost_usd numeric(12, 6) not null default 0,
    -- the fence of the job that holds the run; a worker with an older one can no longer write
    fence bigint not null default 0,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    constraint runs_pkey primary key (org_id, id),
    constraint runs_skill_fkey foreign key (org_id, skill_id) references skills (org_id, id) on delete set null (skill_id),
    constraint runs_mode_check check (mode in ('rules', 'model')),
    constraint runs_status_check check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    constraint runs_finished_check
        check ((status in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null))
);
-- the runs of one subject, newest first
create index runs_subject_idx on runs (org_id, subject_id, id desc);
-- the runs that have not ended: replaced by a new one of their subject, or swept
create index runs_active_idx on runs (org_id, subject_id) where status in ('queued', 'running');
call isolate_tenant('runs');

create table run_steps (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    run_id uuid not null,
    seq integer not null,
    -- names the work within the run, so that a run taken up again does not repeat it
    key text not null,
    kind text not null,
    content text not null,
    metadata jsonb not null,
    duration_ms bigint,
    created_at timestamptz not null,
    constraint run_steps_pkey primary key (org_id, id),
    constraint run_steps_kind_check check (kind in ('skill_matched', 'tool_called', 'reasoning', 'conclusion')),
    constraint run_steps_seq_check check (seq > 0)
) partition by range (id);
create table run_steps_default partition of run_steps default;
create index run_steps_run_idx on run_steps (org_id, run_id, seq);
call isolate_tenant('run_steps');

-- Every call of a model, counted in the transaction that stores its result.
create table llm_usage (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    run_id uuid,
    model text not null,
    tokens_in bigint not null,
    tokens_out bigint not null,
    cost_usd numeric(12, 6) not null,
    created_at timestamptz not null,
    constraint llm_usage_pkey primary key (org_id, id)
) partition by range (id);
create table llm_usage_default partition of llm_usage default;
call isolate_tenant('llm_usage');
