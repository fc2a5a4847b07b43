"""PgBouncer, and several processes on one database."""

import signal
import time

from . import recipes, servers
from .checks import Checks, say
from .product import stop_cleanly
from .work import must, wait_for

# Since this version PgBouncer knows prepared statements in transaction mode.
KNOWS_PREPARED_STATEMENTS = (1, 21)


class Pooled(Checks):
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
        wait_for("periodic tasks are done", lambda: server.sql("select count(*) > 5 from cron_tasks where last_outcome = 'succeeded'", "steward") == "t")

        # What one leaves undone, the others do.
        both.kill()
        steward.address = only_http.address
        self.alerts_to_each(steward, [only_http])
        must("steward_jobs_total{" in steward.get("/metrics", worker.monitor), "the worker does not count its jobs")
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
