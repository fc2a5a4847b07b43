#!/usr/bin/env python3
"""`make bench`: what Steward costs, beside PostgreSQL itself on the same database in the same run.

README.md says what is measured and how to read it. Everything it starts ends with it, on Ctrl-C as well.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import signal
import statistics
import subprocess
import sys
import time

from door import door
from product import Failed, Steward
from search import search

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
WINDOWS = 3
CASES = [
    {"clients": 8, "per": 1},
    {"clients": 32, "per": 1},
    {"clients": 8, "per": 50},
    {"clients": 32, "per": 50},
]
SKILL = """# A service answers slowly

1. **Look at the pods.**
   - run: `slow_share(pod=labels.pod)` as `look`
   - expect: `look.share < 0.1`

## Verdict

- real if `look.share >= 0.1`: "{{ labels.pod }} answers slowly"
  - because: "{{ look.share }} of its requests are slow" [look]
- false positive otherwise: "{{ labels.pod }} answers in time"
"""
TOOL = "export default async function ({ pod }) { return { pod, share: pod.length / 100 }; }"


def say(text=""):
    print(text, flush=True)


def spread(values, digits=0):
    """The median (least to most)."""
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def median(windows, key):
    return statistics.median(window[key] for window in windows)


def table(heads, rows):
    say(f"\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        say(f"| {' | '.join(map(str, row))} |")


# -- alerts a second ----------------------------------------------------------------------------------


def insert_script(per):
    """alert.sql with the texts of alert.json in it."""
    alert = json.loads((HERE / "alert.json").read_text().replace("@NAME@", "SlowAnswer"))
    payload = {
        "version": "4", "groupKey": "{}:@ID@", "truncatedAlerts": 0, "status": "firing", "receiver": "steward", "groupLabels": {},
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://alertmanager.shop.example:9093", "alerts": [alert],
    }
    texts = {
        "TITLE": alert["annotations"]["summary"], "DESCRIPTION": alert["annotations"]["description"],
        "LABELS": json.dumps(alert["labels"]), "ANNOTATIONS": json.dumps(alert["annotations"]),
        "GENERATOR_URL": alert["generatorURL"], "PAYLOAD": json.dumps(payload),
    }
    script = (HERE / "alert.sql").read_text().replace("{{ROWS}}", "" if per == 1 else f"from generate_series(1, {per})")
    return re.sub(r"\{\{([A-Z_]+)\}\}", lambda found: texts[found.group(1)].replace("'", "''"), script)


def ingest(binary, seconds):
    """Both take turns on one database, so that what else the machine does hits both."""
    say(f"\nIngest alone (`--no-worker`), {WINDOWS} windows of {seconds} s each, Steward and pgbench in turns")
    rows = []
    with Steward(binary, "--no-worker") as steward:
        steward.pgbench("create table bench_alerts (like alerts including all)", "--transactions=1")
        steward.post_alerts(clients=8, seconds=2)
        steward.insert_by_pgbench(insert_script(1), 8, 2)
        for case in CASES:
            product, peer = [], []
            for _ in range(WINDOWS):
                product.append(steward.post_alerts(**case, seconds=seconds))
                peer.append(steward.insert_by_pgbench(insert_script(case["per"]), case["clients"], seconds))
            rows.append(ingest_row(case, product, peer))
        grouped = [steward.post_alerts(clients=8, per=50, grouped=True, seconds=seconds) for _ in range(WINDOWS)]
        counted = int(steward.ask("select count(*) from alerts"))
        jobs = int(steward.ask("select count(*) from jobs"))
    table(["alerts a request", "clients", "Steward alerts/s", "p50 / p99 ms to 202", "pgbench rows/s", "p50 / p99 ms", "Steward / pgbench"], rows)
    say(f"\n50 a request as one group (one issue), 8 clients: {spread([window['rate'] for window in grouped])} alerts/s, "
        f"p50 {median(grouped, 'p50'):.1f} ms, p99 {median(grouped, 'p99'):.1f} ms")
    say(f"Stored in this part: {counted:,} alerts by Steward; {jobs:,} jobs wait.")


def ingest_row(case, product, peer):
    rates = [window["rate"] for window in product]
    peer_rates = [window["rate"] * case["per"] for window in peer]
    ratios = [rate / peer_rate for rate, peer_rate in zip(rates, peer_rates)]
    return [
        case["per"], case["clients"], spread(rates), f"{median(product, 'p50'):.1f} / {median(product, 'p99'):.1f}",
        spread(peer_rates), f"{median(peer, 'p50'):.1f} / {median(peer, 'p99'):.1f}", spread(ratios, 2),
    ]


def ingest_while_working(binary, seconds):
    with Steward(binary) as steward:
        windows = [steward.post_alerts(clients=8, seconds=seconds) for _ in range(WINDOWS)]
        concluded = int(steward.ask("select count(*) from runs where finished_at is not null"))
    say(f"\nWith the worker on, 1 a request, 8 clients: {spread([window['rate'] for window in windows])} alerts/s, "
        f"p50 {median(windows, 'p50'):.1f} ms, p99 {median(windows, 'p99'):.1f} ms, while {concluded / (WINDOWS * seconds):,.0f} investigations/s ended")


# -- to a conclusion, and memory ------------------------------------------------------------------------


def conclusions_and_memory(binary):
    with Steward(binary) as steward:
        time.sleep(3)
        at_rest = steward.memory()
        conclusions(steward)
        last = steward.post_alerts(clients=4, per=50, grouped=True, requests=2_000)
        posted = steward.memory()
        waiting = steward.wait_for_jobs(60)
        done = steward.memory()
        issues = int(steward.ask("select count(*) from issues"))
    note = f", {waiting:,} jobs still to do" if waiting else ", all jobs done"
    table(["memory, MB", "Steward (RSS)", "its PostgreSQL (PSS)", "its sandbox (PSS)"], [
        [name, f"{memory['steward']:.0f}", f"{memory['postgres']:.0f}", f"{memory['sandbox']:.0f}"]
        for name, memory in [("at rest", at_rest), (f"right after {last['alerts']:,} alerts", posted), (f"afterwards: {issues:,} issues{note}", done)]
    ])


def conclusions(steward):
    """From an alert that is stored to what came of its investigation, by the times in the database."""
    schema = {"type": "object", "properties": {"pod": {"type": "string"}}, "required": ["pod"], "additionalProperties": False}
    config = {"code": TOOL, "allowed_hosts": []}
    steward.call("POST", "/api/v1/tools", {"name": "slow_share", "type": "custom_code", "config": config, "input_schema": schema})
    skill = steward.call("POST", "/api/v1/skills", {"name": "Slow answers", "problem_description": "A service answers slowly", "sop": SKILL})
    steward.call("POST", "/api/v1/bindings", {"alert_pattern": "/^SlowAnswer$/", "skill_id": skill["id"], "priority": 10})
    steward.post_alerts(requests=20, rate=20, name="WarmUp")
    steward.wait_for_jobs(30)
    steward.post_alerts(requests=200, rate=20)
    steward.wait_for_jobs(30)
    took = """extract(epoch from r.finished_at - a.received_at) * 1000
        from alerts a join issue_alert_bindings b on b.org_id = a.org_id and b.alert_id = a.id
        join runs r on r.org_id = b.org_id and r.subject_id = b.issue_id
        where a.alert_type = 'SlowAnswer' and r.status = 'succeeded' and exists (
            select from run_steps s where s.org_id = r.org_id and s.run_id = r.id and s.kind = 'tool_called'
            and s.metadata->>'error' is null)"""
    percentiles = ["percentile_disc(0.5) within group (order by ms)", "percentile_disc(0.99) within group (order by ms)"]
    asked = f"select concat_ws(' ', count(*), {', '.join(percentiles)}) from (select {took}) as t (ms)"
    count, p50, p99 = steward.ask(asked).split()
    if count != "200":
        raise Failed(f"only {count} of 200 alerts were concluded with their tool's result")
    say(f"\nFrom stored to concluded (no model, one custom_code tool), 200 alerts at 20/s: p50 {float(p50):.0f} ms, p99 {float(p99):.0f} ms")


# -- a small script -----------------------------------------------------------------------------------


def small_script(binary, calls=500):
    """A script that only computes, called as a person tries a tool out: one after the other."""
    with Steward(binary, "--no-worker") as steward:
        tool = steward.call("POST", "/api/v1/tools", {"name": "slow_share", "type": "custom_code", "config": {"code": TOOL, "allowed_hosts": []}})
        def run():
            began = time.monotonic()
            outcome = steward.call("POST", f"/api/v1/tools/{tool['id']}/run", {"arguments": {"pod": "checkout-1"}})
            if not outcome["ok"]:
                raise Failed(f"the script failed: {outcome['error']}")
            return (time.monotonic() - began) * 1000
        for _ in range(50):
            run()
        before = steward.histogram("steward_sandbox_seconds")
        took = sorted(run() for _ in range(calls))
        after = steward.histogram("steward_sandbox_seconds")
    passed = {key: after[key] - before[key] for key in after}
    share = {bound: 100 * passed[bound] / passed["count"] for bound in ("0.001", "0.0025")}
    say(f"\nA small script, {calls} calls one after the other: {1000 * passed['sum'] / passed['count']:.2f} ms on average in the sandbox, "
        f"{share['0.001']:.0f} % within 1 ms, {share['0.0025']:.0f} % within 2.5 ms; the request around it p50 {took[calls // 2]:.1f} ms")


# -- cargo check ----------------------------------------------------------------------------------------


def check_times():
    """What a developer waits for after a change in one crate."""
    check = ["cargo", "check", "--workspace"]
    subprocess.run(check, cwd=ROOT, check=True, capture_output=True)
    rows = []
    for source in sorted(ROOT.glob("crates/*/src/*.rs")):
        if source.name != ("lib.rs" if (source.parent / "lib.rs").exists() else "main.rs"):
            continue
        source.touch()
        began = time.monotonic()
        done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True)
        taken = f"{time.monotonic() - began:.1f}"
        if done.returncode:
            taken += " (failed)"
        elif "Blocking" in done.stderr:
            taken += " (waited for another cargo)"
        rows.append([source.parent.parent.name, taken])
    table(["crate touched", "`cargo check --workspace`, s"], rows)


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) / 1e6
    processor = model.group(1) if model else platform.machine()
    return f"{os.cpu_count()} × {processor}, {memory:.0f} GB, load {os.getloadavg()[0]:.1f} before the run"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steward", metavar="FILE", type=pathlib.Path, default=ROOT / "target/release/steward", help="the binary")
    parser.add_argument("--seconds", metavar="N", type=int, default=5, help="length of a window")
    parser.add_argument("--only", choices=["ingest", "working", "memory", "script", "door", "check", "search"], help="one part")
    parser.add_argument("--share", metavar="X", type=float, default=1.0, help="of the ten million alerts that are searched")
    arguments = parser.parse_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(1))
    parts = {
        "ingest": lambda: ingest(arguments.steward.resolve(), arguments.seconds),
        "working": lambda: ingest_while_working(arguments.steward.resolve(), arguments.seconds),
        "memory": lambda: conclusions_and_memory(arguments.steward.resolve()),
        "script": lambda: small_script(arguments.steward.resolve()),
        "door": lambda: door(arguments.steward.resolve(), say, table),
        "check": check_times,
        "search": lambda: search(arguments.steward.resolve(), say, table, arguments.share),
    }
    if arguments.only != "search":  # half an hour, and 20 GB of disk
        del parts["search"]
    if os.environ.get("SKIP_CHECK") == "1":
        del parts["check"]
    say(f"{machine()}; the load generator and pgbench run on it too.")
    try:
        for name, part in parts.items():
            if arguments.only in (None, name):
                part()
        return 0
    except (Failed, subprocess.CalledProcessError) as failure:
        say(f"bench: {failure}")
        return 1
    except KeyboardInterrupt:
        say("stopping")
        return 130


if __name__ == "__main__":
    sys.exit(main())
