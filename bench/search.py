"""Search under row-level security: what a list that searches asks of PostgreSQL, and how long whoever asks waits."""

import hashlib
import pathlib
import re
import time
import urllib.parse

from product import Steward

HERE = pathlib.Path(__file__).resolve().parent
# What is searched for, as the API's parameters; {n} differs from request to request.
WORDS = {
    "a rare word": {"q": "trace {n}"},
    "a word in every eleventh alert": {"q": "payments"},
    "`eu-2 checkout`, one alert in 110": {"q": "eu-2 checkout"},
    "the beginning of a word in every alert": {"q": "prod"},
    "a word that no alert has": {"q": "nothing{n}"},
    "a label that one alert has": {"labels": '{{"pod": "{pod}"}}'},
    "two labels that one in 132 has": {"labels": '{{"service": "payments", "team": "team-{team}"}}'},
    "a rare word among open alerts": {"q": "trace {n}", "status": "open"},
}
REQUESTS = 100


def search(binary, say, table, share=1.0):
    """Ten million alerts (times the share) of 1,031 organizations."""
    with Steward(binary, "--no-worker") as steward:
        began = time.monotonic()
        steward.pgbench((HERE / "search.sql").read_text().replace("{{SHARE}}", str(share)), "--transactions=1")
        made = time.monotonic()
        index_again(steward)
        say(f"\nSearch: {int(steward.ask('select count(*) from alerts')):,} alerts made in {made - began:.0f} s, indexed in {time.monotonic() - made:.0f} s")
        measure(steward, say, table)


def index_again(steward):
    """The indexes that search.sql dropped, as the migrations say them."""
    sources = "\n".join(path.read_text() for path in sorted((HERE.parent / "migrations").glob("*.up.sql")))
    made = re.findall(r"^create index alerts_\w+_idx on alerts [^;]*;", sources, re.MULTILINE)
    script = "\n".join(["set maintenance_work_mem = '1GB';", *made, "vacuum analyze alerts;"])
    steward.pgbench(script, "--transactions=1")


def measure(steward, say, table):
    sizes = "select string_agg(relname || ' ' || size, ', ') from (select p.relname, pg_size_pretty(sum(pg_total_relation_size(i.inhrelid))) as size " \
        "from pg_inherits i join pg_class p on p.oid = i.inhparent where p.relname in ('alerts', 'alerts_search_idx') group by 1 order by 1) t"
    say(f"Sizes: {steward.ask(sizes)}")
    rows = []
    for number in (1, 2, 40):
        token = re.search(r"\bbench-\S+", steward.command("admin", "create-token", "search", "--org", f"bench-{number}",
                          "--role", "admin", "--scopes", "api")).group(0)
        org, alerts = steward.ask(f"select id || ' ' || size from bench_orgs where n = {number}").split()
        for name, parameters in WORDS.items():
            took, found = requests(steward, token, parameters, int(alerts))
            rows.append([alerts, name, found, f"{took[len(took) // 2]:.1f} / {took[len(took) * 99 // 100]:.1f}"])
        if number == 1:
            plans(steward, say, org)
    table(["alerts of the organization", "searched for", "found on the first page", "p50 / p99 ms"], rows)


def requests(steward, token, parameters, alerts):
    """Milliseconds of each request, and the most rows that one found."""
    took, found = [], 0
    for n in range(REQUESTS):
        at = 7919 * n % alerts
        values = {"n": at // 1000, "team": n % 12, "pod": pod(at)}
        asked = urllib.parse.urlencode({name: text.format(**values) for name, text in parameters.items()})
        began = time.monotonic()
        page = steward.call("GET", f"/api/v1/alerts?{asked}", token=token)
        took.append((time.monotonic() - began) * 1000)
        found = max(found, len(page["items"]))
    return sorted(took), found


def pod(at):
    """The label of the alert at this place, as search.sql makes it."""
    services = "checkout payments search basket catalog accounts mailer billing invoices gateway stock".split()
    return f"{services[at % 11]}-{hashlib.md5(str(at).encode()).hexdigest()[:9]}"


def plans(steward, say, org):
    """As the tenant's role: full text, containment, and what the same condition on the table itself comes to, without running it."""
    view = "select a.id from alerts a where a.org_id = '{org}' and a.id in (select f.id from alerts_search f where {condition}) order by a.id desc limit 51"
    words = f"f.words @@ search_query('{org}', 'trace 1977')"
    labels = f"f.labels @> search_json('{org}', '{{\"pod\": \"{pod(0)}\"}}')"
    bare = f"select a.id from alerts a where a.org_id = '{org}' and search_words(a.org_id, a.alert_type || ' ' || a.title, a.fingerprint || ' ' || " \
        f"a.labels::text) @@ search_query('{org}', 'trace 1977') order by a.id desc limit 51"
    for name, query, explain in (
        ("Full text", view.format(org=org, condition=words), "analyze, timing off, costs off, buffers off"),
        ("JSON containment", view.format(org=org, condition=labels), "analyze, timing off, costs off, buffers off"),
        ("Full text on the table itself, below its policy", bare, "costs off"),
    ):
        lines = plan(steward, org, f"explain ({explain}) {query}")
        # One month stands for the twelve, and what looks for nothing is left out.
        scans = [re.sub(r"^.*->|\(actual.*|\(never.*| (a|alerts)_\d+\b", "", line).strip() for line in lines if "Scan" in line and "bench_" in line]
        say(f"\n{name}, as steward_tenant; the scans:")
        for scan in dict.fromkeys(re.sub(r"bench_\d+", "<month>", scan) for scan in scans):
            say(f"    {scan}")
        say(f"    {next((line.strip() for line in lines if line.startswith('Execution')), 'not run')}")


def plan(steward, org, explain):
    block = f"""do $do$ declare line text; begin
        set local role steward_tenant;
        perform set_config('app.org_id', '{org}', true), set_config('app.nodes', '*', true);
        for line in execute $q${explain}$q$ loop raise notice 'answer %', line; end loop;
    end $do$"""
    return re.findall(r"NOTICE:  answer (.*)", steward.pgbench(block, "--transactions=1").stderr)
