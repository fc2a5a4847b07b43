"""A Steward of our own on an embedded database of its own, and pgbench beside it."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from database import Database, Failed

HERE = pathlib.Path(__file__).resolve().parent


class Steward(Database):
    """`with Steward(binary) as steward:` serves on a free port; afterwards nothing of it is left."""

    def __init__(self, binary, *flags, **settings):
        self.binary, self.flags, self.settings = binary, flags, settings
        # The database runs as an unprivileged user, so its folder must not lie below a closed home.
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="steward-bench-"))
        self.data.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.server, self.metrics_token = None, secrets.token_urlsafe(24)

    def __enter__(self):
        try:
            self.command("admin", "create-org", "bench")
            self.token = self.token_of("admin", "--role", "admin", "--scopes", "api,ingest")
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(40)
            except subprocess.TimeoutExpired:
                self.server.kill()
        shutil.rmtree(self.data, ignore_errors=True)

    # -- Steward ------------------------------------------------------------------------------------

    def environment(self):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("STEWARD_")}
        return {
            **kept, "STEWARD_DATA_DIR": str(self.data), "STEWARD_LISTEN": self.address, "STEWARD_LOG": "warn",
            # All alerts come with one token.
            "STEWARD_RATE_LIMIT": "0", "STEWARD_METRICS_TOKEN": self.metrics_token, **self.settings,
        }

    def command(self, *arguments):
        done = subprocess.run([self.binary, *arguments], env=self.environment(), capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"`steward {' '.join(arguments)}` failed: {done.stderr.strip()}")
        return done.stdout

    def token_of(self, name, *flags):
        return re.search(r"\bbench\.\S+", self.command("admin", "create-token", name, "--org", "bench", *flags)).group(0)

    def start(self):
        log = open(self.data / "steward.log", "wb")
        self.server = subprocess.Popen([self.binary, "serve", *self.flags], env=self.environment(), stdout=log, stderr=log, start_new_session=True)
        for _ in range(300):
            if self.server.poll() is not None:
                raise Failed(f"the server ended: {self.log_tail()}")
            try:
                self.call("GET", "/readyz")
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise Failed(f"the server is not ready after 30 seconds: {self.log_tail()}")
        self.read(self.command("database", "--", "env").splitlines())

    def log_tail(self):
        return (self.data / "steward.log").read_text(errors="replace")[-2000:].strip()

    def call(self, method, path, body=None, token=None):
        host, port = self.address.split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self.token}"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if response.status >= 300:
            raise Failed(f"{method} {path}: {response.status} {text}")
        return json.loads(text) if "json" in (response.getheader("Content-Type") or "") else text

    def histogram(self, name):
        """What /metrics says of it so far: its sum, its count, and how many were within each bound."""
        text = self.call("GET", "/metrics", token=self.metrics_token)
        said = re.findall(rf'^{name}(?:_(sum|count)|_bucket{{le="([^"]+)"}}) (\S+)$', text, re.MULTILINE)
        return {kind or bound: float(value) for kind, bound, value in said}

    def post_alerts(self, **options):
        """Runs load.mjs: its figures are alerts, alerts a second, and milliseconds to 202."""
        options = {"address": self.address, "token": self.token, **options}
        done = subprocess.run(["node", HERE / "load.mjs", json.dumps(options)], capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"load.mjs: {done.stderr.strip()} {self.log_tail()}")
        return json.loads(done.stdout)

    def wait_for_jobs(self, seconds):
        """Waits until no job waits to be done and reactions have followed all that happened; how much is left when the time is over."""
        deadline = time.monotonic() + seconds
        left = "select (select count(*) from jobs) + (select count(*) from event_log e join feed_cursors c on c.name = 'reactions' and c.position < e.position)"
        while waiting := int(self.ask(left)):
            if time.monotonic() > deadline:
                return waiting
            time.sleep(0.5)
        return 0

    # -- its memory ---------------------------------------------------------------------------------

    def memory(self):
        """MB: what Steward holds, and what all processes of its PostgreSQL and of its sandbox hold, shared memory counted once."""
        children = self.children(self.server.pid)
        sandbox = {pid for pid in children if self.is_sandbox(pid)}
        held = lambda pids: sum(self.of_proc(pid, "smaps_rollup", "Pss") for pid in pids)
        return {"steward": self.of_proc(self.server.pid, "status", "VmRSS"), "postgres": held(set(children) - sandbox), "sandbox": held(sandbox)}

    @staticmethod
    def is_sandbox(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            return pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "steward-sandbox"
        return False

    @staticmethod
    def of_proc(pid, file, field):
        try:
            text = pathlib.Path(f"/proc/{pid}/{file}").read_text()
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            return 0.0
        found = re.search(rf"^{field}:\s+(\d+) kB", text, re.MULTILINE)
        return int(found.group(1)) / 1000 if found else 0.0

    @classmethod
    def children(cls, pid):
        """Children of all threads, and theirs; those that end meanwhile are left out."""
        found = []
        for task in pathlib.Path("/proc").glob(f"{pid}/task/*/children"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                for child in task.read_text().split():
                    found += [int(child), *cls.children(int(child))]
        return found
