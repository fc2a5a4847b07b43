"""A small shop to look after: its metrics, its log, its deploy history.

Serves a Prometheus-compatible query API over gauges and counters that really change with time, a log that can be
searched, and what was deployed when. Everything is computed from the moment of start, so each run is a
believable day: a deploy broke the checkout 22 minutes ago, a disk has been filling for hours with nothing in
sight that fills it, and the watchdog fires as it always does.
"""

import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

START = time.time()
GIB = 1024**3
DEPLOYED = 22 * 60  # seconds before the start


def pod_restarts(at):
    """The checkout pod restarts about every 90 seconds since the deploy."""
    return max(0, int((at - (START - DEPLOYED)) / 90))


def disk_free(at):
    """The database's volume of 200 GiB loses 4.1 GiB an hour, without a pause for six hours."""
    return 14.2 * GIB - 4.1 * GIB * (at - START) / 3600


# name, labels, value at a time
SERIES = [
    ("kube_pod_container_status_restarts_total", {"namespace": "shop", "pod": "checkout-7d9f6c5b8-x2lqp", "container": "checkout"}, pod_restarts),
    ("kube_pod_container_status_restarts_total", {"namespace": "shop", "pod": "catalog-5c8d7f9b4-q8wtn", "container": "catalog"}, lambda at: 0),
    ("kube_deployment_status_replicas_available", {"namespace": "shop", "deployment": "checkout"}, lambda at: 0),
    ("kube_deployment_status_replicas_available", {"namespace": "shop", "deployment": "catalog"}, lambda at: 3),
    ("node_filesystem_avail_bytes", {"instance": "db-1:9100", "mountpoint": "/var/lib/postgresql"}, disk_free),
    ("node_filesystem_size_bytes", {"instance": "db-1:9100", "mountpoint": "/var/lib/postgresql"}, lambda at: 200 * GIB),
    ("pg_database_size_bytes", {"instance": "db-1:9187", "datname": "shop"}, lambda at: 96.4 * GIB),
    ("pg_wal_size_bytes", {"instance": "db-1:9187"}, lambda at: 2.1 * GIB),
    ("up", {"job": "checkout", "instance": "checkout:8080"}, lambda at: 0),
    ("up", {"job": "catalog", "instance": "catalog:8080"}, lambda at: 1),
    ("up", {"job": "prometheus", "instance": "prometheus:9090"}, lambda at: 1),
    ("up", {"job": "alertmanager", "instance": "alertmanager:9093"}, lambda at: 1),
    ("alertmanager_notifications_failed_total", {"integration": "webhook"}, lambda at: 0),
]

# seconds before the start, service, version, author, what changed
DEPLOYS = [
    (DEPLOYED, "checkout", "v1.42.0", "mira", "read the payment provider's key from PAYMENT_API_KEY_V2"),
    (3 * 86400 + 4000, "checkout", "v1.41.3", "jon", "round totals half to even"),
    (26 * 3600, "catalog", "v2.8.1", "mira", "cache category pages"),
]


def log_lines(now):
    """(time, service, level, text), oldest first."""
    lines = []
    begin = START - DEPLOYED
    for crash in range(pod_restarts(now) + 1):
        at = begin + 90 * crash
        if at > now:
            break
        lines.append((at, "checkout", "INFO", "starting checkout v1.42.0"))
        lines.append((at + 1, "checkout", "ERROR", "configuration: environment variable PAYMENT_API_KEY_V2 is not set"))
        lines.append((at + 1, "checkout", "FATAL", "exit status 78 (EX_CONFIG)"))
    for tick in range(int((now - START + 6 * 3600) / 600)):
        lines.append((START - 6 * 3600 + 600 * tick, "postgres", "LOG", "checkpoint complete: wrote 4127 buffers"))
        lines.append((START - 6 * 3600 + 600 * tick + 30, "catalog", "INFO", "served 18204 requests"))
    return sorted(line for line in lines if line[0] <= now)


SELECTOR = re.compile(r'^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{(.*)\})?\s*$')
MATCHER = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"([^"]*)"\s*(?:,|$)')


def select(query):
    """The series of an instant-vector selector with equality matchers (prometheus.io/docs/prometheus/latest/querying/basics)."""
    found = SELECTOR.match(query)
    if not found:
        raise ValueError(f"cannot parse {query!r}: this target knows selectors such as up{{job=\"checkout\"}}")
    name, inner = found.group(1), found.group(2) or ""
    wanted = dict(MATCHER.findall(inner))
    if inner.strip() and not wanted:
        raise ValueError(f"cannot parse the matchers of {query!r}")
    return [
        (name, labels, value)
        for known, labels, value in SERIES
        if known == name and all(labels.get(key) == text for key, text in wanted.items())
    ]


class Target(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlparse(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        now = time.time()
        try:
            answer = {
                "/metrics": lambda: self.metrics(now),
                "/api/v1/query": lambda: self.instant(query["query"], now),
                "/api/v1/query_range": lambda: self.range(query["query"], float(query.get("hours", 6)), now),
                "/logs": lambda: self.logs(query, now),
                "/deploys": lambda: self.deploys(query, now),
            }.get(url.path)
            if answer is None:
                return self.reply(404, {"error": f"there is no {url.path}"})
            return self.reply(200, answer())
        except (KeyError, ValueError) as error:
            return self.reply(400, {"status": "error", "error": str(error)})

    def metrics(self, now):
        return "".join(
            name + "{" + ",".join('%s="%s"' % pair for pair in labels.items()) + "} %s\n" % value(now)
            for name, labels, value in SERIES
        )

    def instant(self, query, now):
        result = [
            {"metric": {"__name__": name, **labels}, "value": [now, str(value(now))]} for name, labels, value in select(query)
        ]
        return {"status": "success", "data": {"resultType": "vector", "result": result}}

    def range(self, query, hours, now):
        moments = [now - hours * 3600 * (1 - step / 12) for step in range(13)]
        result = [
            {"metric": {"__name__": name, **labels}, "values": [[at, str(value(at))] for at in moments]}
            for name, labels, value in select(query)
        ]
        return {"status": "success", "data": {"resultType": "matrix", "result": result}}

    def logs(self, query, now):
        since = now - 60 * float(query.get("minutes", 60))
        pattern = re.compile(query.get("pattern", ""), re.IGNORECASE)
        lines = [
            {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)), "service": service, "level": level, "text": text}
            for at, service, level, text in log_lines(now)
            if at >= since and service == query.get("service", service) and pattern.search(text)
        ]
        return {"count": len(lines), "lines": lines[-20:]}

    def deploys(self, query, now):
        return {
            "items": [
                {"service": service, "version": version, "author": author, "change": change,
                 "age_minutes": int((now - START + before) / 60)}
                for before, service, version, author, change in DEPLOYS
                if service == query.get("service", service)
            ]
        }

    def reply(self, status, body):
        text = body if isinstance(body, str) else json.dumps(body)
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4" if isinstance(body, str) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def serve(port=0):
    """A server on loopback; its port is in server_port."""
    return ThreadingHTTPServer(("127.0.0.1", port), Target)
