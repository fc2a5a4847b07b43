#!/usr/bin/env python3
"""`make bench-scale`: the queue beside graphile-worker and pg-boss, in turns on one database server.

README.md says what is measured and how to read it. Everything it starts ends with it, on Ctrl-C as well.
"""

import argparse
import json
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time

from bench import ROOT, machine, say, spread, table
from database import Alone, Failed
from product import Steward

QUEUE = ROOT / "bench/queue"
PRODUCT, GRAPHILE, PGBOSS = "Steward", "graphile-worker", "pg-boss"


class Peers:
    """The programs that measure, each with a database of its own on one server."""

    def __init__(self, server, program):
        self.server = server
        node = self.node()
        self.programs = {PRODUCT: [program], GRAPHILE: [node, QUEUE / "graphile.mjs"], PGBOSS: [node, QUEUE / "pgboss.mjs"]}
        self.names = {PRODUCT: server.name(), GRAPHILE: "graphile", PGBOSS: "pgboss"}
        for peer in (GRAPHILE, PGBOSS):
            server.add(self.names[peer])
        server.pgbench("create table bench_commits (n integer)", "--transactions=1")

    @staticmethod
    def node():
        """One that pg-boss starts on: from its packages, else that of the machine."""
        own = next(QUEUE.glob("node_modules/node-linux-*/bin/node"), None)
        return own or shutil.which("node")

    def start(self, peer, measurement, **options):
        command = [*self.programs[peer], self.server.url_of(self.names[peer]), measurement, json.dumps(options)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def measure(self, peer, measurement, **options):
        running = self.start(peer, measurement, **options)
        try:
            out, said = running.communicate()
        except BaseException:
            running.terminate()
            raise
        if running.returncode:
            raise Failed(f"{measurement} of {peer}: {said.strip()[-2000:]}")
        return json.loads(out.splitlines()[-1])

    def in_turns(self, rounds, measurement, **options_of):
        """The figures of each peer, one for each round. Options are of a peer: one that has none takes no part."""
        figures = {peer: [] for peer in (PRODUCT, GRAPHILE, PGBOSS) if peer_key(peer) in options_of}
        for _ in range(rounds):
            for peer, found in figures.items():
                found.append(self.measure(peer, measurement, **options_of[peer_key(peer)]))
        return figures

    def commits(self):
        """How fast the disk is just now: durable commits a second of one client, and of eight."""
        rates = [self.server.insert_by_pgbench("insert into bench_commits values (1)", clients, 2)["rate"] for clients in (1, 8)]
        say(f"Durable commits of one row just now: {rates[0]:,.0f}/s by one client, {rates[1]:,.0f}/s by eight.")


def peer_key(peer):
    return {PRODUCT: "product", GRAPHILE: "graphile", PGBOSS: "pgboss"}[peer]


def ratios(figures, peer, key="rate"):
    return spread([mine[key] / other[key] for mine, other in zip(figures[PRODUCT], figures[peer])], 2)


def rates(figures, key="rate"):
    return [spread([found[key] for found in figures[peer]]) for peer in figures]


def percentile(values, percent):
    return sorted(values)[min(len(values) * percent // 100, len(values) - 1)]


# -- drain, enqueue, pick up ------------------------------------------------------------------------------


def drain(peers, rounds, small):
    jobs = 3_000 if small else 30_000
    peers.commits()
    rows = []
    for name, ends, tuned in [("each by a commit of its own", "singly", False), ("in batches", "in_batches", True)]:
        peer = {"jobs": jobs, "tuned": tuned}
        found = peers.in_turns(rounds, "drain", product={"jobs": jobs, "ends": ends}, graphile=peer, pgboss=peer)
        rows.append([name, ratios(found, GRAPHILE), ratios(found, PGBOSS), *rates(found)])
    table([f"{jobs:,} jobs that do nothing, ended", "Steward / graphile", "Steward / pg-boss", "Steward jobs/s", "graphile", "pg-boss"], rows)


def enqueue(peers, rounds, small):
    peers.commits()
    rows = []
    for clients, per in [(1, 1), (8, 1), (1, 100), (8, 100)]:
        options = {"clients": clients, "per": per, "seconds": 1 if small else 4}
        found = peers.in_turns(rounds, "enqueue", product=options, graphile=options, pgboss=options)
        rows.append([per, clients, ratios(found, GRAPHILE), ratios(found, PGBOSS), *rates(found)])
    table(["jobs a transaction", "clients", "Steward / graphile", "Steward / pg-boss", "Steward jobs/s", "graphile", "pg-boss"], rows)


def pickup(peers, rounds, small):
    peers.commits()
    samples = 20 if small else 200
    peer = {"samples": samples}
    found = peers.in_turns(rounds, "pickup", product={**peer, "across": False}, graphile=peer, pgboss=peer)
    across = [peers.measure(PRODUCT, "pickup", samples=samples, across=True) for _ in range(rounds)]
    rows = []
    for percent in (50, 99):
        medians = {peer: [{"rate": percentile(window["ms"], percent)} for window in windows] for peer, windows in found.items()}
        other = spread([percentile(window["ms"], percent) for window in across], 1)
        values = [spread([window["rate"] for window in windows], 1) for windows in medians.values()]
        rows.append([f"p{percent}", ratios(medians, GRAPHILE), ratios(medians, PGBOSS), *values, other])
    table([f"ms to the handler's start, {samples} jobs one by one", "Steward / graphile", "Steward / pg-boss", "Steward", "graphile", "pg-boss", "Steward, enqueued by another process"], rows)


# -- a long queue, an idle one, an old transaction -----------------------------------------------------------


def claims(peers, rounds, small):
    cases = [{"jobs": 5_000, "orgs": 500, "lanes": 500, "done": 2_500}, {"jobs": 5_000_000, "orgs": 500, "lanes": 50_000, "done": 10_000}]
    if small:
        cases[1].update(jobs=200_000, done=1_000)
    rows, last = [], []
    for case in cases:
        began = time.monotonic()
        times = rounds if case["jobs"] == 5_000 else 1
        found = [peers.measure(PRODUCT, "claims", **case) for _ in range(times)]
        taken = [took for window in found for took in window["ms"]]
        last.append(percentile(taken, 99))
        done = statistics.median(window["rate"] for window in found)
        rows.append([f"{case['jobs']:,}", f"{case['lanes']:,}", len(taken), f"{percentile(taken, 50):.1f}", f"{last[-1]:.1f}", f"{done:,.0f}", f"{time.monotonic() - began:.0f}"])
    say(f"\nA claim among many jobs that wait, of 500 organizations: p99 {last[1] / last[0]:.2f} times as long")
    table(["jobs that wait", "lanes", "claims", "p50 ms", "p99 ms", "jobs/s done meanwhile", "s with the loading"], rows)


def idle(peers, rounds, small):
    seconds = 5 if small else 30
    # Vacuums that come by themselves count as well.
    rows = [["nobody", f"{watched(peers.server, peers.names[PRODUCT], seconds):.2f}"]]
    for peer in peers.programs:
        running = peers.start(peer, "idle", seconds=seconds + 20)
        rows.append([f"{peer}, its worker alone", f"{watched(peers.server, peers.names[peer], seconds):.2f}"])
        running.communicate()
    with Steward(peers.server.binary) as steward:
        rows.append(["`steward serve`, all of it", f"{watched(steward, steward.name(), seconds):.2f}"])
    table(["idle", "transactions a second"], rows)


def watched(server, name, seconds):
    """Transactions a second, once whoever just began has settled."""
    time.sleep(12)
    before, began = server.transactions(name), time.monotonic()
    time.sleep(seconds)
    return (server.transactions(name) - before) / (time.monotonic() - began)


def held(peers, rounds, small, seconds):
    peers.commits()
    rows, window, jobs = [], min(60, seconds / 3), 3_000 if small else 30_000
    cases = [(PRODUCT, "singly", {"ends": "singly"}), (GRAPHILE, "singly", {"tuned": False}), (PRODUCT, "in batches", {"ends": "in_batches"}), (GRAPHILE, "in batches", {"tuned": True})]
    for peer, ended, options in cases:
        most = statistics.median(peers.measure(peer, "drain", jobs=jobs, **options)["rate"] for _ in range(rounds))
        found = peers.measure(peer, "held", seconds=seconds, window=window, rate=most / 2, **options)
        first, last = found["windows"][0], found["windows"][-1]
        rows.append([peer, ended, f"{last / first:.2f}", f"{most / 2:,.0f}", f"{first:,.0f}", f"{last:,.0f}", f"{found['waiting']:,}"])
    table([f"a transaction held open for {seconds:.0f} s", "ended", f"last / first {window:.0f} s", "jobs/s enqueued", "done first", "done last", "waiting at the end"], rows)


def leave(number, _):
    """Once: a second signal would interrupt the cleaning up."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steward", metavar="FILE", type=pathlib.Path, default=ROOT / "target/release/steward", help="the binary")
    parser.add_argument("--only", choices=["drain", "enqueue", "pickup", "claims", "idle", "held"], action="append", help="one part")
    parser.add_argument("--rounds", metavar="N", type=int, default=3, help="how often each takes its turn")
    parser.add_argument("--held", metavar="SECONDS", type=float, default=600, help="for how long the old transaction is held open")
    parser.add_argument("--quick", action="store_true", help="a look at whether all of it runs; no figures to quote")
    arguments = parser.parse_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, leave)
    binary, small = arguments.steward.resolve(), arguments.quick
    rounds, seconds = (1, min(arguments.held, 9)) if small else (arguments.rounds, arguments.held)
    say(f"{machine()}; all take turns on it with the database. Medians of {rounds} (least–most).")
    try:
        with Alone(binary) as server:
            peers = Peers(server, binary.parent / "bench-queue")
            parts = {"drain": drain, "enqueue": enqueue, "pickup": pickup, "claims": claims, "idle": idle}
            parts = {name: lambda part=part: part(peers, rounds, small) for name, part in parts.items()}
            parts["held"] = lambda: held(peers, rounds, small, seconds)
            for name, part in parts.items():
                if not arguments.only or name in arguments.only:
                    part()
        return 0
    except (Failed, subprocess.CalledProcessError) as failure:
        say(f"bench-scale: {failure}")
        return 1
    except KeyboardInterrupt:
        say("stopping")
        return 130


if __name__ == "__main__":
    sys.exit(main())
