-- expand
-- Ends a job with the commit of its effect, in one message. A claim that does not count any more must keep that from being committed: it raises.
create function end_job(org uuid, job uuid, held bigint) returns void language plpgsql as $$
begin
    delete from jobs where org_id = org and id = job and fence = held;
    if not found then
        raise exception 'another worker has taken this job over' using errcode = 'JB001';
    end if;
end $$;
