drop function database_time();
