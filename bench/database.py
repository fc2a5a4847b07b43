"""The embedded PostgreSQL, asked and loaded by pgbench: there is no psql in the pack."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile


class Failed(Exception):
    """Ends the measurement with a reason."""


class Database:
    """What has a database: a folder `data`, and the `database` that `read` was told."""

    def read(self, lines):
        """Where `steward database` runs its commands: the database's URL, and PATH with the folder of pgbench."""
        self.database = dict(line.split("=", 1) for line in lines if re.match("(PATH|STEWARD_DATABASE_URL)=", line))

    def url_of(self, name):
        """Of another database of the same server."""
        return re.sub(r"/\w+(?=\?|$)", f"/{name}", self.database["STEWARD_DATABASE_URL"])

    def name(self):
        return re.search(r"/(\w+)(?=\?|$)", self.database["STEWARD_DATABASE_URL"]).group(1)

    def pgbench(self, script, *flags, url=None):
        path = self.data / "script.sql"
        path.write_text(script)
        environment = {**os.environ, "PATH": self.database["PATH"]}
        command = ["pgbench", "--no-vacuum", *flags, "--file", path, url or self.database["STEWARD_DATABASE_URL"]]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=self.data)
        if done.returncode or "aborted" in done.stderr:
            raise Failed(f"pgbench: {done.stderr.strip()}")
        return done

    def ask(self, query, url=None):
        """One value. The packed PostgreSQL has no psql; a notice says the answer."""
        block = f"do $do$ begin raise notice 'answer %', ({query}); end $do$"
        return re.search(r"NOTICE:  answer (.*)", self.pgbench(block, "--transactions=1", url=url).stderr).group(1)

    def transactions(self, name):
        """Of this database so far, asked over another one; a session says what it did ten seconds after."""
        of = f"select xact_commit + xact_rollback from pg_stat_database where datname = '{name}'"
        return int(self.ask(of, url=self.url_of("template1")))

    def insert_by_pgbench(self, script, clients, seconds):
        """Transactions a second, and milliseconds of p50 and p99."""
        logs = self.data / "transactions"
        logs.mkdir()
        load = ["--protocol=prepared", f"--client={clients}", "--jobs=2", f"--time={seconds}"]
        self.pgbench(script, *load, "--log", f"--log-prefix={logs}/log")
        # client, transaction, microseconds, script, seconds and microseconds of its end
        lines = [line.split() for log in logs.iterdir() for line in log.read_text().splitlines()]
        shutil.rmtree(logs)
        taken = sorted(int(line[2]) for line in lines)
        ends = [int(line[4]) + int(line[5]) / 1e6 for line in lines]
        first = min(end - int(line[2]) / 1e6 for end, line in zip(ends, lines))
        p50, p99 = (taken[len(taken) * percent // 100] / 1e3 for percent in (50, 99))
        return {"rate": len(lines) / (max(ends) - first), "p50": p50, "p99": p99}


class Alone(Database):
    """`with Alone(binary) as server:` has the embedded PostgreSQL up as a server has it, durable, without the server."""

    def __init__(self, binary):
        self.binary = binary
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="steward-bench-"))
        self.data.chmod(0o755)
        self.holder = None

    def __enter__(self):
        environment = {**os.environ, "STEWARD_DATA_DIR": str(self.data)}
        try:
            # It stands as long as `cat` waits for us.
            script = r'printf "PATH=%s\nSTEWARD_DATABASE_URL=%s\n\n" "$PATH" "$STEWARD_DATABASE_URL"; exec cat'
            command = [self.binary, "database", "--", "sh", "-c", script]
            self.holder = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
            self.read(iter(lambda: self.holder.stdout.readline().strip(), ""))
            if not getattr(self, "database", None):
                raise Failed("`steward database` did not start one")
            done = subprocess.run([self.binary, "migrate", "up"], env={**environment, **self.database}, capture_output=True, text=True)
            if done.returncode:
                raise Failed(f"`steward migrate up` failed: {done.stderr.strip()}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.holder:
            self.holder.stdin.close()
            self.holder.wait(60)
        shutil.rmtree(self.data, ignore_errors=True)

    def add(self, name):
        """A database of this name on the same server; answers its URL."""
        self.pgbench(f"create database {name}", "--transactions=1")
        return self.url_of(name)
