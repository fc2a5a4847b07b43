-- Each periodic task is leased by itself: whoever holds it runs it, and says how it went (docs/cron.md).
alter table cron_tasks rename column last_fired_at to last_started_at;
alter table cron_tasks
    alter column last_started_at drop not null,
    add column next_at timestamptz not null default database_time(),
    add column holder text,
    add column fence bigint not null default 0,
    add column lease_until timestamptz,
    add column last_finished_at timestamptz,
    add column last_succeeded_at timestamptz,
    add column last_outcome text,
    -- For the operator; organizations do not see it.
    add column last_error text,
    -- Since it last succeeded.
    add column failures integer not null default 0,
    add constraint cron_tasks_holder_check check ((holder is null) = (lease_until is null)),
    add constraint cron_tasks_last_outcome_check check (last_outcome in ('succeeded', 'failed', 'panicked', 'lost'));
alter table cron_tasks alter column next_at drop default;
delete from leaders where name = 'cron';
