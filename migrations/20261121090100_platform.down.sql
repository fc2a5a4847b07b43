drop table configurations, data_keys, idempotency_keys, leaders, cron_tasks, dead_jobs, jobs, audit_logs, event_log;
