drop index deliveries_waiting_idx;
alter table deliveries drop column instead_of, drop column failures, drop column urgency;
update deliveries set status = 'failed' where status = 'superseded';
alter table deliveries drop constraint deliveries_status_check;
alter table deliveries add constraint deliveries_status_check check (status in ('pending', 'delivered', 'failed'));
