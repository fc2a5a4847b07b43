-- expand
-- What a receiver listens to, and who is told when it cannot be.

alter table im_receivers
    -- issues of less severity are told elsewhere
    add column min_severity text not null default 'low',
    -- {"time_zone": "Europe/Berlin", "weekdays": [1, 5], "from": "09:00", "to": "17:00"}; null is always
    add column hours jsonb,
    add column fallback_id uuid,
    add constraint im_receivers_min_severity_check check (min_severity in ('critical', 'high', 'medium', 'low')),
    add constraint im_receivers_fallback_check check (fallback_id <> id),
    add constraint im_receivers_fallback_fkey foreign key (org_id, fallback_id)
        references im_receivers (org_id, id) on delete set null (fallback_id);

-- Whether these hours hold a moment. Hours that end before they begin, or when they do, end on the next day; the weekday is that of the beginning.
create function hours_hold(hours jsonb, moment timestamptz) returns boolean language sql stable as $$
    select hours is null or case
        when l.begins < l.ends then l.hour >= l.begins and l.hour < l.ends and l.day = any (l.days)
        else (l.hour >= l.begins and l.day = any (l.days)) or (l.hour < l.ends and (l.day + 5) % 7 + 1 = any (l.days)) end
    from (select (moment at time zone (hours ->> 'time_zone'))::time as hour,
        extract(isodow from moment at time zone (hours ->> 'time_zone'))::integer as day,
        (hours ->> 'from')::time as begins, (hours ->> 'to')::time as ends,
        array(select jsonb_array_elements_text(hours -> 'weekdays')::integer) as days) l
$$;

-- Whether a receiver listens to issues of an urgency (0 is critical, 3 is low) at a moment.
create function listens(min_severity text, hours jsonb, urgency integer, moment timestamptz) returns boolean
    language sql stable as $$
    select array_position(array['critical', 'high', 'medium', 'low'], min_severity) > urgency and hours_hold(hours, moment)
$$;
