-- By which the record tells whether a request without an answer changed anything. Keys live for a day at most; those from
-- before this change have no correlation that is known.
alter table idempotency_keys add column correlation_id uuid;
update idempotency_keys set correlation_id = '00000000-0000-0000-0000-000000000000' where correlation_id is null;
alter table idempotency_keys alter column correlation_id set not null;
