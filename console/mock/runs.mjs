import { ago, idOf } from "./ids.mjs";
import { issues } from "./alerts.mjs";
import { skills } from "./knowledge.mjs";
import { members, named } from "./people.mjs";

const candidate = (skill, score, reason, how = "semantic") => ({ skill_id: skill.id, name: skill.name, score, reason, how });
const matched = (skill, candidates) => ({ kind: "skill_matched", content: "", metadata: { matched: { skill_id: skill.id, name: skill.name, how: candidates[0].how }, threshold: 0.62, candidates } });
const called = (tool, label, args, result, condition) => ({ kind: "tool_called", content: "", metadata: { tool, label, arguments: args, result, error: null, truncated: false, condition } });
const thought = (content) => ({ kind: "reasoning", content, metadata: {} });
const concluded = (conclusion) => ({ kind: "conclusion", content: conclusion.summary, metadata: conclusion });

const pod = { namespace: "payments", pod: "payments-api-7d4b9c6f5-x2x9q" };

export const crashSteps = [
  matched(skills[0], [
    candidate(skills[0], 1, "Bound by /^KubePodCrashLooping/ with priority 200", "binding"),
    candidate(skills[3], 0.41, "Shares the words container and connection"),
    candidate(skills[1], 0.18, "Little in common"),
  ]),
  called("pod_status", "Read the state of the pod", pod, { phase: "Running", restarts: 6, last_exit: { code: 1, reason: "Error", at: "2026-11-21T08:41:12Z" } }, { expression: "result.restarts > 3", met: true }),
  called("pod_logs", "Read the last log lines before the crash", { ...pod, lines: 50, previous: true }, {
    lines: ["INFO  payments-api 2.14.1 starting", "ERROR config: environment variable DB_POOL_SIZE is not set", "FATAL cannot build the connection pool", "exit status 1"],
  }, { expression: 'result.lines.exists(l, l.contains("FATAL"))', met: true }),
  called("deploy_history", "Look for a deploy in the last hour", { service: "payments-api", hours: 1 }, {
    deploys: [{ version: "2.14.1", at: "2026-11-21T08:29:40Z", by: "ci", change: "Clean up unused settings (#482)" }, { version: "2.14.0", at: "2026-11-19T13:02:11Z", by: "ci", change: "Retry on 409 (#477)" }],
  }, { expression: "result.deploys.size() > 0", met: true }),
  thought("The pod exits at once, and the log names the reason: `DB_POOL_SIZE` is missing. Version **2.14.1** went out eleven minutes before the first restart, and its change removed settings."),
  concluded({
    verdict: "real", is_real_issue: true, confidence: 0.94,
    summary: "payments-api crash-loops since the deploy of **2.14.1**. Two of three replicas still run the old version, so payments work, with less room.",
    cause: "Deploy 2.14.1 removed the environment variable `DB_POOL_SIZE` that the service needs at start.",
    claims: [
      { text: "The container restarted 6 times and exits with code 1.", steps: [2] },
      { text: "It stops because DB_POOL_SIZE is not set.", steps: [3] },
      { text: "Version 2.14.1 was deployed just before the first restart.", steps: [4, 2] },
    ],
    actions: ["Roll back payments-api to 2.14.0", "Put `DB_POOL_SIZE` back into the deployment, then deploy again"],
  }),
];
const diskSteps = [
  matched(skills[1], [candidate(skills[1], 1, "Bound by DiskWillFillIn4Hours with priority 150", "binding"), candidate(skills[3], 0.33, "Shares the word database")]),
  called("disk_usage", "Read use and growth of the volume", { instance: "db-1", mountpoint: "/var/lib/postgresql" }, { used_percent: 91.2, growth_gb_per_hour: 3.1, hours_left: 3.1 }, { expression: "result.hours_left < 4.0", met: true }),
  { kind: "tool_called", content: "", metadata: { tool: "largest_files", label: "List what grew most", arguments: { instance: "db-1" }, result: null, error: "The agent on db-1 did not answer within 5 s", truncated: false } },
  concluded({
    verdict: "real", is_real_issue: true, confidence: 0.81, cause: null,
    summary: "The volume is at 91 % and grows 3.1 GB an hour; it is full in about 3 hours. What grows could not be told apart.",
    claims: [{ text: "At the present growth the volume is full in 3.1 hours.", steps: [2] }, { text: "What grew could not be listed.", steps: [3] }],
    actions: ["Grow the volume by 50 GB", "Look for a replication slot that holds back WAL"],
  }),
];
const watchdogSteps = [
  matched(skills[2], [candidate(skills[2], 1, "Bound by /^Watchdog$/i with priority 100", "binding")]),
  concluded({ verdict: "false_positive", is_real_issue: false, summary: "The watchdog fires on purpose. It shows that alerts arrive.", cause: null, claims: [{ text: "The skill says that this alert is no problem.", steps: [1] }], actions: [] }),
];
const nothingSteps = [
  { kind: "skill_matched", content: "", metadata: { matched: null, threshold: 0.62, candidates: [candidate(skills[3], 0.55, "Shares the words latency and queries"), candidate(skills[0], 0.2, "Little in common")] } },
  concluded({ verdict: "undetermined", is_real_issue: null, summary: "No skill matched, so nothing was checked.", cause: null, claims: [{ text: "The best candidate stays below the threshold.", steps: [1] }], actions: ["Write a skill for this alert"] }),
];

export function stepOf(runName, step, index, at) {
  return { id: idOf(`${runName} ${index}`), seq: index + 1, duration_ms: step.kind === "tool_called" ? 180 + index * 130 : 4, created_at: at, ...step };
}

function run(name, issue, steps, minutes, more = {}) {
  const stored = steps.map((step, index) => stepOf(name, step, index, ago(minutes - index * 0.02)));
  return {
    id: idOf(`run ${name}`), issue_id: issue.id, status: "succeeded", mode: "rules", model: null, skill: issue.skill, requested_by: null, error: null,
    tokens_in: 0, tokens_out: 0, cost_usd: 0, created_at: ago(minutes), started_at: ago(minutes), finished_at: ago(minutes - 0.05), output: steps.at(-1).metadata, steps: stored, ...more,
  };
}

export const runs = [
  run("crash 2", issues[0], crashSteps, 6, { mode: "model", model: "qwen3-32b", tokens_in: 18_204, tokens_out: 1_312, cost_usd: 0.0743, requested_by: named(members[0]) }),
  run("crash 1", issues[0], [crashSteps[0], crashSteps[1], concluded({ verdict: "undetermined", is_real_issue: null, summary: "The pod crashes; its log could not be read.", cause: null, claims: [{ text: "The container restarted 6 times.", steps: [2] }], actions: [] })], 13),
  run("disk", issues[1], diskSteps, 32),
  run("watchdog", issues[2], watchdogSteps, 51),
  run("latency", issues[3], nothingSteps, 58),
];
for (const issue of issues) issue.run_id = runs.find((one) => one.issue_id === issue.id)?.id ?? null;
