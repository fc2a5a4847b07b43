-- What the keys of a process are compared with at its start, so that one with others does not serve.

-- One row, of the server. It tells nothing of the keys.
create table key_check (
    one boolean primary key default true,
    -- the fingerprint of the master key that data keys are wrapped with; a process must hold it
    master_key_id text not null,
    -- an HMAC of a constant under the pepper
    pepper_check bytea not null,
    checked_at timestamptz not null,
    constraint key_check_one_check check (one)
);
