-- Search under row-level security (docs/adr/0016-search.md). The operators of full text and JSON containment are not leakproof, so
-- below a policy they never reach an index. Each searchable table has a view of its owner beside it, `<table>_search`, that
-- repeats the table's policy as plain conditions; `platform::search` is how queries ask it. What is indexed begins with the
-- organization, so that a search reads entries of its own organization only.
-- An index evaluates its functions with an empty search path, so they name built-in ones only, or were parsed here (`return`).

-- What entries of an organization begin with: the last part of its id, which is random.
create function search_key(org uuid) returns text language sql immutable strict parallel safe
    return right(org::text, 12);

-- The words of names and of a text in lower case: runs of letters and digits. Of names also the parts, as `HighCPUUsage` has three. A
-- Chinese or Japanese character is a word of its own. A very long text has no words of more than 64 characters, as an index takes
-- none of more than some 2,000 bytes, and a tsvector has at most a megabyte: of a text the first 100,000 characters count. The cost tells the planner that reading rows one by one is not cheap; it would not see it
-- in an SQL function, which is replaced by its body.
create function search_words(org uuid, names text, content text) returns tsvector
    language plpgsql immutable strict parallel safe cost 2000 as $$
declare
    key text := right(org::text, 12);
    parts text := regexp_replace(names, '(?<=[[:lower:]])(?=[[:upper:]])|(?<=[[:upper:]])(?=[[:upper:]][[:lower:]])', ' ', 'g');
    split text := lower(names || ' ' || parts || ' ' || left(content, 100000));
begin
    if octet_length(split) > 1900 or octet_length(split) > length(split) then
        split := regexp_replace(split, '([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[[:alnum:]]{64})', ' \1 ', 'g');
    end if;
    split := btrim(regexp_replace(split, '[^[:alnum:]]+', ' ', 'g'));
    return array_to_tsvector(string_to_array(key || replace(split, ' ', ' ' || key), ' '));
end $$;

-- All words of a text, each as the beginning of a word; null, which matches nothing, when it holds none.
create function search_query(org uuid, content text) returns tsquery language sql immutable strict parallel safe
    return (select (string_agg(left(word, 76), ':* & ') || ':*')::tsquery
        from unnest(tsvector_to_array(search_words(org, '', left(content, 300)))) word where length(word) > 12);

-- What of a text is to stand as it is typed, as regular expressions; null when nothing is: what is in quotes, and words that signs tie together, such as an
-- address or the name of a host. It begins where a word begins. In JSON a colon has quotes around it.
create function search_literals(content text) returns text[] language sql immutable strict parallel safe
    return (select array_agg('(^|[^[:alnum:]])' || replace(regexp_replace(
            regexp_replace(coalesce(part[1], part[2]), '([^[:alnum:][:space:]])', '\\\1', 'g'), '[[:space:]]+', '[[:space:]]+', 'g'), '\:', '"?: ?"?'))
        from regexp_matches(left(content, 300), '"([^"]*[[:alnum:]][^"]*)"|([[:alnum:]]+(?:[-.:/@_+]+[[:alnum:]]+)+)', 'g') part);

-- The lexemes of a text that was parsed by a language's rules, and a query of such.
create function search_lexemes(org uuid, parsed tsvector) returns tsvector language sql immutable strict parallel safe cost 500
    return array_to_tsvector(array(select search_key(org) || lexeme from unnest(tsvector_to_array(parsed)) lexeme));
create function search_lexemes(org uuid, parsed tsquery) returns tsquery language sql immutable strict parallel safe
    return regexp_replace(parsed::text, '(^|[ !(])''', '\1''' || search_key(org), 'g')::tsquery;

-- A JSON value, both where it is searched and as what is searched for.
create function search_json(org uuid, value jsonb) returns jsonb language plpgsql immutable strict parallel safe cost 200 as $$
begin
    return jsonb_set('{}', array[right(org::text, 12)], value);
end $$;

-- Makes the view: `<table>_search` with the id and these columns, of the rows that the policies of the table show. Call it again
-- after its policies have changed; a test compares them. Equality with the organization is written so that the planner does not
-- derive it from that of the table in the same query: what it derives from a policy counts as one, and holds the operators back.
create procedure make_searchable(relation regclass, columns text) language plpgsql as $$
declare
    seen text;
begin
    select replace(string_agg(pg_get_expr(polqual, polrelid), ' or ' order by polname),
        'org_id = app_org()', 'org_id = any (array[app_org()])') into strict seen
    from pg_policy where polrelid = relation and polcmd in ('r', '*') and polpermissive;
    execute format('create or replace view %s as select id, %s from %s where %s',
        relation || '_search', columns, relation, seen);
    execute format('grant select on %s to steward_tenant', relation || '_search');
end $$;

-- the list of alerts by words and by labels
create index alerts_search_idx on alerts using gin (
    search_words(org_id, alert_type || ' ' || title, fingerprint || ' ' || labels::text),
    search_json(org_id, labels) jsonb_path_ops);
call make_searchable('alerts', $$search_words(org_id, alert_type || ' ' || title, fingerprint || ' ' || labels::text) as words,
    search_json(org_id, labels) as labels, alert_type || ' ' || title || ' ' || fingerprint || ' ' || labels::text as content$$);

-- the list of issues by words
create index issues_search_idx on issues using gin (
    search_words(org_id, title, coalesce(ai_conclusion, '') || ' ' || coalesce(cause, '')));
call make_searchable('issues',
    $$search_words(org_id, title, coalesce(ai_conclusion, '') || ' ' || coalesce(cause, '')) as words,
    title || ' ' || coalesce(ai_conclusion, '') || ' ' || coalesce(cause, '') as content$$);

-- the list of skills by words, and matching by what words mean in English
drop index skills_search_idx;
create index skills_search_idx on skills using gin (
    search_words(org_id, name, problem_description), search_lexemes(org_id, search));
call make_searchable('skills', $$search_words(org_id, name, problem_description) as words,
    search_lexemes(org_id, search) as lexemes, name || ' ' || problem_description as content$$);

-- the audit log by the name of who acted
create index audit_logs_search_idx on audit_logs using gin (search_words(org_id, actor_name, ''));
call make_searchable('audit_logs', $$search_words(org_id, actor_name, '') as words, actor_name as content$$);
