-- An empty queue, and eight organizations.
truncate jobs, job_lanes;
insert into organizations (id, slug, name, created_at, updated_at)
select gen_random_uuid(), 'bench-queue-' || n, 'Bench', now(), now() from generate_series(1, 8) n
on conflict (slug) do nothing;
