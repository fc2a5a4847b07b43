-- What pgbench inserts: rows equal to those that Steward stores, each with texts of its own.
-- bench.py fills in the words in double braces from alert.json; the database itself replaces @ID@, so that it parses
-- every document as it does for Steward.
insert into bench_alerts (org_id, id, source, alert_type, severity, title, description, fingerprint, group_key, labels,
    annotations, generator_url, raw_payload, status, status_changed_at, occurrences, starts_at, received_at,
    last_seen_at, created_at, updated_at)
select '00000000-0000-7000-8000-000000000000', uuidv7(), 'prometheus', 'SlowAnswer', 'medium',
    replace('{{TITLE}}', '@ID@', key), replace('{{DESCRIPTION}}', '@ID@', key), key, key,
    replace('{{LABELS}}', '@ID@', key)::jsonb, replace('{{ANNOTATIONS}}', '@ID@', key)::jsonb, '{{GENERATOR_URL}}',
    replace('{{PAYLOAD}}', '@ID@', key)::jsonb, 'investigating', now(), 1, now(), now(), now(), now(), now()
from (select substr(md5(random()::text), 1, 16) as key {{ROWS}}) as alert;
