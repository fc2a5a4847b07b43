-- What was sealed is gone: the release before has no key for it. The rows stay.
alter table issues drop column erased_at;
alter table run_steps drop constraint run_steps_sealed_check;
update run_steps set content = 'This step was sealed by a later version.', metadata = '{}' where sealed is not null;
alter table run_steps drop column sealed;
alter table run_steps alter column content set not null;
alter table run_steps alter column metadata set not null;
alter table runs drop constraint runs_input_check;
update runs set input = '{}' where sealed_input is not null;
-- the release before reads a whole conclusion
update runs set output = output || '{"is_real_issue": null, "summary": "", "cause": null, "claims": [], "actions": []}'
    where output is not null and not output ? 'summary';
alter table runs drop column sealed_input;
alter table runs drop column sealed_memory;
alter table runs drop column sealed_output;
alter table runs alter column input set not null;

update audit_logs a set reason = r.reason from change_reasons r where r.org_id = a.org_id and r.id = a.id;
drop table change_reasons;
drop table subject_keys;
