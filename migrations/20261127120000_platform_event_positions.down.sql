-- What is there becomes the past of one transaction, in the order of ids.
alter table event_log add column txid xid8 not null default pg_current_xact_id();
drop index event_log_position_idx, event_log_org_position_idx;
create index event_log_txid_idx on event_log (txid, id);

alter table feed_cursors add column txid xid8, add column event_id uuid;
update feed_cursors set txid = pg_current_xact_id(), event_id = coalesce(
    (select max(event_log.id::text)::uuid from event_log where event_log.position <= feed_cursors.position),
    '00000000-0000-0000-0000-000000000000');
alter table feed_cursors alter column txid set not null, alter column event_id set not null, drop column position;

alter table event_log drop column position;
drop function next_event_position(), settled_events();
drop sequence event_positions;
