-- What a node owned is the whole organization's again. Who acted in nodes only has nowhere to act, and leaves.
do $$
declare relation text;
begin
    foreach relation in array array['event_log', 'audit_logs'] loop
        execute format('drop policy tenant on %s', relation);
        execute format('drop policy reading on %s', relation);
    end loop;
    foreach relation in array array['alerts', 'open_alerts', 'issues', 'issue_alert_bindings', 'runs', 'run_steps', 'llm_usage',
            'skills', 'alert_skill_bindings', 'tools', 'im_receivers', 'im_messages', 'deliveries'] loop
        execute format('drop policy tenant on %s', relation);
        execute format('drop policy if exists shared on %s', relation);
    end loop;
    foreach relation in array array['event_log', 'audit_logs', 'alerts', 'open_alerts', 'issues', 'issue_alert_bindings', 'runs',
            'run_steps', 'llm_usage', 'skills', 'alert_skill_bindings', 'tools', 'im_receivers', 'im_messages', 'deliveries'] loop
        execute format('create policy tenant on %s using (org_id = app_org()) with check (org_id = app_org())', relation);
    end loop;
end $$;
alter table audit_logs drop column node_id;
alter table event_log drop column node_id;
alter table im_receivers drop column node_id;
alter table tools drop column node_id;
alter table skills drop column node_id;
alter table runs drop column node_id;

-- Of open issues of one group, and of alerts of one fingerprint, only the oldest stays open.
update issues set status = 'unable_to_resolve' where id in (
    select id from (select id, row_number() over (partition by org_id, group_key order by id) as place from issues
        where status in ('analyzing', 'in_progress')) ranked where place > 1);
drop index issues_open_group_key;
alter table issues drop column node_id;
create unique index issues_open_group_key on issues (org_id, group_key) where status in ('analyzing', 'in_progress');
delete from open_alerts o using open_alerts older
where older.org_id = o.org_id and older.fingerprint = o.fingerprint and older.alert_id < o.alert_id;
alter table open_alerts drop constraint open_alerts_fingerprint_key;
alter table open_alerts drop column node_id;
alter table open_alerts add constraint open_alerts_pkey primary key (org_id, fingerprint);
alter table alerts drop column node_id;

drop procedure isolate_with_parent(regclass, text);
drop procedure isolate_shared(regclass);
drop procedure isolate_nodes(regclass);
drop function app_nodes();
drop function app_everywhere();
drop function common_node(uuid, uuid[]);
drop function nodes_above(uuid, uuid[]);
drop function nodes_below(uuid, uuid[]);

alter table invitations drop column node_id;
drop index org_nodes_parent_id_idx;
drop table membership_nodes;
delete from memberships where role is null;
alter table memberships alter column role set not null;
