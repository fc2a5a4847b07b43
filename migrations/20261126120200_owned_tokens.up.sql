-- Whose a token is. Those of today belong to the organization, whatever becomes of who made them; a new one that may use the
-- API belongs to its maker, and may never do what they may not.
alter table access_tokens add column owner text not null default 'organization';
alter table access_tokens alter column owner drop default;
alter table access_tokens add constraint access_tokens_owner_check check (owner in ('organization', 'person'));
-- the tokens of somebody who leaves
create index access_tokens_person_idx on access_tokens (org_id, created_by) where owner = 'person' and revoked_at is null;
