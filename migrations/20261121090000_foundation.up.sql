-- Organizations, people and credentials. Every table that holds customers' data carries org_id first in its keys.

-- The role every connection works as. It owns nothing, so row-level security always applies to it.
-- Where an administrator has made it, the login role needs no right to create roles.
do $$ begin
    if not exists (select from pg_roles where rolname = 'steward_tenant') then
        create role steward_tenant nologin nosuperuser nobypassrls;
    end if;
exception
    when duplicate_object or unique_violation then null;
end $$;
-- The login role must be able to become it; a superuser already is. Before PostgreSQL 16 every member could.
do $$
declare
    privilege text := case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end;
begin
    if not pg_has_role(current_user, 'steward_tenant', privilege) then
        execute format('grant steward_tenant to %I', current_user);
    end if;
end $$;

-- The organization of the current transaction; null when none was set, which matches no row.
create function app_org() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.org_id', true), '')::uuid $$;

-- The smallest UUIDv7 (RFC 9562 section 5.7) of a moment: the bound of a partition by id.
create function uuid_v7_floor(at timestamptz) returns uuid language sql immutable parallel safe as
$$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

-- Turns on tenant isolation for a table whose organization is in org_id.
create procedure isolate_tenant(relation regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', relation);
    execute format('create policy tenant on %s using (org_id = app_org()) with check (org_id = app_org())', relation);
    execute format('grant select, insert, update, delete on %s to steward_tenant', relation);
end $$;

do $$ begin
    execute format('grant usage on schema %I to steward_tenant', current_schema());
end $$;

create table organizations (
    id uuid primary key,
    slug text not null,
    name text not null,
    status text not null default 'active',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint organizations_slug_key unique (slug),
    constraint organizations_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    constraint organizations_name_check check (char_length(name) between 1 and 255),
    constraint organizations_status_check check (status in ('active', 'suspended', 'deleted'))
);
alter table organizations enable row level security;
create policy tenant on organizations using (id = app_org()) with check (id = app_org());
grant select on organizations to steward_tenant;
grant update (name, updated_at) on organizations to steward_tenant;

create table org_nodes (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    parent_id uuid,
    kind text not null,
    slug text not null,
    name text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint org_nodes_pkey primary key (org_id, id),
    constraint org_nodes_slug_key unique (org_id, slug),
    constraint org_nodes_parent_fkey foreign key (org_id, parent_id) references org_nodes (org_id, id),
    constraint org_nodes_kind_check check (kind in ('org', 'unit', 'team')),
    constraint org_nodes_root_check check ((kind = 'org') = (parent_id is null))
);
-- one root for each organization
create unique index org_nodes_root_key on org_nodes (org_id) where parent_id is null;
call isolate_tenant('org_nodes');

-- One row for each person, across organizations; a Supabase user keeps its Supabase id.
create table users (
    id uuid primary key,
    email text not null,
    name text,
    avatar_url text,
    auth_provider text not null default 'local',
    password_hash text,
    status text not null default 'active',
    failed_sign_ins integer not null default 0,
    locked_until timestamptz,
    last_sign_in_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint users_email_check check (email = lower(email) and char_length(email) between 3 and 255),
    constraint users_name_check check (char_length(name) between 1 and 255),
    constraint users_avatar_url_check check (char_length(avatar_url) <= 500),
    constraint users_auth_provider_check check (auth_provider in ('local', 'google', 'okta', 'saml', 'supabase')),
    constraint users_status_check check (status in ('active', 'inactive'))
);
create unique index users_email_key on users (email);

create table memberships (
    org_id uuid not null references organizations (id) on delete cascade,
    -- follows when an invited e-mail is bound to its Supabase id
    user_id uuid not null references users (id) on delete cascade on update cascade,
    role text not null,
    status text not null default 'active',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint memberships_pkey primary key (org_id, user_id),
    constraint memberships_role_check
        check (role in ('admin', 'supervisor', 'engineer', 'agent', 'member', 'viewer', 'api')),
    constraint memberships_status_check check (status in ('active', 'inactive'))
);
-- the organizations a person may sign in to
create index memberships_user_id_idx on memberships (user_id);
call isolate_tenant('memberships');

-- A tenant sees the people who are its members, and never a password hash.
alter table users enable row level security;
create policy tenant on users for select
    using (exists (select 1 from memberships where memberships.org_id = app_org() and memberships.user_id = users.id));
grant select (id, email, name, avatar_url, auth_provider, status, last_sign_in_at, created_at, updated_at)
    on users to steward_tenant;

-- The browser holds a random id; we keep its SHA-256.
create table sessions (
    id_hash bytea primary key,
    org_id uuid not null references organizations (id) on delete cascade,
    user_id uuid not null,
    csrf_token text not null,
    ip text,
    user_agent text,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    constraint sessions_membership_fkey foreign key (org_id, user_id)
        references memberships (org_id, user_id) on delete cascade on update cascade,
    constraint sessions_expires_at_check check (expires_at > created_at)
);
create index sessions_user_id_idx on sessions (org_id, user_id);
-- the cleaner of expired sessions
create index sessions_expires_at_idx on sessions (expires_at);
call isolate_tenant('sessions');

-- Bearer tokens are kept only as HMAC-SHA-256 with the server's pepper, and shown once.
create table access_tokens (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    node_id uuid,
    name text not null,
    role text not null,
    scopes text[] not null,
    -- the readable start of the token, by which people recognize it
    hint text not null,
    mac bytea not null,
    created_by uuid,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint access_tokens_pkey primary key (org_id, id),
    constraint access_tokens_node_fkey foreign key (org_id, node_id) references org_nodes (org_id, id) on delete cascade,
    constraint access_tokens_created_by_fkey foreign key (org_id, created_by)
        references memberships (org_id, user_id) on delete set null (created_by) on update cascade,
    constraint access_tokens_name_check check (char_length(name) between 1 and 255),
    constraint access_tokens_role_check
        check (role in ('admin', 'supervisor', 'engineer', 'agent', 'member', 'viewer', 'api')),
    constraint access_tokens_scopes_check check (scopes <@ array['api', 'ingest'] and cardinality(scopes) > 0)
);
create unique index access_tokens_mac_key on access_tokens (mac);
call isolate_tenant('access_tokens');
