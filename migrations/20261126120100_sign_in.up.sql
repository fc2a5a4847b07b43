-- Guesses are counted in the database, for all processes: by account and network, never by account alone.

-- Rows belong to no organization; the key is an HMAC of what is counted.
create table throttles (
    key bytea primary key,
    failed integer not null,
    -- when counting began
    since timestamptz not null,
    last_at timestamptz not null,
    locked_until timestamptz,
    constraint throttles_failed_check check (failed >= 0)
);
-- the cleaner of counters that say nothing any more
create index throttles_last_at_idx on throttles (last_at);

-- Browsers that somebody signed in with: guesses from elsewhere do not lock them out.
create table known_devices (
    user_id uuid not null references users (id) on delete cascade on update cascade,
    device_hash bytea not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    constraint known_devices_pkey primary key (user_id, device_hash)
);

alter table users drop column failed_sign_ins;
alter table users drop column locked_until;
