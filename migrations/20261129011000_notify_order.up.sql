-- expand
-- What waits for a receiver is told by its urgency, and what was not told because something newer came is no failure.

alter table deliveries drop constraint deliveries_status_check;
alter table deliveries add constraint deliveries_status_check
    check (status in ('pending', 'delivered', 'failed', 'superseded'));
-- 0 is critical, 3 is low
alter table deliveries add column urgency smallint not null default 2;
-- attempts that failed, without those at which the platform asked for a break
alter table deliveries add column failures integer not null default 0;
-- the receiver that could not be told, when another was told instead
alter table deliveries add column instead_of uuid;
-- what waits for a receiver, the most urgent first
create index deliveries_waiting_idx on deliveries (org_id, receiver_id, urgency, event_id) where status = 'pending';
