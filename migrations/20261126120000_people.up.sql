-- Accounts, invitations and sessions: an address belongs to whoever proved it.

-- An account whose address nobody proved stays inside the organization that invited it, and does not hold the address.
alter table users add column email_verified_at timestamptz;
alter table users add column home_org_id uuid references organizations (id) on delete cascade;

-- An invitation becomes a membership when the person accepts it.
create table invitations (
    org_id uuid not null references organizations (id) on delete cascade,
    id uuid not null,
    email text not null,
    role text not null,
    invited_by uuid,
    -- mail: the link went to the address alone and proves it; link: its inviter saw it, so it proves nothing
    delivery text not null,
    -- which link is in force: sending another one ends those before it
    generation integer not null default 1,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    sent_at timestamptz,
    send_error text,
    accepted_at timestamptz,
    declined_at timestamptz,
    revoked_at timestamptz,
    constraint invitations_pkey primary key (org_id, id),
    constraint invitations_invited_by_fkey foreign key (org_id, invited_by)
        references memberships (org_id, user_id) on delete set null (invited_by) on update cascade,
    constraint invitations_email_check check (email = lower(email) and char_length(email) between 3 and 255),
    constraint invitations_role_check
        check (role in ('admin', 'supervisor', 'engineer', 'agent', 'member', 'viewer', 'api')),
    constraint invitations_delivery_check check (delivery in ('mail', 'link')),
    constraint invitations_ended_check check (num_nonnulls(accepted_at, declined_at, revoked_at) <= 1)
);
-- one open invitation for each address
create unique index invitations_open_email_key on invitations (org_id, email)
    where accepted_at is null and declined_at is null and revoked_at is null;
-- the open invitations of a person, across organizations
create index invitations_email_idx on invitations (email)
    where accepted_at is null and declined_at is null and revoked_at is null;
call isolate_tenant('invitations');

-- Who was invited and never came becomes an invitation. Its link has to be sent anew.
insert into invitations (org_id, id, email, role, delivery, created_at, expires_at)
select m.org_id, (substr(uuid_v7_floor(m.created_at)::text, 1, 13) || substr(gen_random_uuid()::text, 14))::uuid, u.email, m.role, 'link', m.created_at, now()
from memberships m join users u on u.id = m.user_id
where u.auth_provider = 'local' and u.password_hash is null;
delete from users where auth_provider = 'local' and password_hash is null;

-- Supabase proved an address. So did the operator who made the account, or set its password, from the command line.
update users set email_verified_at = coalesce(last_sign_in_at, created_at) where auth_provider <> 'local';
update users set email_verified_at = created_at
where email_verified_at is null and (
    exists (select from audit_logs a where a.subject_id = users.id and a.action = 'member.password_set'
        and a.actor_type = 'system')
    or (select a.actor_type from audit_logs a where a.subject_id = users.id and a.action = 'member.added'
        order by a.occurred_at, a.id limit 1) = 'system');

-- Any other password was chosen by an admin: it opens the organization that made the account, and no other. Those are
-- asked to invite the address instead.
update users set home_org_id = (
    select m.org_id from memberships m where m.user_id = users.id order by m.created_at, m.org_id limit 1)
where email_verified_at is null;
delete from users where email_verified_at is null and home_org_id is null;
insert into invitations (org_id, id, email, role, delivery, created_at, expires_at)
select m.org_id, (substr(uuid_v7_floor(m.created_at)::text, 1, 13) || substr(gen_random_uuid()::text, 14))::uuid, u.email, m.role, 'link', m.created_at, now()
from memberships m join users u on u.id = m.user_id
where u.home_org_id <> m.org_id;
delete from memberships m using users u where u.id = m.user_id and u.home_org_id <> m.org_id;

alter table users add constraint users_home_org_check check ((email_verified_at is null) = (home_org_id is not null));
drop index users_email_key;
-- a proved address is one person's
create unique index users_email_key on users (email) where email_verified_at is not null;
create unique index users_home_org_email_key on users (home_org_id, email) where email_verified_at is null;
grant select (email_verified_at) on users to steward_tenant;

-- The database itself keeps an unproved account where it is.
create function memberships_home_org() returns trigger language plpgsql security definer set search_path from current as $$
begin
    if exists (select from users where id = new.user_id and home_org_id <> new.org_id) then
        raise exception 'an account whose address is not proved stays inside its organization'
            using errcode = 'check_violation', constraint = 'memberships_home_org_check';
    end if;
    return new;
end $$;
create trigger memberships_home_org before insert or update of org_id, user_id on memberships
    for each row execute function memberships_home_org();

-- Sessions were opened by passwords that somebody else may have chosen, and have no name that may be shown.
delete from sessions;
alter table sessions add column id uuid not null;
create unique index sessions_id_key on sessions (id);
-- a person's own sessions, in all organizations
create index sessions_person_idx on sessions (user_id);
