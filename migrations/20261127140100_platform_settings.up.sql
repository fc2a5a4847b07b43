-- What an organization set, and what goes when its time is over.

-- Published by the tree for whoever keeps something at its root.
create function root_node(org uuid) returns uuid language sql stable parallel safe as
$$ select id from org_nodes where org_id = org and parent_id is null $$;
-- Published for periodic tasks that see to one organization after the other.
create function organization_ids() returns setof uuid language sql stable as
$$ select id from organizations order by id $$;

-- The settings of a node: those that differ from their defaults, as a tree of JSON by the parts of their keys. Today of the root alone.
-- Whoever is in the organization may read them, because what they do obeys them.
create table node_configurations (
    org_id uuid not null references organizations (id) on delete cascade,
    node_id uuid not null,
    config_json jsonb not null default '{}',
    -- by whole key: when it was changed last, and by whom
    changes jsonb not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint node_configurations_pkey primary key (org_id, node_id),
    constraint node_configurations_node_fkey foreign key (org_id, node_id) references org_nodes (org_id, id) on delete cascade,
    constraint node_configurations_config_json_check check (jsonb_typeof(config_json) = 'object'),
    constraint node_configurations_changes_check check (jsonb_typeof(changes) = 'object')
);
call isolate_tenant('node_configurations');

-- The keys of subjects whose rows are gone as well: nothing is left that they could open. The tenant's role may delete no key
-- otherwise, as a destroyed one must stay to keep others from being made.
create function forget_subject_keys(kind text, subjects uuid[]) returns void
    language sql security definer set search_path from current as
$$ delete from subject_keys where org_id = app_org() and subject_type = kind and subject_id = any(subjects) $$;
