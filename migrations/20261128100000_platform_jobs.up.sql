-- The queue, second version (docs/adr/0025-the-queue-again.md). What is due stands apart from what has a time, lanes are rows, and what
-- was given up is a dead letter like any other.

drop index jobs_due_idx, jobs_lane_idx, jobs_lease_idx, jobs_unique_key_key;
alter table jobs
    drop constraint jobs_state_check,
    add column rank timestamptz,
    add column started_at timestamptz,
    add column progress jsonb,
    add column keep_result boolean not null default false,
    add column cancel_requested_at timestamptz;
update jobs set priority = greatest(-100, least(100, priority)),
    state = case when state = 'available' and run_at > now() then 'scheduled' else state end;
update jobs set rank = run_at - make_interval(mins => priority);
alter table jobs
    alter column rank set not null,
    add constraint jobs_state_check check (state in ('scheduled', 'available', 'running')),
    add constraint jobs_priority_check check (priority between -100 and 100);
comment on column jobs.rank is 'whose turn it is: when it was due, a minute earlier for each point of priority, so that what waits grows more urgent';

-- claim: the due jobs of one organization, those that waited longest first; look: organizations with due jobs
create index jobs_due_idx on jobs (queue, org_id, rank, id) where state = 'available' and lane is null;
-- promote: what becomes due
create index jobs_scheduled_idx on jobs (run_at) where state = 'scheduled';
-- promote: each organization's share of what becomes due; its scheduled jobs, in a list
create index jobs_schedule_idx on jobs (org_id, run_at, id) where state = 'scheduled';
-- a lane's next job
create index jobs_lane_idx on jobs (org_id, queue, lane, id) where state = 'available' and lane is not null;
-- rescue: leases that ran out; what runs, which is never much
create index jobs_lease_idx on jobs (lease_until) where state = 'running';
create unique index jobs_unique_key_key on jobs (org_id, unique_key) where unique_key is not null and state <> 'running';

-- A lane: jobs of one organization and queue that run one after the other. There is a row while there are such jobs that are due.
create table job_lanes (
    org_id uuid not null,
    queue text not null,
    lane text not null,
    -- the job whose turn it is, or that runs
    head uuid not null,
    state text not null,
    -- of the head
    rank timestamptz not null,
    next_at timestamptz not null,
    constraint job_lanes_pkey primary key (org_id, queue, lane),
    constraint job_lanes_state_check check (state in ('ready', 'waiting', 'running'))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
-- claim: the lanes whose head is due
create index job_lanes_ready_idx on job_lanes (queue, org_id, rank, head) where state = 'ready';
-- promote: the lanes whose head becomes due
create index job_lanes_waiting_idx on job_lanes (next_at) where state = 'waiting';
-- rescue: lanes whose job has ended without them
create index job_lanes_running_idx on job_lanes (head) where state = 'running';
call isolate_tenant('job_lanes');

insert into job_lanes (org_id, queue, lane, head, state, rank, next_at)
    select distinct on (org_id, queue, lane) org_id, queue, lane, id,
        case state when 'available' then 'ready' when 'running' then 'running' else 'waiting' end, rank, run_at
    from jobs where lane is not null order by org_id, queue, lane, state = 'running' desc, id;
-- in a lane, "available" means that it stands in line; its head's time is the lane's
update jobs set state = 'available' where lane is not null and state = 'scheduled';

-- How an organization wants one of its queues to be served.
create table job_queues (
    org_id uuid not null references organizations (id) on delete cascade,
    queue text not null,
    paused_at timestamptz,
    -- how many of its jobs may run at once, over all processes
    concurrency integer,
    updated_at timestamptz not null,
    constraint job_queues_pkey primary key (org_id, queue),
    constraint job_queues_concurrency_check check (concurrency between 1 and 1000)
);
call isolate_tenant('job_queues');

-- How jobs ended that were cancelled, or whose end somebody asked to be kept.
create table finished_jobs (
    org_id uuid not null,
    id uuid not null,
    queue text not null,
    kind text not null,
    outcome text not null,
    result jsonb,
    attempt integer not null,
    created_at timestamptz not null,
    finished_at timestamptz not null,
    constraint finished_jobs_pkey primary key (org_id, id),
    constraint finished_jobs_outcome_check check (outcome in ('completed', 'cancelled'))
);
-- the latest first, and what is kept no longer
create index finished_jobs_finished_at_idx on finished_jobs (org_id, finished_at, id);
call isolate_tenant('finished_jobs');

-- What could not be done and waits for a person: jobs that were given up today, whatever else a source puts here.
create table dead_letters (
    org_id uuid not null,
    id uuid not null,
    -- who knows how to replay it
    source text not null,
    event_type text not null,
    payload jsonb not null,
    error text not null,
    retry_count integer not null default 0,
    created_at timestamptz not null,
    processed_at timestamptz,
    -- what its source needs besides the payload
    context jsonb not null default '{}',
    constraint dead_letters_pkey primary key (org_id, id),
    constraint dead_letters_source_check check (source ~ '^[a-z_]{1,50}$')
);
-- the latest first, and what is kept no longer
create index dead_letters_created_at_idx on dead_letters (org_id, created_at, id);
call isolate_tenant('dead_letters');

insert into dead_letters (org_id, id, source, event_type, payload, error, retry_count, created_at, processed_at, context)
    select org_id, id, 'job', kind, args, coalesce(errors -> -1 ->> 'error', ''), greatest(0, attempt - 1), finished_at, replayed_at,
        jsonb_build_object('queue', queue, 'priority', greatest(-100, least(100, priority)), 'lane', lane, 'attempt', attempt,
            'max_attempts', max_attempts, 'errors', errors, 'correlation_id', correlation_id, 'created_at', created_at)
    from dead_jobs;
drop table dead_jobs;
