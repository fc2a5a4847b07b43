-- Sessions end, and every account holds its address again: of several with one address the proved one, else the oldest.
delete from sessions;
drop index sessions_person_idx;
alter table sessions drop column id;

drop trigger memberships_home_org on memberships;
drop function memberships_home_org();
drop index users_home_org_email_key;
drop index users_email_key;
alter table users drop constraint users_home_org_check;
delete from users u using (
    select id, row_number() over (partition by email order by email_verified_at is null, created_at, id) as place from users
) ranked where ranked.id = u.id and ranked.place > 1;
create unique index users_email_key on users (email);
drop table invitations;
alter table users drop column home_org_id;
alter table users drop column email_verified_at;
