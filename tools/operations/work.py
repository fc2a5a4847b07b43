"""A folder, ports and processes that are gone when the test ends."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Failed(Exception):
    """Ends the test with a reason."""


def wait_for(what, condition, seconds=30):
    """Asks until the answer is true; returns it."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise Failed(f"waited {seconds} seconds in vain: {what}")
        time.sleep(0.05)
    return answer


def must(condition, reason):
    if not condition:
        raise Failed(reason)


class Work:
    def __init__(self, binary):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="steward-operations-"))
        # Databases run as an unprivileged user, who must get through.
        self.folder.chmod(0o755)
        self.programs = self.folder / "bin"
        self.programs.mkdir()
        (self.programs / "steward").symlink_to(pathlib.Path(binary).resolve())
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The newest first: a server ends before its database.
        for process in reversed(self.processes):
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, command, **options):
        process = Process(self.folder / f"{name}.log", command, options)
        self.processes.append(process)
        return process

    @staticmethod
    def free_port():
        with socket.create_server(("127.0.0.1", 0)) as free:
            return free.getsockname()[1]

    @staticmethod
    def unprivileged():
        """Whom a database server runs as: PostgreSQL and PgBouncer refuse root."""
        if os.geteuid() != 0:
            return {}
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                account = pwd.getpwnam(name)
                return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        raise Failed("there is no user postgres or nobody to run a database server as")

    def make_folder(self, name):
        """A folder of the user that database servers run as."""
        folder = self.folder / name
        folder.mkdir()
        if account := self.unprivileged():
            os.chown(folder, account["user"], account["group"])
        return folder


class Process:
    """A child that is stopped, and whose words are kept."""

    def __init__(self, log, command, options):
        self.log, self.name = log, log.stem
        with open(log, "ab") as out:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, **options)

    def runs(self):
        return self.child.poll() is None

    def said(self):
        return self.log.read_text(errors="replace")

    def stop(self, how=signal.SIGTERM):
        """Ends it; answers its exit status, 0 for the end that was asked for."""
        if self.runs():
            self.child.send_signal(how)
            try:
                self.child.wait(40)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        return self.child.returncode

    def kill(self):
        self.child.kill()
        self.child.wait()

    def wait_until(self, ready, seconds=30):
        def look():
            must(self.runs(), f"{self.name} ended with {self.child.returncode}: {self.said()[-2000:].strip()}")
            return ready()
        wait_for(f"{self.name} is ready; it said: {self.said()[-500:]}", look, seconds)
