-- Whether an organization may do anything. For those who see every organization: workers and periodic tasks.
create function is_active(org uuid) returns boolean language sql stable parallel safe as
$$ select exists (select from organizations where id = org and status = 'active') $$;
-- A lane is its organization's own: one that waits holds no other up.
drop index jobs_lane_idx;
create index jobs_lane_idx on jobs (queue, org_id, lane, id) where lane is not null;
