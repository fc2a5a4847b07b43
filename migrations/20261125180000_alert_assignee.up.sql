-- Who an alert is given to follows when an invited person is bound to a Supabase id, as it does for issues. Somebody who
-- was only invited can be in no other column: they never acted.
alter table alerts add constraint alerts_assigned_to_fkey foreign key (org_id, assigned_to)
    references memberships (org_id, user_id) on delete set null (assigned_to) on update cascade;
