drop index jobs_lane_idx;
create index jobs_lane_idx on jobs (queue, lane, id) where lane is not null;
drop function is_active(uuid);
