-- Before, every token was the organization's: one that was its maker's must not become that.
update access_tokens set revoked_at = now() where owner = 'person' and revoked_at is null;
drop index access_tokens_person_idx;
alter table access_tokens drop column owner;
