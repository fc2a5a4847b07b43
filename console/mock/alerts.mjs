import { ago, idOf, random } from "./ids.mjs";
import { nodeOf } from "./nodes.mjs";
import { members, named } from "./people.mjs";
import { skills } from "./knowledge.mjs";

const ref = ({ id, name }) => ({ id, name });

function alert(name, more) {
  const labels = { alertname: more.alert_type, ...more.labels };
  return {
    id: idOf(`alert ${name}`), source: "alertmanager", status: "open", fingerprint: idOf(`fp ${name}`).replaceAll("-", "").slice(0, 16), assigned_to: null,
    occurrences: 1, starts_at: more.received_at, ends_at: null, resolved_at: null, issue_id: null, node_id: null, last_seen_at: more.received_at,
    description: "", annotations: {}, generator_url: "http://prometheus:9090/graph?g0.expr=up", receiver_im: "devops-slack", group_key: null,
    status_changed_by: null, status_changed_at: null, resolved_by: null, issues: [], ...more, labels,
    raw_payload: { status: "firing", labels, annotations: more.annotations ?? {}, startsAt: more.received_at, endsAt: "0001-01-01T00:00:00Z", generatorURL: "http://prometheus:9090/graph?g0.expr=up" },
  };
}

const main = [
  alert("crash", {
    alert_type: "KubePodCrashLooping", severity: "critical", node_id: nodeOf("payments"), title: "payments-api is crash-looping in prod", status: "investigating", occurrences: 7,
    received_at: ago(14), last_seen_at: ago(1), labels: { namespace: "payments", pod: "payments-api-7d4b9c6f5-x2x9q", container: "api", severity: "critical", cluster: "prod-eu" },
    description: "Pod **payments-api-7d4b9c6f5-x2x9q** restarted 6 times in 10 minutes.\n\nThe container exits with code 1.",
    annotations: { summary: "payments-api is crash-looping in prod", runbook_url: "https://wiki.acme.test/runbooks/crash-loop" },
  }),
  alert("disk", {
    alert_type: "DiskWillFillIn4Hours", severity: "high", node_id: nodeOf("storage"), title: "/var/lib/postgresql on db-1 fills within 4 hours", status: "investigating",
    received_at: ago(33), labels: { instance: "db-1:9100", device: "/dev/nvme1n1", mountpoint: "/var/lib/postgresql", severity: "warning" },
    description: "Predicted to run full at the growth of the last hour.", annotations: { summary: "Disk of db-1" }, assigned_to: named(members[2]),
  }),
  alert("watchdog", {
    alert_type: "Watchdog", severity: "low", title: "Watchdog: this alert is always firing", status: "false_positive", occurrences: 212,
    received_at: ago(51), last_seen_at: ago(1), labels: { severity: "none", prometheus: "monitoring/k8s" },
    description: "This alert shows that the whole way of alerts works. It fires for ever.", status_changed_at: ago(50), status_changed_by: null,
  }),
];

const KINDS = [
  ["HighErrorRate", "high", "Error rate above 5 % on checkout", "checkout"],
  ["TargetDown", "critical", "node-exporter does not answer", "node"],
  ["PodMemoryHigh", "medium", "Memory above 90 % of the limit", "search"],
  ["CertificateExpires", "low", "Certificate ends in 13 days", "edge"],
  ["QueueLagging", "medium", "Consumer lag above 10,000 messages", "orders"],
  ["SlowQueries", "high", "p99 of queries above 2 s", "postgres"],
];
const OWNERS = { checkout: nodeOf("payments"), orders: nodeOf("payments"), postgres: nodeOf("storage"), node: nodeOf("platform-unit") };
const STATUSES = ["resolved", "resolved", "false_positive", "resolved", "ignored", "resolved", "open", "resolved"];

/** A week of other alerts, so that lists are long enough to scroll. */
function others(count) {
  const next = random(7);
  const pick = (list) => list[Math.floor(next() * list.length)];
  return Array.from({ length: count }, (_, index) => {
    const [alert_type, severity, title, service] = pick(KINDS);
    const at = 60 + index * 8 + Math.floor(next() * 8);
    const status = index < 6 ? "open" : pick(STATUSES);
    const done = status === "resolved" || status === "false_positive";
    return alert(`other ${index}`, {
      alert_type, severity, title, status, node_id: OWNERS[service] ?? null, received_at: ago(at), occurrences: Math.ceil(next() ** 3 * 9), source: pick(["alertmanager", "alertmanager", "grafana", "generic"]),
      labels: { service, instance: `${service}-${1 + Math.floor(next() * 9)}:9100`, severity }, resolved_at: done ? ago(at - 20) : null,
      status_changed_at: done ? ago(at - 20) : null, resolved_by: done && next() > 0.5 ? named(pick(members)) : null, assigned_to: next() > 0.8 ? named(pick(members)) : null,
    });
  });
}

export const alerts = [...main, ...others(1_180)];

/** Takes in what Alertmanager posts (its webhook, version 4); it is the node's whose token it came with. */
export function receive({ alerts: signals }, node_id) {
  const at = new Date().toISOString();
  const taken = signals.map(({ labels, annotations, startsAt }) =>
    alert(JSON.stringify(labels), {
      alert_type: labels.alertname, severity: labels.severity ?? "medium", title: annotations.summary, received_at: at, starts_at: startsAt, labels, annotations, node_id,
    }),
  );
  alerts.unshift(...taken);
  return { alerts: taken.map(({ id }) => ({ id, outcome: "created" })) };
}

function issue(name, of, more) {
  const id = idOf(`issue ${name}`);
  of.issue_id = more.resolved_at ? null : id;
  of.issues.push({ id, title: of.title, status: more.status, created_at: of.received_at });
  return {
    id, title: of.title, severity: of.severity, node_id: of.node_id, description: null, group_key: null, receivers: [{ id: idOf("devops-slack"), name: "On-call Slack" }],
    created_by: null, resolved_by: null, assigned_to: null, alert_count: 1, created_at: of.received_at, updated_at: ago(2), resolved_at: null, cause: null, alerts: [of], ...more,
  };
}

export const issues = [
  issue("crash", main[0], {
    status: "in_progress", is_real_issue: true, skill: ref(skills[0]), assigned_to: named(members[2]), cause: "Deploy 2.14.1 removed the environment variable `DB_POOL_SIZE` that the service needs at start.",
    ai_conclusion: "payments-api crash-loops since deploy 2.14.1, which removed DB_POOL_SIZE. Roll back to 2.14.0.",
  }),
  issue("disk", main[1], {
    status: "in_progress", is_real_issue: true, skill: ref(skills[1]), ai_conclusion: "The volume is at 91 % and grows 3.1 GB an hour; it is full in about 3 hours. What grows could not be told apart.",
  }),
  issue("watchdog", main[2], {
    status: "false_positive", is_real_issue: false, skill: ref(skills[2]), resolved_at: ago(50), ai_conclusion: "The watchdog fires on purpose. It shows that alerts arrive.",
  }),
  issue("latency", alerts[3], { status: "unable_to_resolve", is_real_issue: null, skill: null, ai_conclusion: "No skill matched, so nothing was checked." }),
];
