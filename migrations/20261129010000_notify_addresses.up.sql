-- expand
-- Addresses of receivers, and whether whoever reads their mail has agreed: they are members, or gave the code that was mailed there.

create table mail_addresses (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    address text not null,
    confirmed_at timestamptz,
    -- of the code, which is derived from it and stored nowhere
    generation integer not null default 0,
    expires_at timestamptz not null,
    wrong_codes integer not null default 0,
    -- the last mail with a code, and how many there were since when
    mailed_at timestamptz,
    mails integer not null default 0,
    mails_since timestamptz not null,
    -- what the mail server said to the last one, if it did not take it
    error text,
    constraint mail_addresses_pkey primary key (org_id, id),
    constraint mail_addresses_address_key unique (org_id, address),
    constraint mail_addresses_address_check check (char_length(address) between 3 and 255)
);
call isolate_tenant('mail_addresses');

-- tenancy: addresses that members have proved to read
create view member_addresses with (security_invoker = true) as
    select m.org_id, u.email as address from memberships m join users u on u.id = m.user_id
    where m.status = 'active' and u.status = 'active' and u.email_verified_at is not null;
grant select on member_addresses to steward_tenant;
