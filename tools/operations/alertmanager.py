"""Prometheus' own Alertmanager, pointed at Steward as README.md says."""

import datetime
import http.client
import json
import shutil

from . import recipes
from .checks import Checks, say
from .product import stop_cleanly
from .work import ROOT, must, wait_for

ROUTE = "route: {receiver: steward, group_by: [alertname], group_wait: 0s, group_interval: 1s}\n"
TITLE = "The checkout answers slowly"


class Alertmanager(Checks):
    def real_alertmanager(self):
        """An alert that it sends is investigated, and ends when it says so."""
        program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
        if not program:
            say("skipped: there is no Alertmanager; install it with: sudo apt-get install -y prometheus-alertmanager")
            return
        steward = self.steward("watched")
        server = steward.first_start()
        steward.equip()
        address = f"127.0.0.1:{self.work.free_port()}"
        sender = self.start(program, address, steward)
        fire(address)
        alert = wait_for("Steward has the alert", lambda: steward.get("/api/v1/alerts")["items"])[0]
        must((alert["title"], alert["source"], alert["severity"]) == (TITLE, "prometheus", "medium"), f"the alert is another one: {alert}")
        steward.follow(alert["id"], TITLE)
        fire(address, ends=True)
        wait_for("the alert is resolved", lambda: steward.get(f"/api/v1/alerts/{alert['id']}")["status"] == "resolved")
        sender.stop()
        stop_cleanly(server)

    def start(self, program, address, steward):
        receivers = recipes.block("Point Alertmanager at it", "yaml", document=ROOT / "README.md")
        places = {"steward.example:8080": steward.address, "devops-slack": "oncall-slack", "<the token>": steward.token}
        file = self.work.folder / "alertmanager.yml"
        file.write_text(ROUTE + recipes.filled_in(receivers, places))
        flags = [f"--config.file={file}", f"--storage.path={self.work.folder / 'alertmanager'}", f"--web.listen-address={address}", "--cluster.listen-address="]
        sender = self.work.start("alertmanager", [program, *flags], cwd=self.work.folder)
        sender.wait_until(lambda: "Listening" in sender.said())
        return sender


def fire(address, ends=False):
    """Tells Alertmanager of the alert, as Prometheus does (POST /api/v2/alerts)."""
    now = datetime.datetime.now(datetime.timezone.utc)
    alert = {
        "labels": {"alertname": "SlowAnswer", "service": "checkout", "severity": "warning"}, "annotations": {"summary": TITLE},
        "startsAt": (now - datetime.timedelta(minutes=5)).isoformat(), "endsAt": (now + datetime.timedelta(minutes=-1 if ends else 5)).isoformat(),
    }
    connection = http.client.HTTPConnection(*address.split(":"), timeout=10)
    connection.request("POST", "/api/v2/alerts", json.dumps([alert]), {"Content-Type": "application/json"})
    response = connection.getresponse()
    must(response.status == 200, f"Alertmanager answered {response.status}: {response.read().decode()}")
    connection.close()
