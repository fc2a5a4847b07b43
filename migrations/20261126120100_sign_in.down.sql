alter table users add column failed_sign_ins integer not null default 0;
alter table users add column locked_until timestamptz;
drop table known_devices;
drop table throttles;
