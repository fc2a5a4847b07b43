"""A Steward as its operator sees it: commands, processes, and an alert that becomes a concluded issue."""

import http.client
import json
import re
import signal
import subprocess
import sys
import threading

from . import recipes
from .work import ROOT, Failed, must, wait_for

sys.path.insert(0, str(ROOT / "demo"))
import slack  # noqa: E402

ADMIN = "dana@acme.example"
BOT_TOKEN = "xoxb-operations"
SOP = """# Every alert

## Steps

1. **Look.**
   - run: `look(at=title)` as `seen`

## Verdict

- real if `seen.value == 1`: "Seen."
  - because: "it was looked at" [seen]
- undetermined otherwise: "Not seen."
"""


class Slack(slack.Slack):
    """Takes only the bot's token, which Steward keeps sealed."""

    def do_POST(self):
        if self.headers["Authorization"] != f"Bearer {BOT_TOKEN}":
            self.rfile.read(int(self.headers["Content-Length"]))
            return self.reply({"ok": False, "error": "invalid_auth"})
        return super().do_POST()


class Channel:
    """A stand-in for Slack that ends with the test."""

    def __init__(self):
        self.server = slack.ThreadingHTTPServer(("127.0.0.1", 0), Slack)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}/api"

    @staticmethod
    def knows_the_end_of(text):
        """Whether a message with this text tells a state that a run led to. States before it may be left out."""
        with Slack.lock:
            told = [message for versions in Slack.messages.values() for message in versions if text in json.dumps(message)]
        return any(message["metadata"]["event_payload"]["state"] not in ("opened", "analyzing") for message in told)


class Steward:
    """The settings of one installation. `url` names an external database, else it has an embedded one.

    A setting of None is not set.
    """

    def __init__(self, work, channel, name, url=None, **settings):
        self.work, self.channel, self.name, self.settings = work, channel, name, settings
        self.data = work.folder / name
        self.token = None
        if url:
            self.settings["STEWARD_DATABASE_URL"] = url
            if "STEWARD_MASTER_KEY_FILE" not in settings:
                self.settings["STEWARD_MASTER_KEY_FILE"] = str(self.new_key())

    def new_key(self):
        key = self.work.folder / f"{self.name}.key"
        if not key.exists():
            done = subprocess.run([self.work.programs / "steward", "secrets", "generate"], env=recipes.without_settings(), capture_output=True, text=True)
            must(done.returncode == 0, f"steward secrets generate: {done.stderr}")
            key.write_text(done.stdout)
        return key

    def environment(self, **more):
        environment = recipes.without_settings()
        settings = {
            **environment,
            "PATH": f"{self.work.programs}:{environment['PATH']}",
            "STEWARD_DATA_DIR": str(self.data),
            "STEWARD_SLACK_API_URL": self.channel.address(),
            "STEWARD_RATE_LIMIT": "0",
            "STEWARD_JOB_LEASE": "3",
            "STEWARD_LOG": "warn",
            **self.settings,
            **more,
        }
        return {name: value for name, value in settings.items() if value is not None}

    # -- commands -----------------------------------------------------------------------------------

    def command(self, *arguments, **more):
        done = self.run(arguments, more)
        must(done.returncode == 0, f"`steward {' '.join(arguments)}` failed: {done.stderr.strip()}")
        return done.stdout

    def refused(self, *arguments, **more):
        """What a command says that must fail."""
        done = self.run(arguments, more)
        must(done.returncode != 0, f"`steward {' '.join(arguments)}` should have been refused; it printed: {done.stdout}")
        return done.stderr

    def run(self, arguments, more):
        return subprocess.run(
            [self.work.programs / "steward", *arguments], env=self.environment(**more),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )

    # -- processes ----------------------------------------------------------------------------------

    def serve(self, *flags):
        """A server that answers; the newest one is the one that is called."""
        address, monitor = (f"127.0.0.1:{self.work.free_port()}" for _ in range(2))
        process = self.process("serve", *flags, STEWARD_LISTEN=address, STEWARD_MONITOR_LISTEN=monitor)
        process.address, process.monitor = address, monitor
        self.address = address
        process.wait_until(self.is_ready)
        return process

    def worker(self):
        """A worker that answers how it is."""
        address = f"127.0.0.1:{self.work.free_port()}"
        process = self.process("worker", STEWARD_MONITOR_LISTEN=address)
        process.address = process.monitor = address
        process.wait_until(lambda: self.is_ready(address))
        return process

    def process(self, kind, *flags, **settings):
        name = f"{self.name}-{kind}-{len(self.work.processes)}"
        command = [self.work.programs / "steward", kind, *flags]
        return self.work.start(name, command, env=self.environment(**settings))

    def is_ready(self, address=None):
        try:
            return self.get("/readyz", address) == "ready"
        except (OSError, Failed):
            return False

    # -- the API ------------------------------------------------------------------------------------

    def call(self, method, path, body=None, address=None):
        """The status and the body."""
        connection = http.client.HTTPConnection(*(address or self.address).split(":"), timeout=30)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        is_json = "json" in (response.getheader("Content-Type") or "")
        return response.status, json.loads(text) if is_json else text

    def get(self, path, address=None):
        return self.succeeded("GET", path, address=address)

    def post(self, path, body, address=None):
        return self.succeeded("POST", path, body, address)

    def succeeded(self, method, path, body=None, address=None):
        status, answer = self.call(method, path, body, address)
        must(status < 300, f"{method} {path}: {status} {answer}")
        return answer

    # -- what a team does ---------------------------------------------------------------------------

    def make_token(self):
        printed = self.command("admin", "create-token", "operations", "--org", "acme", "--role", "admin", "--scopes", "api,ingest")
        self.token = re.search(r"\bacme\.\S+", printed).group(0)

    def first_start(self):
        """A server, which says how to sign in; beside it an organization with a token."""
        self.settings["STEWARD_ADMIN_EMAIL"] = ADMIN
        process = self.serve()
        said = process.said()
        must(ADMIN in said and "password" in said, f"the first start does not say how to sign in: {said}")
        self.command("admin", "create-org", "acme")
        self.make_token()
        return process

    def equip(self):
        """A tool, a skill for every alert, a channel to tell, and a sealed setting."""
        code = "export default async function () { return { value: 1 }; }"
        schema = {"type": "object", "properties": {"at": {"type": "string"}}}
        self.post("/api/v1/tools", {"name": "look", "type": "custom_code", "config": {"code": code, "allowed_hosts": []}, "input_schema": schema})
        skill = self.post("/api/v1/skills", {"name": "Every alert", "problem_description": "Anything", "sop": SOP})
        self.post("/api/v1/bindings", {"alert_pattern": "/./", "skill_id": skill["id"]})
        receiver = {"name": "On call", "receiver_im": "oncall-slack", "im_type": "slack", "transport": "bot", "destination_id": "C0ONCALL", "bot_token": BOT_TOKEN}
        self.receiver = self.post("/api/v1/receivers", receiver)["id"]
        self.succeeded("PUT", "/api/v1/configurations/general/runbook_password", {"value": "sesame"})

    def post_alert(self, title, address=None):
        alert = {"title": title, "severity": "high", "labels": {"service": "checkout"}}
        answer = self.post("/hooks/generic?receiver_im=oncall-slack", alert, address)
        return answer["alerts"][0]["id"]

    def follow(self, alert, title, told=True):
        """Waits until the alert's issue is concluded and the channel was told how."""
        issue = self.get(f"/api/v1/alerts/{alert}")["issue_id"]

        def concluded():
            found = self.get(f"/api/v1/issues/{issue}")
            return found["status"] != "analyzing" and found
        found = wait_for(f"the issue of '{title}' is concluded", concluded)
        must(found["ai_conclusion"], f"the issue of '{title}' is {found['status']} without a conclusion")
        if told:
            wait_for(f"the channel is told how '{title}' ended", lambda: self.channel.knows_the_end_of(title))
        return found

    def investigate(self, title):
        return self.follow(self.post_alert(title), title)

    def can_open_its_secrets(self):
        """The receiver's bot token is sealed; a test message needs it."""
        status, answer = self.call("POST", f"/api/v1/receivers/{self.receiver}/test")
        return status < 300 and answer.get("ok", False) is True

    def holdings(self):
        """What must come through a restore."""
        listed = {}
        for what in ("alerts", "issues", "skills", "tools", "receivers", "configurations", "tokens"):
            items = self.get(f"/api/v1/{what}?limit=100")["items"]
            # When something was last used may have moved on.
            listed[what] = sorted(json.dumps({key: value for key, value in item.items() if not key.startswith("last_")}, sort_keys=True) for item in items)
            must(listed[what], f"there are no {what} to compare")
        return listed


def stop_cleanly(process):
    status = process.stop(signal.SIGTERM)
    must(status == 0, f"{process.name} ended with {status}: {process.said()[-2000:]}")
