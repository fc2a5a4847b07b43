drop table server_keys;
