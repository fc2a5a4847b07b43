-- A table has one owner (docs/adr/0022-owners-of-tables.md). What others may read of it, its owner publishes as a view; each shows what the
-- reader may see by the policies of the tables below.

-- tenancy: organizations, for the queue of all of them
create view tenants with (security_invoker = true) as
    select id as org_id, status = 'active' as is_active from organizations;
-- tenancy: the organization's tree
create view tenant_nodes with (security_invoker = true) as
    select org_id, id from org_nodes;
-- tenancy: people by name; a tenant sees its members, and those who were
create view people with (security_invoker = true) as
    select id, coalesce(name, email) as name from users;
-- tenancy: who may be given work
create view active_members with (security_invoker = true) as
    select m.org_id, m.user_id from memberships m join users u on u.id = m.user_id
    where m.status = 'active' and u.status = 'active';
-- skills: skills by name
create view skill_names with (security_invoker = true) as
    select org_id, id, name from skills;
-- alerts: what came in, and the skill of its latest issue
create view alert_history with (security_invoker = true) as
    select a.org_id, a.id, a.node_id, a.title, a.alert_type, a.description, a.labels, a.received_at,
        (select i.skill_id from issue_alert_bindings b join issues i on i.org_id = b.org_id and i.id = b.issue_id
         where b.org_id = a.org_id and b.alert_id = a.id order by b.id desc limit 1) as skill_id
    from alerts a;
-- platform: the audit log with what people said about their changes
create view audit_lines with (security_invoker = true) as
    select a.org_id, a.id, a.actor_type, a.actor_id, a.actor_name, a.action, a.subject_type, a.subject_id, a.node_id,
        a.before, a.after, r.reason, a.ip, a.user_agent, a.occurred_at
    from audit_logs a left join change_reasons r on r.org_id = a.org_id and r.id = a.id;
-- platform: jobs that are still to be done
create view pending_jobs with (security_invoker = true) as
    select org_id, kind, args from jobs;
-- platform: which sealed values there are; not what they say
create view sealed_names with (security_invoker = true) as
    select org_id, id, config_type, config_key, updated_at, updated_by from configurations;

grant select on tenants, tenant_nodes, people, active_members, skill_names, alert_history, audit_lines, pending_jobs, sealed_names
    to steward_tenant;
