drop function new_job_id();
drop sequence jobs_id_seq;
