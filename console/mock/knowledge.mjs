import { ago, idOf } from "./ids.mjs";
import { nodeOf } from "./nodes.mjs";

const crashLoop = `# A pod crash-loops

A container of a service starts, fails and is started again. Users see errors as long as no other replica answers.

## Steps

1. Read the state of the pod
   - run: \`pod_status(namespace=labels.namespace, pod=labels.pod)\`
2. Read the last log lines before the crash
   - run: \`pod_logs(namespace=labels.namespace, pod=labels.pod)\`
3. Look for a deploy in the last hour
   - run: \`deploy_history(service=labels.container)\`

## Verdict

- restarts above 3 and a deploy within the hour: **real**, caused by that deploy
- restarts have stopped for 15 minutes: **false positive**

## What to do

Roll back first, read the code afterwards.
`;
const disk = `# A disk fills

## Steps

1. Read use and growth of the volume
   - run: \`disk_usage(instance=labels.instance)\`
2. List what grew most
   - run: \`largest_files(instance=labels.instance)\`

## Verdict

- full within four hours: **real**
`;
const watchdog = `# Watchdog

Prometheus sends this alert on purpose, to show that the way from it to here works. It always fires and is **no problem**.
`;

const skillSteps = {
  "Crash-looping pod": [[7, "Read the state of the pod", "pod_status"], [9, "Read the last log lines before the crash", "pod_logs"], [11, "Look for a deploy in the last hour", "deploy_history"]],
  "Filling disk": [[5, "Read use and growth of the volume", "disk_usage"], [7, "List what grew most", "largest_files"]],
};

function skill(name, problem, sop, more = {}) {
  const steps = (skillSteps[name] ?? []).map(([line, label, tool]) => ({ line, label, tool }));
  return {
    id: idOf(name), name, problem_description: problem, sop, status: "active", version: 4, executable: steps.length > 0,
    embedding_model: "steward-hash-1536", origin: "import", updated_at: ago(12), created_at: ago(30_000), created_by: null, bindings: 1, steps, node_id: null, ...more,
  };
}

export const skills = [
  skill("Crash-looping pod", "A Kubernetes container starts and crashes again and again (CrashLoopBackOff)", crashLoop),
  skill("Filling disk", "A volume runs full soon, or has little space left", disk, { node_id: nodeOf("storage") }),
  skill("Watchdog", "The heartbeat alert of Prometheus, which is always firing", watchdog, { version: 1 }),
  skill("Slow database queries", "Latency of PostgreSQL queries rises, connections pile up", "# Slow queries\n\nLook at `pg_stat_statements` first.\n", { bindings: 0, origin: "console" }),
  skill("Certificate expires", "A TLS certificate ends within two weeks", "# Certificate\n\nRenew it, then reload the proxy.\n", { bindings: 0, status: "inactive" }),
];

const ref = ({ id, name }) => ({ id, name });

export const bindings = [
  { pattern: "/^KubePodCrashLooping/", skill: skills[0], priority: 200 },
  { pattern: "DiskWillFillIn4Hours", skill: skills[1], priority: 150 },
  { pattern: "/^Watchdog$/i", skill: skills[2], priority: 100 },
].map(({ pattern, skill, priority }) => ({ id: idOf(pattern), alert_pattern: pattern, skill: ref(skill), priority, created_at: ago(20_000) }));

const logsCode = `export default async function run({ namespace, pod, lines }) {
  const url = \`http://demo:9100/logs/\${namespace}/\${pod}?lines=\${lines ?? 50}\`;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(\`The log answered \${answer.status}\`);
  return { lines: (await answer.text()).split("\\n") };
}
`;
const podSchema = {
  type: "object",
  required: ["namespace", "pod"],
  properties: {
    namespace: { type: "string", description: "Where the pod runs", default: "payments" },
    pod: { type: "string", description: "Name of the pod" },
    lines: { type: "integer", description: "How many lines, newest last", default: 50 },
    previous: { type: "boolean", title: "Of the container before the crash", default: true },
    level: { enum: ["info", "warn", "error"], description: "Lowest level" },
  },
};

function tool(name, description, more = {}) {
  return {
    id: idOf(`tool ${name}`), name, description, type: "custom_code", status: "active", created_at: ago(30_000), updated_at: ago(900),
    config: { code: logsCode, allowed_hosts: ["demo:9100"], timeout_ms: 5_000 }, input_schema: podSchema, node_id: null, ...more,
  };
}

export const tools = [
  tool("pod_logs", "The last log lines of a container"),
  tool("pod_status", "State, restarts and last exit of a pod"),
  tool("deploy_history", "Deploys of a service, newest first"),
  tool("disk_usage", "Use and growth of a volume", { node_id: nodeOf("storage") }),
  tool("search_runbooks", "Full text over the wiki", {
    type: "mcp",
    config: { transport: "http", url: "https://wiki.acme.test/mcp", tool: "search", headers: { Authorization: "wiki_token" } },
    input_schema: { type: "object", required: ["query"], properties: { query: { type: "string" } } },
  }),
];

export const receivers = [
  { name: "On-call Slack", receiver_im: "devops-slack", im_type: "slack", transport: "bot", destination_id: "C04ONCALL1", is_default: true, health: "ok", last_delivered_at: ago(6), last_failed_at: null, last_error: null, consecutive_failures: 0 },
  { name: "Payments war room", receiver_im: "payments-lark", fallback_id: idOf("devops-slack"), node_id: nodeOf("payments"), im_type: "lark", transport: "webhook", destination_id: null, is_default: false, health: "failing", last_delivered_at: ago(2_900), last_failed_at: ago(9), last_error: "The webhook answered 19021: sign match fail", consecutive_failures: 4 },
  { name: "Weekly digest", receiver_im: "digest", im_type: "slack", transport: "webhook", destination_id: null, is_default: false, health: "unknown", last_delivered_at: null, last_failed_at: null, last_error: null, consecutive_failures: 0 },
  { name: "Managers", receiver_im: "managers", im_type: "email", transport: "smtp", destination_id: "managers@acme.test", is_default: false, min_severity: "critical", hours: { time_zone: "Europe/Berlin", weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }, awaits_confirmation: true, health: "unknown", last_delivered_at: null, last_failed_at: null, last_error: null, consecutive_failures: 0 },
].map((one) => ({ id: idOf(one.receiver_im), status: "active", awaits_confirmation: false, confirmation_error: null, min_severity: "low", hours: null, fallback_id: null, has_credentials: true, node_id: null, created_at: ago(25_000), updated_at: ago(900), ...one }));
