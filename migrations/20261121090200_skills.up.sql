-- What the team knows and what its agents may call.

create table skills (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    created_by uuid,
    name text not null,
    problem_description text not null,
    sop text not null,
    -- where an imported skill came from, so that a second import updates it
    origin text,
    version integer not null default 1,
    embedding vector(1536),
    -- the model that made the embedding; another one configured means it is to be made again
    embedding_model text,
    search tsvector not null generated always as (
        setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', problem_description), 'B')
    ) stored,
    status text not null default 'active',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint skills_pkey primary key (org_id, id),
    constraint skills_name_key unique (org_id, name),
    constraint skills_created_by_fkey foreign key (org_id, created_by)
        references memberships (org_id, user_id) on delete set null (created_by) on update cascade,
    constraint skills_name_check check (char_length(name) between 1 and 255),
    constraint skills_status_check check (status in ('active', 'inactive')),
    constraint skills_embedding_check check ((embedding is null) = (embedding_model is null))
);
-- semantic match by cosine distance
create index skills_embedding_idx on skills using hnsw (embedding vector_cosine_ops);
create index skills_search_idx on skills using gin (search);
call isolate_tenant('skills');

create table alert_skill_bindings (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    alert_pattern text not null,
    skill_id uuid not null,
    priority integer not null default 0,
    created_at timestamptz not null,
    constraint alert_skill_bindings_pkey primary key (org_id, id),
    constraint alert_skill_bindings_skill_fkey foreign key (org_id, skill_id)
        references skills (org_id, id) on delete cascade,
    constraint alert_skill_bindings_pattern_check check (char_length(alert_pattern) between 1 and 500)
);
-- highest priority first, older first among equals
create index alert_skill_bindings_priority_idx on alert_skill_bindings (org_id, priority desc, id);
create index alert_skill_bindings_skill_id_idx on alert_skill_bindings (org_id, skill_id);
call isolate_tenant('alert_skill_bindings');

create table tools (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    created_by uuid,
    name text not null,
    description text,
    type text not null,
    config jsonb not null,
    -- JSON Schema of the arguments
    input_schema jsonb not null,
    status text not null default 'active',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint tools_pkey primary key (org_id, id),
    constraint tools_name_key unique (org_id, name),
    constraint tools_created_by_fkey foreign key (org_id, created_by)
        references memberships (org_id, user_id) on delete set null (created_by) on update cascade,
    constraint tools_name_check check (name ~ '^[a-zA-Z_][a-zA-Z0-9_]{0,63}$'),
    constraint tools_type_check check (type in ('mcp', 'custom_code')),
    constraint tools_status_check check (status in ('active', 'inactive'))
);
call isolate_tenant('tools');
