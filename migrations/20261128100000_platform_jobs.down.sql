create table dead_jobs (
    org_id uuid not null,
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
insert into dead_jobs (org_id, id, queue, kind, args, priority, lane, attempt, max_attempts, errors, correlation_id, created_at,
        finished_at, replayed_at)
    select org_id, id, context ->> 'queue', event_type, payload, (context ->> 'priority')::smallint, context ->> 'lane',
        (context ->> 'attempt')::integer, (context ->> 'max_attempts')::integer, coalesce(context -> 'errors', '[]'),
        (context ->> 'correlation_id')::uuid, (context ->> 'created_at')::timestamptz, created_at, processed_at
    from dead_letters where source = 'job';
drop table dead_letters, finished_jobs, job_queues, job_lanes;

drop index jobs_due_idx, jobs_scheduled_idx, jobs_schedule_idx, jobs_lane_idx, jobs_lease_idx, jobs_unique_key_key;
alter table jobs
    drop constraint jobs_state_check,
    drop constraint jobs_priority_check,
    drop column rank,
    drop column started_at,
    drop column progress,
    drop column keep_result,
    drop column cancel_requested_at;
update jobs set state = 'available' where state = 'scheduled';
-- the version before knows one of each key, running or not
update jobs j set unique_key = null where unique_key is not null and exists (
    select from jobs other where other.org_id = j.org_id and other.unique_key = j.unique_key and other.id < j.id);
alter table jobs add constraint jobs_state_check check (state in ('available', 'running'));
create index jobs_due_idx on jobs (queue, org_id, priority desc, run_at, id) where state = 'available' and lane is null;
create index jobs_lane_idx on jobs (queue, org_id, lane, id) where lane is not null;
create index jobs_lease_idx on jobs (lease_until) where state = 'running';
create unique index jobs_unique_key_key on jobs (org_id, unique_key) where unique_key is not null;
