"""The page itself, and the embedded database: start, backup, kill -9, restore, keys, another major version."""

import re
import shutil

from . import recipes
from .checks import RUN_BACKUP, Checks, say
from .product import stop_cleanly
from .work import ROOT, must, wait_for


class Embedded(Checks):
    def settings_are_listed(self):
        """The table has every flag of `steward serve --help`, no other, and the same defaults."""
        steward = self.steward("help")
        said = steward.command("serve", "--help")
        flags = {}
        for part in re.split(r"^ +(?:-\w, )?(?=--)", said, flags=re.MULTILINE)[1:]:
            default = re.search(r"\[default: ([^\]]*)\]", part)
            flags[re.match(r"--[a-z0-9-]+", part).group(0)] = default.group(1) if default else None
        for flag in ("--help", "--version"):
            flags.pop(flag)
        rows = re.findall(r"^\| (.*?) \|", recipes.section("Settings"), re.MULTILINE)
        listed = dict(re.findall(r"`(--[a-z0-9-]+)`(?: \(([^)]*)\))?", "\n".join(rows)))
        must(set(listed) == set(flags), f"docs/operations.md, 'Settings' and `serve --help` differ in: {sorted(set(listed) ^ set(flags))}")
        for flag, default in listed.items():
            must(not default or default == flags[flag], f"docs/operations.md says that {flag} is {default} by default; `serve --help` says {flags[flag]}")

    def metrics_are_listed(self, steward, server):
        """The table has every metric of the code, no other; after an alert they are there."""
        counted = set()
        for file in (ROOT / "crates").rglob("*.rs"):
            counted |= set(re.findall(r'\b(?:counter|gauge|histogram)!\("(steward_\w+)"', file.read_text()))
        listed = set(re.findall(r"`(steward_\w+)`", recipes.section("Watching it")))
        must(listed == counted, f"docs/operations.md, 'Watching it' and the code differ in: {sorted(listed ^ counted)}")
        used = set(re.findall(r"\b(steward_\w+)[{\[ ]", recipes.block("Watching it", "yaml")))
        must(used <= counted, f"a rule of docs/operations.md names what is not counted: {sorted(used - counted)}")

        # What went wrong is counted when something does, and a queue is there while something waits in it.
        wrong = {"steward_untold_total", "steward_ingest_refused_total", "steward_sign_in_refused_total", "steward_http_connections_refused_total", "steward_strangers_refused_total"}
        # Where the operator named no NATS and no Redis there is nothing to tell of them.
        absent = {"steward_events_relayed_total", "steward_events_waiting", "steward_nats_away", "steward_redis_up"}
        # Nothing is old enough to go.
        kept = {"steward_retention_rows_removed_total", "steward_retention_partitions_dropped_total"}
        not_yet = {*wrong, *absent, *kept, "steward_jobs_waiting", "steward_jobs_oldest_seconds"}
        scraped = steward.get("/metrics", server.monitor)
        must(steward.call("GET", "/metrics")[0] == 404, "/metrics is there where people are, without a token for it")
        missing = {name for name in counted - not_yet if not re.search(rf"^{name}(_count|_sum|_bucket)?[{{ ]", scraped, re.MULTILINE)}
        must(not missing, f"/metrics lacks after an alert: {sorted(missing)}")

    def people_and_tokens(self, steward):
        printed = recipes.run(recipes.filled_in(recipes.block("People and tokens", "sh"), {"acme": "shop", "Acme Inc.": "Shop"}), steward.environment())
        must(re.search(r"^shop\.\S+$", printed, re.MULTILINE), f"no token was printed: {printed}")
        must(printed.count("password (shown once)") == 2, f"no passwords were printed: {printed}")

    def somebody_who_was_handed_a_link(self, steward):
        """Their account is the organization's, until the operator vouches for the address."""
        link = steward.post("/api/v1/invitations", {"email": "sam@acme.example", "role": "viewer"})["link"]
        steward.post("/api/v1/auth/invitation/accept", {"token": link.partition("#")[2], "password": "a password of Sam's own"})
        credentials = {"email": "sam@acme.example", "password": "a password of Sam's own"}
        must(steward.call("POST", "/api/v1/auth/sign-in", credentials)[0] == 401, "an address that nobody proved signs in without naming the organization")
        steward.post("/api/v1/auth/sign-in", {**credentials, "organization": "acme"})
        printed = recipes.run(recipes.block("People and tokens", "sh", 2), steward.environment())
        password = re.findall(r"password \(shown once\): (\S+)", printed)[-1]
        must(steward.call("POST", "/api/v1/auth/sign-in", {**credentials, "organization": "acme"})[0] == 401, "the password from before the proof still opens the account")
        steward.post("/api/v1/auth/sign-in", {**credentials, "password": password})

    def mail(self):
        """The settings are understood, and what the mail server says stands beside the invitation: here nobody listens."""
        settings = recipes.filled_in(recipes.block("Mail", "toml"), {"…": "secret", "@mail.example:465": f"@127.0.0.1:{self.work.free_port()}"})
        file = self.work.folder / "mail.toml"
        file.write_text(settings)
        steward = self.steward("mailing", STEWARD_CONFIG=str(file))
        server = steward.first_start()
        invited = steward.post("/api/v1/invitations", {"email": "sam@acme.example", "role": "viewer"})
        must(invited.get("link") is None, "an invitation by mail shows its link")
        error = wait_for("the invitation says why it was not sent", lambda: steward.get("/api/v1/invitations")["items"][0]["send_error"])
        must("127.0.0.1" in error and "secret" not in error, f"the invitation says: {error}")
        stop_cleanly(server)

    def embedded(self):
        """Backup of a running server, kill -9, restore elsewhere, another key, rotation."""
        self.steward("never-served").command("admin", "create-org", "acme")
        first = self.steward("first")
        server = first.first_start()
        first.equip()
        first.investigate("Before the backup")
        must(first.can_open_its_secrets(), "a test message does not reach the channel")
        self.metrics_are_listed(first, server)
        self.people_and_tokens(first)
        self.somebody_who_was_handed_a_link(first)

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
        recipes.documented("give every process the same key file and pepper", keyless.refused("serve", STEWARD_LISTEN="127.0.0.1:0"))
        keyless.command("secrets", "accept")
        server = keyless.serve()
        keyless.token, keyless.receiver = restored.token, restored.receiver
        must(keyless.call("GET", "/api/v1/alerts")[0] == 401, "a token is accepted by a server with another master key")
        keyless.make_token()
        must(not keyless.can_open_its_secrets(), "sealed secrets were opened with another master key")
        stop_cleanly(server)
        restored.command("secrets", "accept")

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
        must(re.match(r"[1-9]\d* data keys are wrapped anew.*\n.*tokens.* go on", printed), f"`steward secrets rotate` printed: {printed}")
        stop_cleanly(server)

        key.write_text(keys[0])
        rotated.command("secrets", "accept")
        server = rotated.serve()
        must(rotated.call("GET", "/api/v1/alerts")[0] == 200, "a token does not outlive the last key, as docs/operations.md says it does")
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
        self.restore(new, backup, after=recipes.filled_in(recipes.block(heading, "sh"), places))
        put_aside = new.data.with_name(f"{new.data.name}-16")
        must((put_aside / "cluster/PG_VERSION").read_text().strip() == "16", "the old folder was not put aside")
        version = (new.data / "cluster/PG_VERSION").read_text().strip()
        must(version != "16", "the new folder is of the old version")
        server = new.serve()
        new.token, new.receiver = old.token, old.receiver
        must(new.holdings() == holdings, "not all came through the new major version")
        must(new.can_open_its_secrets(), "sealed secrets did not come through the new major version")
        new.investigate("On the new version")
        stop_cleanly(server)
