delete from idempotency_keys;
alter table idempotency_keys drop constraint idempotency_keys_pkey;
alter table idempotency_keys drop column reach;
alter table idempotency_keys drop column permission;
alter table idempotency_keys drop column actor;
alter table idempotency_keys add constraint idempotency_keys_pkey primary key (org_id, operation, key);
