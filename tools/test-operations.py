#!/usr/bin/env python3
"""`make test-operations`: does what docs/operations.md says, and README.md of Alertmanager, with the commands and files that
they print.

Each check below is a promise of that page: the recipe is read from it, paths and names are filled in, and what should come
of it is looked at. Databases of other versions come by package name (tools/operations/servers.py). Everything it starts
ends with it.

usage: tools/test-operations.py [--steward FILE] [--only CHECK] [--postgres BIN]
       tools/test-operations.py --on-16 COMMAND
"""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import time

from operations.alertmanager import Alertmanager
from operations.checks import GREEN, RED, RESET, Checks, say
from operations.embedded import Embedded
from operations.external import External
from operations.pooled import Pooled
from operations.work import ROOT, Failed, Work

CHECKS = {
    "settings_are_listed": Embedded,
    "embedded": Embedded,
    "mail": Embedded,
    "other_major_version": Embedded,
    "ordinary_role": External,
    "superuser_role": External,
    "refusals": External,
    "several_processes": Pooled,
    "real_alertmanager": Alertmanager,
}


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
            if options.on_16:
                programs = Checks(work, options).programs_of_16()
                return subprocess.run(options.on_16, shell=True, env={**os.environ, "STEWARD_PG_BIN": str(programs)}).returncode
            for check in [options.only] if options.only else CHECKS:
                say(f"{GREEN}{check.replace('_', ' ')}{RESET} ({time.monotonic() - began:.0f} s)")
                getattr(CHECKS[check](work, options), check)()
    except Failed as failure:
        print(f"{RED}operations: {failure}{RESET}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"{GREEN}docs/operations.md does what it says{RESET} ({time.monotonic() - began:.0f} seconds)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
