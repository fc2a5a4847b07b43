drop function listens(text, jsonb, integer, timestamptz);
drop function hours_hold(jsonb, timestamptz);
alter table im_receivers drop column fallback_id, drop column hours, drop column min_severity;
