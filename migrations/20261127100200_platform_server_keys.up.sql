-- What the server itself keeps, wrapped by the master key named by its id. The tenant's role has no right to it.
create table server_keys (
    name text primary key,
    master_key_id text not null,
    wrapped bytea not null,
    created_at timestamptz not null
);
