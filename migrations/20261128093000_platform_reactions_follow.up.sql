-- Reactions that may lag follow the log from here on: what happened before had its jobs in its own commit.
insert into feed_cursors (name, position, moved_at)
select 'reactions', coalesce(max(position), 0), now() from event_log;
