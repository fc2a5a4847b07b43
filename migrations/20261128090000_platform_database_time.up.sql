-- The time by which processes agree on leases and on what is due: the database's, since their own clocks differ. A process whose
-- clock is held still, as tests hold it, names its time when it begins a transaction.
create function database_time() returns timestamptz language sql stable as
$$ select coalesce(nullif(current_setting('app.clock', true), '')::timestamptz, statement_timestamp()) $$;
