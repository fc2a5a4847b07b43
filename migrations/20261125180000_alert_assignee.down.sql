alter table alerts drop constraint alerts_assigned_to_fkey;
