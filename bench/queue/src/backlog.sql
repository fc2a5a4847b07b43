-- Jobs that are due: of @ORGS@ organizations, every other one in one of @LANES@ lanes (as many of each organization).
insert into organizations (id, slug, name, created_at, updated_at)
select gen_random_uuid(), 'backlog-' || n, 'Backlog', now(), now() from generate_series(1, @ORGS@) n
on conflict (slug) do nothing;

insert into jobs (id, org_id, queue, kind, args, state, lane, rank, run_at, max_attempts, correlation_id, created_at)
select uuidv7(), o.id, 'default', 'noop', '{"n": 0}', 'available',
    case when n / @ORGS@ % 2 = 0 then 'lane-' || n / @ORGS@ / 2 % (@LANES@ / @ORGS@) end,
    due.at, due.at, 20, gen_random_uuid(), now()
from generate_series(0, @JOBS@ - 1) n
cross join lateral (select now() - interval '1 hour' + n * interval '1 microsecond' as at) due
join (select id, row_number() over (order by slug) - 1 as place from organizations where slug like 'backlog-%') o
    on o.place = n % @ORGS@;

insert into job_lanes (org_id, queue, lane, head, state, rank, next_at)
select distinct on (org_id, queue, lane) org_id, queue, lane, id, 'ready', rank, run_at
from jobs where lane is not null order by org_id, queue, lane, id;
