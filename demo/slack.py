"""A stand-in for Slack's Web API: keeps what a channel would show."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Slack(BaseHTTPRequestHandler):
    messages = {}  # ts -> every version of the message, oldest first
    lock = threading.Lock()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock:
            if self.path.endswith("/chat.postMessage"):
                ts = "%d.000100" % (1_790_000_000 + len(self.messages))
                self.messages[ts] = [body]
            elif self.path.endswith("/chat.update") and body.get("ts") in self.messages:
                ts = body["ts"]
                self.messages[ts].append(body)
            else:
                return self.reply({"ok": False, "error": "message_not_found"})
        return self.reply({"ok": True, "channel": body["channel"], "ts": ts})

    def reply(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def serve(port=0):
    return ThreadingHTTPServer(("127.0.0.1", port), Slack)


def text_of(message):
    """What people would read: the text of all blocks, top to bottom."""
    lines = []

    def walk(node):
        if isinstance(node, dict):
            if node.get("type") in ("plain_text", "mrkdwn") and isinstance(node.get("text"), str):
                lines.append(node["text"])
            for key, value in node.items():
                if key != "text" or isinstance(value, dict):
                    walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(message.get("blocks", []))
    walk(message.get("attachments", []))
    return lines or [message.get("text", "")]
