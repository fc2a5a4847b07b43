-- Ten million alerts of 1,031 organizations over twelve months: one with two million, thirty with a hundred thousand, a thousand with
-- five thousand. Indexes are made afterwards, as that is quicker. {{SHARE}} is how much of it is made.
create table bench_orgs as
    select gen_random_uuid() as id, size, n from (
        select row_number() over (order by size desc) as n, (size * {{SHARE}})::integer as size from (
            select 2000000 as size union all select 100000 from generate_series(1, 30) union all select 5000 from generate_series(1, 1000)
        ) sizes) numbered;
insert into organizations (id, slug, name, created_at, updated_at)
    select id, 'bench-' || n, 'Bench ' || n, now(), now() from bench_orgs;
grant select on bench_orgs to steward_tenant;

drop index alerts_search_idx, alerts_status_idx, alerts_assigned_to_idx, alerts_fingerprint_idx;
do $$ begin
    for month in 0..11 loop
        execute format('create table alerts_bench_%s partition of alerts for values from (%L) to (%L)', month,
            uuid_v7_floor(timestamptz '2025-01-01' + month * interval '1 month'),
            uuid_v7_floor(timestamptz '2025-01-01' + (month + 1) * interval '1 month'));
    end loop;
end $$;

-- An alert as a cluster sends it: a kind of alert, and labels that say which pod of which service. `trace` is in one of a thousand.
insert into alerts (org_id, id, source, alert_type, severity, title, fingerprint, group_key, labels, annotations, raw_payload, status,
    status_changed_at, resolved_at, starts_at, received_at, last_seen_at, created_at, updated_at)
select org_id, (left(uuid_v7_floor(at)::text, 15) || substr(gen_random_uuid()::text, 16))::uuid, 'alertmanager', kind, severity,
    kind || ': ' || service || ' in ' || cluster || case when i % 1000 = 0 then ' trace ' || i / 1000 else '' end,
    md5(org_id::text || i), service, jsonb_build_object('alertname', kind, 'service', service, 'cluster', cluster, 'severity', severity,
        'pod', service || '-' || substr(md5(i::text), 1, 9), 'team', 'team-' || i % 12),
    '{"summary": "The service answers slowly for ten minutes", "runbook": "https://runbooks.example/slow"}', '{}',
    case when i % 50 = 0 then 'open' else 'resolved' end, at, case when i % 50 <> 0 then at end, at, at, at, at, at
from (
    select o.id as org_id, i, timestamptz '2025-01-01' + i * (interval '365 days' / o.size) as at,
        (array['HighCPUUsage', 'DiskAlmostFull', 'PodCrashLooping', 'SlowAnswer', 'CertificateExpires', 'QueueGrows', 'NodeNotReady'])[1 + i % 7] as kind,
        (array['critical', 'high', 'medium', 'low'])[1 + i % 4] as severity,
        (array['checkout', 'payments', 'search', 'basket', 'catalog', 'accounts', 'mailer', 'billing', 'invoices', 'gateway', 'stock'])[1 + i % 11]
            as service,
        'prod-' || (array['eu', 'us', 'ap'])[1 + i % 3] || '-' || 1 + i % 5 as cluster
    from bench_orgs o cross join lateral generate_series(0, o.size - 1) i
) made;
