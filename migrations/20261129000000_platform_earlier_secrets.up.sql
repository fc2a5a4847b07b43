-- expand
-- Versions of sealed values (docs/adr/0018-sealed-values.md). A value that another took the place of stays for a while, as it was sealed.
alter table configurations
    add column version integer not null default 1,
    add constraint configurations_version_check check (version > 0);

create table earlier_secrets (
    org_id uuid not null,
    id uuid not null,
    configuration_id uuid not null,
    version integer not null,
    sealed bytea not null,
    data_key_id uuid not null,
    set_by uuid,
    set_at timestamptz not null,
    replaced_at timestamptz not null,
    constraint earlier_secrets_pkey primary key (org_id, id),
    constraint earlier_secrets_version_key unique (org_id, configuration_id, version),
    constraint earlier_secrets_configuration_fkey foreign key (org_id, configuration_id)
        references configurations (org_id, id) on delete cascade,
    constraint earlier_secrets_data_key_fkey foreign key (org_id, data_key_id) references data_keys (org_id, id),
    constraint earlier_secrets_version_check check (version > 0),
    constraint earlier_secrets_replaced_at_check check (replaced_at >= set_at)
);
-- what is kept no longer
create index earlier_secrets_replaced_at_idx on earlier_secrets (org_id, replaced_at, id);
call isolate_tenant('earlier_secrets');
