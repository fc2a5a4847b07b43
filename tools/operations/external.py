"""A PostgreSQL of somebody else: login roles, backup and restore, migrations by hand, what is refused."""

import os
import re

from . import recipes, servers
from .checks import DATABASE, Checks, say
from .product import stop_cleanly
from .work import must


class External(Checks):
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
        server.sql(recipes.block(*DATABASE, 3))
        self.steward("role-made-before", url).command("migrate")

        say("a second Steward on the same server")
        server.sql(recipes.filled_in(recipes.block(*DATABASE), {"…": servers.PASSWORD, "steward": "other"}))
        other = self.steward("other", server.url("other", "other"))
        recipes.documented("may not become the role steward_tenant", other.refused("migrate"))
        server.sql("grant steward_tenant to other")
        other.command("migrate")
        server.stop()

        say("a PostgreSQL that is too old")
        old = self.server("server-14", programs=servers.postgres_14(self.work.folder / "postgres-14"))
        recipes.documented("PostgreSQL 15 or later is needed", self.steward("too-old", old.url("postgres")).refused("serve"))
        old.stop()
        recipes.documented("the database cannot be reached", self.steward("gone", old.url("postgres")).refused("migrate"))

    def refusals_of_the_server(self, server):
        wrong = server.url("steward", "steward").replace(servers.PASSWORD, "wrong")
        for url, reason in ((wrong, "password authentication failed"), (server.url("elsewhere", "steward"), "does not exist")):
            said = self.steward("refused", url).refused("migrate")
            recipes.documented("the server refuses the connection", said)
            must(reason in said, f"the server's own words are missing: {said}")

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
