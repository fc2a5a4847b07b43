/** The queue: what waits and runs, what was given up, and what the server does by itself. */
import { find, page, Problem } from "./http.mjs";
import { ago, idOf } from "./ids.mjs";
import { emit } from "./live.mjs";

const STEP_MS = Number(process.env.MOCK_STEP_MS ?? 900);
const now = () => new Date().toISOString();

function job(name, state, queue, kind, more = {}) {
  return { id: idOf(`job ${name}`), state, queue, kind, attempt: state === "running" ? 1 : 0, max_attempts: 20, priority: 0, run_at: ago(state === "scheduled" ? -4 : 1), created_at: ago(5), cancellable: ["scheduled", "available", "running"].includes(state) && !kind.startsWith("issue_"), ...more };
}

const jobs = [
  job("r1", "running", "runs", "execute_run", { lane: idOf("issue"), max_attempts: 3, run_at: ago(2), progress: { done: 4, total: 11, note: "Asking the cluster for the events of the pod" } }),
  job("r2", "running", "runs", "execute_run", { attempt: 2, max_attempts: 3, run_at: ago(14), last_error: "the worker stopped without a word", progress: { done: 17_300, note: "reading the log" } }),
  job("r3", "running", "default", "import_history_of_a_source_with_a_long_name", { run_at: ago(31), cancel_requested_at: ago(0.1), progress: { done: 812, total: 40_000, note: "" } }),
  ...Array.from({ length: 4 }, (_, index) => job(`w${index}`, "available", "notify", "deliver", { lane: `receiver ${idOf("ops")}`, run_at: ago(139.9 - index), attempt: index === 0 ? 3 : 0, last_error: index === 0 ? "The webhook answered 503 Service Unavailable: upstream connect error or disconnect/reset before headers. reset reason: connection timeout" : null })),
  job("w9", "available", "default", "issue_opened_tells_receivers", { run_at: ago(0.3) }),
  ...Array.from({ length: 64 }, (_, index) => job(`s${index}`, "scheduled", index % 2 ? "notify" : "default", index % 2 ? "deliver" : "issue_opened_starts_run", { run_at: ago(-0.4 - index * 7), attempt: index % 3, last_error: index % 3 ? "connection refused" : null })),
  job("f1", "cancelled", "runs", "execute_run", { attempt: 1, max_attempts: null, run_at: null, finished_at: ago(50) }),
  job("f2", "completed", "default", "count_alerts", { attempt: 1, max_attempts: null, run_at: null, finished_at: ago(20), result: { counted: 1204, oldest: ago(90_000), sources: ["alertmanager-prod", "grafana-staging"] } }),
];

const queues = ["default", "notify", "runs"].map((queue) => ({ queue, paused_at: null, concurrency: null }));
Object.assign(queues[1], { paused_at: ago(12) });
Object.assign(queues[2], { concurrency: 1_000 });

const ENDED = new Set(["completed", "cancelled"]);

function attempt(number, minutes, error) {
  return { at: ago(minutes), attempt: number, error };
}

export const deadLetters = [
  { id: idOf("dead"), source: "job", event_type: "deliver", error: "The webhook answered 19021: sign match fail", retry_count: 1, errors: [attempt(1, 30, "connection refused"), attempt(2, 9, "The webhook answered 19021: sign match fail")], created_at: ago(9), processed_at: null, is_dismissed: false },
  { id: idOf("dead2"), source: "job", event_type: "execute_run", error: "the worker stopped without a word in every attempt", retry_count: 2, errors: [attempt(1, 200, "the worker stopped without a word"), attempt(2, 190, "the worker stopped without a word"), attempt(3, 180, "the worker stopped without a word in every attempt")], created_at: ago(180), processed_at: null, is_dismissed: false },
  { id: idOf("dead3"), source: "mail", event_type: "bounced", error: "550 5.1.1 no such mailbox here", retry_count: 0, errors: [], created_at: ago(4_000), processed_at: ago(3_900), is_dismissed: false },
];

const task = (name, period, minutes, last_outcome, seconds, more = {}) => ({
  name, period, next_at: ago(minutes - period / 60), running_since: null, last_started_at: ago(minutes), last_finished_at: ago(minutes - seconds / 60), last_outcome, ...more,
});

const cron = [
  task("clean_up_sessions", 600, 3, "succeeded", 0.02),
  task("embed_skills", 60, 0.5, "succeeded", 0.4),
  task("forget_alerts", 3_600, 14, "failed", 31),
  task("forget_dead_letters", 3_600, 14, "succeeded", 0.1),
  task("forget_reasons", 21_600, 200, "lost", 12),
  task("maintain_partitions", 3_600, 61, "succeeded", 2, { running_since: ago(1), last_started_at: ago(1) }),
  task("sweep_runs", 60, 0.2, "succeeded", 0.01),
];

function summary(queue) {
  const count = (state) => jobs.filter((one) => one.queue === queue.queue && one.state === state).length;
  const oldest = Math.min(...jobs.filter((one) => one.queue === queue.queue && one.state === "available").map((one) => new Date(one.run_at).getTime()));
  const available = queue.queue === "notify" ? 10_000 : count("available");
  return { ...queue, available, scheduled: count("scheduled"), running: count("running"), oldest_seconds: Number.isFinite(oldest) ? (Date.now() - oldest) / 1_000 : null };
}

function changeQueue({ id, body }) {
  const queue = find(queues, id, "queue");
  const detail = `must be from 1 to 1000, not ${body.concurrency}; null takes the limit away`;
  if (body.concurrency !== undefined && body.concurrency !== null && !(body.concurrency >= 1 && body.concurrency <= 1_000)) throw new Problem(422, "invalid_concurrency", "Invalid", detail, [{ pointer: "/concurrency", detail }]);
  if (body.concurrency !== undefined) queue.concurrency = body.concurrency;
  if (body.paused !== undefined) queue.paused_at = body.paused ? (queue.paused_at ?? now()) : null;
  emit("organization.queue_changed.v1", "organization", idOf("org"), queue);
  return summary(queue);
}

function listJobs({ query }) {
  const listed = jobs.filter((one) => (query.state === "finished" ? ENDED.has(one.state) : one.state === query.state) && (!query.queue || one.queue === query.queue));
  return page(listed, query);
}

function cancel({ id }) {
  const found = find(jobs.filter((one) => !ENDED.has(one.state)), id);
  if (found.state === "running") {
    found.cancel_requested_at ??= now();
    setTimeout(() => end(found, "cancelled"), STEP_MS * 4);
  } else end(found, "cancelled");
  emit("job.cancelled.v1", "job", id);
  return found;
}

function end(found, state, result) {
  Object.assign(found, { state, result, finished_at: now(), max_attempts: null, run_at: null, progress: null });
}

function replay({ id }) {
  const letter = find(deadLetters, id);
  if (letter.processed_at) return;
  letter.processed_at = now();
  const again = { ...job(id, "available", "notify", letter.event_type), id };
  jobs.unshift(again);
  setTimeout(() => Object.assign(again, { state: "running", attempt: 1 }), STEP_MS);
  setTimeout(() => end(again, "completed", { sent: true }), STEP_MS * 5);
  emit("job.replayed.v1", "job", id);
}

function dismiss({ id }) {
  const letter = find(deadLetters, id);
  if (!letter.processed_at) Object.assign(letter, { processed_at: now(), is_dismissed: true });
}

export const jobRoutes = {
  "GET /jobs/queues": ["jobs:read", () => ({ items: queues.map(summary), next_cursor: null })],
  "PATCH /jobs/queues/:id": ["jobs:write", changeQueue],
  "GET /jobs": ["jobs:read", listJobs],
  "GET /jobs/cron": ["jobs:read", () => ({ items: cron, next_cursor: null })],
  "GET /jobs/:id": ["jobs:read", ({ id }) => find(jobs, id)],
  "POST /jobs/:id/cancel": ["jobs:write", cancel],
  "GET /dead-letters": ["jobs:read", ({ query }) => page(deadLetters, query)],
  "POST /dead-letters/:id/replay": ["jobs:write", replay],
  "POST /dead-letters/:id/dismiss": ["jobs:write", dismiss],
};
