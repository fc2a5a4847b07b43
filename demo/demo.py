#!/usr/bin/env python3
"""`make demo`: three real alerts through the whole product.

Starts a shop to look after (target.py), a stand-in for Slack (slack.py) and the server on an embedded database;
gives it runbooks, tools and a receiver; posts three alerts as monitoring systems do; waits until each is
concluded; prints what came of them. Then it stays up until Ctrl-C, which stops everything it started.
"""

import argparse
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
import sys
import tempfile
import threading
import time

import slack
import target

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BOLD, DIM, GREEN, RED, YELLOW, RESET = ("\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[33m", "\033[0m") if sys.stdout.isatty() else [""] * 6
EMAIL = "demo@steward.example"
NEWCOMER = "newcomer@steward.example"


class Failed(Exception):
    """Ends the demo with a reason."""


def step(text):
    print(f"{DIM}·{RESET} {text}", flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    def __init__(self, arguments):
        self.arguments = arguments
        self.binary = pathlib.Path(arguments.steward or ROOT / "target/debug/steward")
        self.password = secrets.token_urlsafe(15)
        # The database runs as an unprivileged user, so its folder must not lie below a closed home.
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="steward-demo-"))
        os.chmod(self.data, 0o755)
        self.log = open(self.data / "steward.log", "wb")
        self.server = None
        self.target = self.thread(target.serve())
        self.slack = self.thread(slack.serve())
        self.address = arguments.listen
        # Tests bring servers of their own: one of MCP, and one that signs people in as Supabase does.
        self.ports = [free_port(), free_port()] if arguments.then else []
        self.supabase_secret = secrets.token_urlsafe(32)

    @staticmethod
    def thread(server):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def target_host(self):
        return f"127.0.0.1:{self.target.server_port}"

    def environment(self):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("STEWARD_") or key.startswith("STEWARD_LLM_")}
        return {
            **kept,
            "STEWARD_DATA_DIR": str(self.data),
            "STEWARD_LISTEN": self.address,
            "STEWARD_EGRESS_ALLOW": ",".join([self.target_host(), *(f"127.0.0.1:{port}" for port in self.ports)]),
            "STEWARD_SLACK_API_URL": f"http://127.0.0.1:{self.slack.server_port}/api",
            "STEWARD_LOG": "warn",
            # The browser tests click faster than people do.
            "STEWARD_RATE_LIMIT": "0",
            **self.supabase(),
        }

    def supabase(self):
        if not self.ports:
            return {}
        return {
            "STEWARD_SUPABASE_ISSUER": f"http://127.0.0.1:{self.ports[1]}/auth/v1",
            "STEWARD_SUPABASE_JWT_SECRET": self.supabase_secret,
            "STEWARD_SUPABASE_PUBLISHABLE_KEY": "sb_publishable_test",
        }

    def command(self, *arguments, **extra):
        done = subprocess.run([self.binary, *arguments], env={**self.environment(), **extra}, capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"`steward {' '.join(arguments)}` failed: {done.stderr.strip()}")
        return done.stdout

    def call(self, method, path, body=None, token=None):
        host, port = self.address.rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token or self.token}"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        if response.status >= 300:
            raise Failed(f"{method} {path}: {response.status} {text}")
        return json.loads(text) if "json" in (response.getheader("Content-Type") or "") else text

    # -- the steps ----------------------------------------------------------------------------------

    def run(self):
        began = time.time()
        step("making an embedded PostgreSQL, an organization, a person and a token")
        self.command("admin", "create-org", "demo", "--name", "Demo Shop")
        self.command("admin", "create-user", EMAIL, "--org", "demo", "--name", "Dana Demo", "--role", "admin", STEWARD_PASSWORD=self.password)
        self.token = self.token_of("demo", "--role", "admin", "--scopes", "api,ingest")
        step("reading the team's runbooks")
        print(DIM + "    " + self.command("skills", "import", str(HERE / "runbooks"), "--org", "demo").strip().replace("\n", "\n    ") + RESET)
        self.start_server()
        self.give_tools_and_receiver()
        issues = self.post_alerts()
        outcomes = [self.follow(name, issue) for name, issue in issues]
        self.wait_for_messages(outcomes)
        for number, outcome in enumerate(outcomes, 1):
            self.show(number, outcome)
        print(f"\n{GREEN}All three were concluded{RESET} in {time.time() - began:.0f} seconds, without a language model."
              if "STEWARD_LLM_PROVIDER" not in os.environ else f"\n{GREEN}All three were concluded{RESET} in {time.time() - began:.0f} seconds.")

    def token_of(self, name, *flags):
        printed = self.command("admin", "create-token", name, "--org", "demo", *flags)
        found = re.search(r"\bdemo\.\S+", printed)
        if not found:
            raise Failed(f"no token in: {printed}")
        return found.group(0)

    def start_server(self):
        step(f"starting the server on http://{self.address}")
        self.server = subprocess.Popen([self.binary, "serve"], env=self.environment(), stdout=self.log, stderr=self.log, start_new_session=True)
        for _ in range(300):
            if self.server.poll() is not None:
                raise Failed(f"the server ended: {self.log_tail()}")
            try:
                self.call("GET", "/readyz")
                return
            except OSError:
                time.sleep(0.1)
        raise Failed(f"the server is not ready after 30 seconds: {self.log_tail()}")

    def log_tail(self):
        self.log.flush()
        return (self.data / "steward.log").read_text(errors="replace")[-2000:].strip()

    def give_tools_and_receiver(self):
        step("giving it four tools that call the shop, two bindings and a Slack receiver")
        for tool in json.loads((HERE / "tools/tools.json").read_text()):
            code = (HERE / f"tools/{tool['name']}.js").read_text().replace("{{TARGET}}", f"http://{self.target_host()}")
            schema = {"type": "object", "properties": tool["properties"], "required": list(tool["properties"]), "additionalProperties": False}
            self.call("POST", "/api/v1/tools", {
                "name": tool["name"], "description": tool["description"], "type": "custom_code",
                "config": {"code": code, "allowed_hosts": [self.target_host()]}, "input_schema": schema,
            })
        skills = {skill["name"]: skill["id"] for skill in self.call("GET", "/api/v1/skills")["items"]}
        self.call("POST", "/api/v1/bindings", {"alert_pattern": "/KubePodCrashLooping|CrashLoopBackOff/", "skill_id": skills["Pod crash-loops"], "priority": 10})
        self.call("POST", "/api/v1/bindings", {"alert_pattern": "/^Watchdog$/", "skill_id": skills["Watchdog"], "priority": 20})
        self.call("POST", "/api/v1/receivers", {
            "name": "DevOps on call", "receiver_im": "devops-slack", "im_type": "slack", "transport": "bot",
            "destination_id": "C0DEVOPS", "bot_token": "xoxb-demo",
        })

    def post_alerts(self):
        ingest = self.token_of("alertmanager", "--scopes", "ingest")
        issues = []
        for name, path in [("crash-loop", "alertmanager"), ("disk", "generic"), ("watchdog", "alertmanager")]:
            text = (HERE / f"alerts/{name}.json").read_text()
            text = re.sub(r"\{\{MINUTES_AGO:(\d+)\}\}", lambda found: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60 * int(found.group(1)))), text)
            answer = self.call("POST", f"/hooks/{path}?receiver_im=devops-slack", json.loads(text), token=ingest)
            alert = answer["alerts"][0]
            step(f"posted {name}: {alert['outcome']}")
            issues.append((name, self.call("GET", f"/api/v1/alerts/{alert['id']}")["issue_id"]))
        return issues

    def follow(self, name, issue_id):
        seen = 0
        for _ in range(600):
            issue = self.call("GET", f"/api/v1/issues/{issue_id}")
            runs = self.call("GET", f"/api/v1/issues/{issue_id}/runs")["items"]
            run = self.call("GET", f"/api/v1/runs/{runs[0]['id']}") if runs else {"steps": [], "output": None}
            if len(run["steps"]) > seen:
                seen = len(run["steps"])
                step(f"{name}: {seen} steps")
            if issue["status"] != "analyzing":
                if not run["output"]:
                    raise Failed(f"{name}: ended as {issue['status']} without a conclusion: {run.get('error')}")
                return {"name": name, "issue": issue, "run": run}
            time.sleep(0.1)
        raise Failed(f"{name}: not concluded after a minute; the server's log: {self.log_tail()}")

    def wait_for_messages(self, outcomes):
        step("waiting for the channel to be told")
        for _ in range(300):
            told = [versions for versions in slack.Slack.messages.values() if len(versions) > 1]
            if len(told) >= len(outcomes):
                return
            time.sleep(0.1)
        raise Failed(f"only {len(slack.Slack.messages)} messages reached the channel; the server's log: {self.log_tail()}")

    # -- what came of it ----------------------------------------------------------------------------

    def show(self, number, outcome):
        issue, run = outcome["issue"], outcome["run"]
        conclusion = run["output"]
        color = {"real": RED, "false_positive": GREEN}.get(conclusion["verdict"], YELLOW)
        print(f"\n{BOLD}{number}. {issue['title']}{RESET}  {DIM}http://{self.address}/issues/{issue['id']}{RESET}")
        for entry in run["steps"]:
            self.show_step(entry)
        cause = "with a cause" if conclusion["cause"] else "without a known cause"
        verdict = {"real": f"real, {cause}", "false_positive": "false positive"}.get(conclusion["verdict"], "undetermined")
        print(f"   {BOLD}verdict{RESET}  {color}{verdict}{RESET}: {conclusion['summary']}")
        if conclusion["cause"]:
            print(f"   {BOLD}cause{RESET}    {conclusion['cause']}")
        for claim in conclusion["claims"]:
            print(f"   {BOLD}evidence{RESET} {claim['text']}  {DIM}[step {', '.join(map(str, claim['steps']))}]{RESET}")
        for action in conclusion["actions"]:
            print(f"   {BOLD}do{RESET}       {action}")
        for versions in slack.Slack.messages.values():
            if issue["id"] in json.dumps(versions[-1]):
                lines = slack.text_of(versions[-1])
                print(f"   {BOLD}#devops{RESET}  {DIM}(posted once, edited {len(versions) - 1} times){RESET}")
                for line in "\n".join(lines).splitlines():
                    print(f"   {DIM}│{RESET} {line}")

    @staticmethod
    def show_step(entry):
        metadata = entry["metadata"]
        if entry["kind"] == "skill_matched":
            matched = metadata["matched"]
            others = [f"{c['name']} {c['score']:.2f}" for c in metadata["candidates"] if not matched or c["skill_id"] != matched["skill_id"]][:3]
            print(f"   {BOLD}skill{RESET}    {matched['name'] + ' (by ' + matched['how'] + ')' if matched else 'none'}" + (f"  {DIM}others: {', '.join(others)}{RESET}" if others else ""))
        elif entry["kind"] == "tool_called":
            result = metadata["error"] or json.dumps(metadata["result"], ensure_ascii=False)
            print(f"   {BOLD}step {entry['seq']:<2}{RESET}  {metadata['tool']}({json.dumps(metadata['arguments'], ensure_ascii=False)}) → {result[:150]}{'…' if len(result) > 150 else ''}")

    def stay(self):
        print(f"""
{BOLD}Steward is up on http://{self.address}{RESET}
  sign in   {EMAIL}  {self.password}
  token     {self.token}
  try       curl -H 'Authorization: Bearer {self.token}' 'http://{self.address}/hooks/generic?receiver_im=devops-slack' \\
              -H 'Content-Type: application/json' -d '{{"title": "The checkout answers slowly", "severity": "high"}}'
{DIM}Ctrl-C stops everything and removes the demo's data.{RESET}""", flush=True)
        while self.server.poll() is None:
            time.sleep(0.5)
        raise Failed(f"the server ended: {self.log_tail()}")

    def then(self, command):
        # An organization that nothing has come into yet, with the same password.
        self.command("admin", "create-org", "newcomer", "--name", "Newcomer")
        self.command("admin", "create-user", NEWCOMER, "--org", "newcomer", "--name", "Nora New", "--role", "admin", STEWARD_PASSWORD=self.password)
        environment = {
            **os.environ, "BASE_URL": f"http://{self.address}", "E2E_EMAIL": EMAIL, "E2E_PASSWORD": self.password, "E2E_TOKEN": self.token,
            "E2E_NEWCOMER": NEWCOMER, "E2E_MCP_PORT": str(self.ports[0]),
            "E2E_SUPABASE_PORT": str(self.ports[1]), "E2E_SUPABASE_SECRET": self.supabase_secret,
        }
        return subprocess.run(command, shell=True, cwd=ROOT, env=environment).returncode

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(30)
            except subprocess.TimeoutExpired:
                self.server.kill()
        self.target.shutdown()
        self.slack.shutdown()
        self.log.close()
        shutil.rmtree(self.data, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true", help="exit after the summary: 0 when all three were concluded")
    parser.add_argument("--then", metavar="COMMAND", help="run a command against the server (BASE_URL, E2E_*), then exit with its status")
    parser.add_argument("--listen", default="127.0.0.1:8080", metavar="ADDRESS")
    parser.add_argument("--steward", metavar="FILE", help="the binary [default: target/debug/steward]")
    demo = Demo(parser.parse_args())
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(1))
    try:
        demo.run()
        if demo.arguments.then:
            return demo.then(demo.arguments.then)
        if not demo.arguments.once:
            demo.stay()
        return 0
    except Failed as failure:
        print(f"{RED}demo: {failure}{RESET}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopping")
        return 0
    finally:
        demo.stop()


if __name__ == "__main__":
    sys.exit(main())
