-- Whose something is within an organization: an optional node of its tree. What a node owns is seen and changed from that node
-- and above; what nobody owns is the whole organization's.

-- A person's role at a node and below, beside that in the organization, which may be none; and single permissions more.
alter table memberships alter column role drop not null;
create table membership_nodes (
    org_id uuid not null references organizations (id) on delete cascade,
    user_id uuid not null,
    node_id uuid not null,
    role text,
    permissions text[] not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint membership_nodes_pkey primary key (org_id, user_id, node_id),
    constraint membership_nodes_membership_fkey foreign key (org_id, user_id)
        references memberships (org_id, user_id) on delete cascade on update cascade,
    constraint membership_nodes_node_fkey foreign key (org_id, node_id) references org_nodes (org_id, id) on delete cascade,
    constraint membership_nodes_role_check
        check (role in ('admin', 'supervisor', 'engineer', 'agent', 'member', 'viewer', 'api')),
    constraint membership_nodes_something_check check (role is not null or cardinality(permissions) > 0)
);
-- who acts at a node
create index membership_nodes_node_id_idx on membership_nodes (org_id, node_id);
call isolate_tenant('membership_nodes');
-- the nodes below one
create index org_nodes_parent_id_idx on org_nodes (org_id, parent_id);

-- Where an invited person will act, if not in the whole organization.
alter table invitations add column node_id uuid;
alter table invitations add constraint invitations_node_fkey foreign key (org_id, node_id)
    references org_nodes (org_id, id) on delete cascade;

-- These nodes and all below them. A tree has no more than a thousand levels; one that bites its own tail ends there.
create function nodes_below(org uuid, roots uuid[]) returns setof uuid language sql stable as $$
    with recursive below (id, depth) as (
        select n.id, 0 from org_nodes n where n.org_id = org and n.id = any(roots)
        union
        select n.id, below.depth + 1 from org_nodes n join below on n.parent_id = below.id
        where n.org_id = org and below.depth < 1000
    )
    select distinct id from below
$$;
-- These nodes and all above them.
create function nodes_above(org uuid, leaves uuid[]) returns setof uuid language sql stable as $$
    with recursive above (id, parent_id, depth) as (
        select n.id, n.parent_id, 0 from org_nodes n where n.org_id = org and n.id = any(leaves)
        union
        select n.id, n.parent_id, above.depth + 1 from org_nodes n join above on n.id = above.parent_id
        where n.org_id = org and above.depth < 1000
    )
    select distinct id from above
$$;

-- The nearest node that is, or stands above, each of these; none when that is the root.
create function common_node(org uuid, owners uuid[]) returns uuid language sql stable as $$
    with recursive above (leaf, id, parent_id, distance) as (
        select n.id, n.id, n.parent_id, 0 from org_nodes n where n.org_id = org and n.id = any(owners)
        union all
        select above.leaf, n.id, n.parent_id, above.distance + 1
        from above join org_nodes n on n.id = above.parent_id
        where n.org_id = org and above.distance < 1000
    )
    select id from above where parent_id is not null group by id
    having count(distinct leaf) = (select count(distinct owner) from unnest(owners) owner)
    order by max(distance) limit 1
$$;

-- Which part of the tree the current transaction reaches: '*' for all, else nodes separated by commas. When nothing was set, none.
create function app_everywhere() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('app.nodes', true) = '*', false) $$;
create function app_nodes() returns uuid[] language sql stable parallel safe as
$$ select case when app_everywhere() then '{}' else string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::uuid[] end $$;

-- Owned by a node: seen and changed from there and above. A query asks once which nodes those are.
create procedure isolate_nodes(relation regclass) language plpgsql as $$
begin
    execute format('drop policy tenant on %s', relation);
    execute format($policy$create policy tenant on %s using (org_id = app_org() and ((select app_everywhere())
        or node_id in (select nodes_below(app_org(), app_nodes())))) $policy$, relation);
end $$;

-- Owned by a node and of use to all below it: seen from there and below as well, and by all when nobody owns it; changed from
-- the node and above only.
create procedure isolate_shared(relation regclass) language plpgsql as $$
begin
    execute format('drop policy tenant on %s', relation);
    execute format($policy$create policy tenant on %s using (org_id = app_org() and ((select app_everywhere())
        or node_id in (select nodes_below(app_org(), app_nodes())))) $policy$, relation);
    execute format($policy$create policy shared on %s for select using (org_id = app_org() and (node_id is null
        or node_id in (select nodes_above(app_org(), app_nodes())))) $policy$, relation);
end $$;

-- Follows what it belongs to: seen and changed by whoever sees the parent row that the condition names.
create procedure isolate_with_parent(relation regclass, condition text) language plpgsql as $$
begin
    execute format('drop policy tenant on %s', relation);
    execute format('create policy tenant on %s using (org_id = app_org() and ((select app_everywhere()) or %s))',
        relation, condition);
end $$;

alter table alerts add column node_id uuid;
call isolate_nodes('alerts');
-- A fingerprint and a group mean something within their owner only: no node's token ends another's alert.
alter table open_alerts add column node_id uuid;
alter table open_alerts drop constraint open_alerts_pkey;
alter table open_alerts add constraint open_alerts_fingerprint_key unique nulls not distinct (org_id, fingerprint, node_id);
call isolate_nodes('open_alerts');
alter table issues add column node_id uuid;
drop index issues_open_group_key;
-- one open issue for each group of alerts
create unique index issues_open_group_key on issues (org_id, group_key, node_id) nulls not distinct
    where status in ('analyzing', 'in_progress');
call isolate_nodes('issues');
call isolate_with_parent('issue_alert_bindings',
    'exists (select from issues i where i.org_id = issue_alert_bindings.org_id and i.id = issue_alert_bindings.issue_id)');
alter table runs add column node_id uuid;
call isolate_nodes('runs');
call isolate_with_parent('run_steps',
    'exists (select from runs r where r.org_id = run_steps.org_id and r.id = run_steps.run_id)');
call isolate_with_parent('llm_usage',
    'exists (select from runs r where r.org_id = llm_usage.org_id and r.id = llm_usage.run_id)');

alter table skills add column node_id uuid;
alter table skills add constraint skills_node_fkey foreign key (org_id, node_id) references org_nodes (org_id, id);
call isolate_shared('skills');
-- A binding is its skill's: it routes alerts to it.
drop policy tenant on alert_skill_bindings;
create policy tenant on alert_skill_bindings using (org_id = app_org() and ((select app_everywhere()) or skill_id in (
    select s.id from skills s where s.org_id = app_org() and s.node_id in (select nodes_below(app_org(), app_nodes())))));
create policy shared on alert_skill_bindings for select using (org_id = app_org() and skill_id in (
    select s.id from skills s where s.org_id = app_org()));
alter table tools add column node_id uuid;
alter table tools add constraint tools_node_fkey foreign key (org_id, node_id) references org_nodes (org_id, id);
call isolate_shared('tools');
alter table im_receivers add column node_id uuid;
alter table im_receivers add constraint im_receivers_node_fkey foreign key (org_id, node_id) references org_nodes (org_id, id);
call isolate_shared('im_receivers');
-- What a receiver was told may be anybody's: it is for those who own the receiver.
call isolate_with_parent('im_messages', 'receiver_id in (select r.id from im_receivers r
    where r.org_id = app_org() and r.node_id in (select nodes_below(app_org(), app_nodes())))');
call isolate_with_parent('deliveries', 'receiver_id in (select r.id from im_receivers r
    where r.org_id = app_org() and r.node_id in (select nodes_below(app_org(), app_nodes())))');

-- Facts are written by whoever acts, and read where their subject is.
alter table event_log add column node_id uuid;
alter table audit_logs add column node_id uuid;
do $$
declare relation text;
begin
    foreach relation in array array['event_log', 'audit_logs'] loop
        execute format('drop policy tenant on %s', relation);
        execute format('create policy tenant on %s for insert with check (org_id = app_org())', relation);
        execute format($policy$create policy reading on %s for select using (org_id = app_org() and ((select app_everywhere())
            or node_id in (select nodes_below(app_org(), app_nodes())))) $policy$, relation);
    end loop;
end $$;
