drop table access_tokens, sessions;
drop policy tenant on users;
drop table memberships, users, org_nodes, organizations;
drop procedure isolate_tenant(regclass);
drop function uuid_v7_floor(timestamptz);
drop function app_org();
-- The role steward_tenant belongs to the cluster and may serve another database: it stays.
