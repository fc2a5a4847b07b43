-- expand
-- Lanes are served in the order of ids, and processes' clocks differ: so ids of jobs are the database's. A UUIDv7 (RFC 9562, section 6.2) with
-- the microsecond behind the millisecond, and a counter in place of what is random.
create sequence jobs_id_seq;
grant usage on sequence jobs_id_seq to steward_tenant;
create function new_job_id() returns uuid language sql volatile as $$
    select (lpad(to_hex(micros / 1000), 12, '0') || '7' || lpad(to_hex(micros % 1000 * 4), 3, '0')
        || '8' || lpad(to_hex(nextval('jobs_id_seq')), 15, '0'))::uuid
    from (select (extract(epoch from database_time()) * 1000000)::bigint as micros) moment
$$;
