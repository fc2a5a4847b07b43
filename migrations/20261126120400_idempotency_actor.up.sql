-- A key belongs to who sent it, and its answer to who may still do what it was the answer of. Keys live for a day at most, and
-- nobody is in the middle of a request while the schema changes.
delete from idempotency_keys;
alter table idempotency_keys drop constraint idempotency_keys_pkey;
alter table idempotency_keys add column actor text not null;
alter table idempotency_keys add column permission text;
-- where it was held: everywhere, or at these nodes
alter table idempotency_keys add column reach text;
alter table idempotency_keys add constraint idempotency_keys_pkey primary key (org_id, actor, operation, key);
