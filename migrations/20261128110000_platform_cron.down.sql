delete from cron_tasks where last_started_at is null;
alter table cron_tasks
    drop column next_at,
    drop column holder,
    drop column fence,
    drop column lease_until,
    drop column last_finished_at,
    drop column last_succeeded_at,
    drop column last_outcome,
    drop column last_error,
    drop column failures,
    alter column last_started_at set not null;
alter table cron_tasks rename column last_started_at to last_fired_at;
