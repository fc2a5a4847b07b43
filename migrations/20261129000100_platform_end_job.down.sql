drop function end_job(uuid, uuid, bigint);
