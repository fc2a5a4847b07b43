-- The log has an order of its own, which no other transaction of the server holds up (docs/adr/0021).

alter table event_log add column position bigint;
update event_log set position = ordered.place
from (select org_id, id, row_number() over (order by event_log.txid, event_log.id) as place from event_log) ordered
where event_log.org_id = ordered.org_id and event_log.id = ordered.id;

-- No cache: what is taken later must be greater.
create sequence event_positions as bigint cache 1;
select setval('event_positions', max(position)) from event_log having max(position) is not null;
grant usage, select on sequence event_positions to steward_tenant;

-- The next place in the log. With the first one a transaction says, by an advisory lock that lasts as long as it does, above which
-- place all of its own are; what it said is remembered as long as the lock, also when a savepoint is taken back.
create function next_event_position() returns bigint language plpgsql volatile as $$
declare
    low bigint;
begin
    if current_setting('app.writes_events', true) is distinct from 'yes' then
        select case when is_called then last_value else 0 end into low from event_positions;
        perform pg_advisory_xact_lock_shared(1702257011, (low & 4294967295)::bit(32)::integer);
        perform set_config('app.writes_events', 'yes', true);
    end if;
    return nextval('event_positions');
end $$;

-- The last place that was given, and the place up to which the log is settled: nothing appears there any more. In this order,
-- first the sequence, then who holds; whoever reads events up to there does so in a later statement.
create function settled_events(out last bigint, out settled bigint) language plpgsql volatile as $$
begin
    select case when is_called then last_value else 0 end into last from event_positions;
    -- A lock has room for the lower half; a holder is nowhere near half of its range away.
    select least(last, min(last + ((held.objid::bigint - last) & 4294967295)::bit(32)::integer)) into settled
    from pg_locks held
    where held.locktype = 'advisory' and held.classid = 1702257011 and held.objsubid = 2
        and held.database = (select oid from pg_database where datname = current_database());
end $$;

alter table event_log alter column position set not null;
alter table event_log alter column position set default next_event_position();
drop index event_log_txid_idx;
-- everybody's events, in order: the relay, and who has something new
create index event_log_position_idx on event_log (position);
-- one organization's events, in order: the live stream
create index event_log_org_position_idx on event_log (org_id, position);

-- The order of the log up to now was that of transactions.
alter table feed_cursors add column position bigint;
update feed_cursors set position = (select coalesce(max(event_log.position), 0) from event_log
    where (event_log.txid, event_log.id) <= (feed_cursors.txid, feed_cursors.event_id));
alter table feed_cursors alter column position set not null, drop column txid, drop column event_id;

alter table event_log drop column txid;
