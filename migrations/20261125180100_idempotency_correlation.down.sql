alter table idempotency_keys drop column correlation_id;
