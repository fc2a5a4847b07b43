import { randomUUID } from "node:crypto";
import { alerts, issues } from "./alerts.mjs";
import { bindings, deadJobs, receivers, skills, tools } from "./knowledge.mjs";
import { overview } from "./overview.mjs";
import { audit, recordOf } from "./audit.mjs";
import { bulk, changeAlert, changeIssue, investigate } from "./changes.mjs";
import { find, page, Problem } from "./http.mjs";
import { configurations, members, named, nodes, organization, tokens } from "./people.mjs";
import { reprocess } from "./reprocess.mjs";
import { runs } from "./runs.mjs";
import { check, dryRun, match } from "./skills.mjs";

const now = () => new Date().toISOString();
const drop = (list, id, key = "id") => void list.splice(list.indexOf(find(list, id, key)), 1);
const has = (filter, value) => !filter || filter.split(",").includes(value);
const assigned = (filter, row, me) => !filter || (filter === "none" ? !row.assigned_to : row.assigned_to?.id === (filter === "me" ? me.user_id : filter));
const contains = (text, row) => !text || JSON.stringify([row.title ?? row.name, row.labels, row.alert_type]).toLowerCase().includes(text.toLowerCase());

const count = (key) => alerts.reduce((all, alert) => Object.assign(all, { [alert[key]]: (all[alert[key]] ?? 0) + 1 }), {});

function facets() {
  return { status: count("status"), severity: count("severity"), source: Object.entries(count("source")).map(([value, count]) => ({ value, count })) };
}

function saveSkill({ id, body }) {
  const { ok, errors, steps } = check(body.sop);
  if (!ok) throw new Problem(422, "invalid_sop", "The procedure cannot run", errors[0].detail, errors.map(({ line, detail }) => ({ pointer: `/sop:${line}`, detail })));
  const old = id ? find(skills, id) : { id: randomUUID(), version: 0, embedding_model: "steward-hash-1536", origin: "console", bindings: 0, created_at: now(), created_by: null };
  const skill = Object.assign(old, body, { version: old.version + 1, updated_at: now(), steps, executable: steps.some((step) => step.tool) });
  if (!id) skills.push(skill);
  return skill;
}

function saveTool({ id, body }) {
  if (!id) tools.push({ id: randomUUID(), created_at: now() });
  return Object.assign(id ? find(tools, id) : tools.at(-1), body, { updated_at: now() });
}

const SECRETS = new Set(["bot_token", "webhook_url", "signing_secret", "app_id", "app_secret"]);

function saveReceiver({ id, body }) {
  const open = Object.fromEntries(Object.entries(body).filter(([key]) => !SECRETS.has(key)));
  if (!id) {
    receivers.push({ id: randomUUID(), health: "unknown", has_credentials: true, last_delivered_at: null, last_failed_at: null, last_error: null, consecutive_failures: 0, created_at: now(), destination_id: null });
  }
  return Object.assign(id ? find(receivers, id) : receivers.at(-1), open);
}

function deliveries(receiver) {
  const failing = receiver.health === "failing";
  return receiver.health === "unknown" ? [] : issues.map((issue, index) => ({
    id: `${index}${receiver.id.slice(1)}`, subject_type: "issue", subject_id: issue.id, title: issue.title, state: issue.status, status: failing && index < 2 ? "dead" : "delivered",
    attempts: failing && index < 2 ? 8 : 1, error: failing && index < 2 ? receiver.last_error : null, created_at: issue.created_at, delivered_at: failing && index < 2 ? null : issue.updated_at,
  }));
}

function addToken({ me, body: { team_id, ...body } }) {
  const team = team_id ? find(nodes, team_id) : null;
  const token = { id: randomUUID(), role: "api", team: team && { id: team.id, name: team.name }, hint: "acme.…tQ4m", created_by: me.user_id, created_at: now(), expires_at: null, revoked_at: null, last_used_at: null, ...body };
  tokens.unshift(token);
  return { ...token, token: "acme.9fK2vQx7LmR4tB8sWcJ3hNyD6pZa" };
}

function addNode({ body }) {
  if (nodes.some((node) => node.slug === body.slug)) throw new Problem(409, "slug_taken", "Taken", "Another node has this short name.");
  const parent = find(nodes, body.parent_id ?? nodes[0].id);
  nodes.push({ id: randomUUID(), ...body, parent_id: parent.id });
  return nodes.at(-1);
}

function addMember({ body }) {
  const member = { user_id: randomUUID(), email: body.email, name: body.name ?? body.email, avatar_url: null, role: body.role, status: "active", user_status: "active", auth_provider: body.password ? "local" : "supabase", last_sign_in_at: null, created_at: now() };
  members.push(member);
  return member;
}

/** `METHOD /path` to the permission it takes and what it answers. */
export const routes = {
  "GET /overview": ["alerts:read", ({ query }) => overview(Number(query.days ?? 7))],
  "GET /alerts": ["alerts:read", ({ query: q, me }) => page(alerts.filter((a) => has(q.status, a.status) && has(q.severity, a.severity) && has(q.source, a.source) && assigned(q.assigned_to, a, me) && contains(q.q, a) && (!q.since || a.received_at >= q.since) && (!q.issue_id || a.issue_id === q.issue_id)), q)],
  "GET /alerts/facets": ["alerts:read", facets],
  "POST /alerts/bulk": ["alerts:write", bulk],
  "GET /alerts/:id/history": ["alerts:read", ({ id, query }) => page(recordOf(id), query)],
  "GET /alerts/:id": ["alerts:read", ({ id }) => find(alerts, id)],
  "POST /alerts/:id/investigate": ["alerts:write", ({ id }) => investigate(find(alerts, id))],
  "GET /issues": ["issues:read", ({ query: q, me }) => page(issues.filter((i) => has(q.status, i.status) && has(q.severity, i.severity) && assigned(q.assigned_to, i, me) && contains(q.q, i) && (!q.is_real_issue || String(i.is_real_issue) === q.is_real_issue)), q)],
  "GET /issues/:id/history": ["issues:read", ({ id, query }) => page(recordOf(id), query)],
  "GET /issues/:id": ["issues:read", ({ id }) => find(issues, id)],
  "GET /issues/:id/runs": ["issues:read", ({ id }) => ({ items: runs.filter((run) => run.issue_id === id) })],
  "POST /issues/:id/assign": ["issues:write", ({ id, me, body }) => changeIssue(id, me, { assigned_to: named(members.find((one) => one.user_id === body.user_id)) ?? null })],
  "POST /issues/:id/resolve": ["issues:write", ({ id, me, body }) => changeIssue(id, me, { status: "resolved", resolved_at: now(), resolved_by: named(me) }, body.reason)],
  "POST /issues/:id/false-positive": ["issues:write", ({ id, me, body }) => changeIssue(id, me, { status: "false_positive", is_real_issue: false, resolved_at: now(), resolved_by: named(me) }, body.reason)],
  "POST /issues/:id/reprocess": ["issues:write", ({ id, me }) => reprocess(find(issues, id), me)],
  "GET /runs/:id": ["issues:read", ({ id }) => find(runs, id)],
  "GET /skills": ["skills:read", ({ query: q }) => page(skills.filter((s) => has(q.status, s.status) && contains(q.q, s)), q)],
  "POST /skills": ["skills:write", saveSkill],
  "POST /skills/check": ["skills:read", ({ body }) => check(body.sop)],
  "POST /skills/match": ["skills:read", ({ body }) => match(body)],
  "POST /skills/dry-run": ["skills:read", ({ body }) => dryRun(body)],
  "GET /skills/:id": ["skills:read", ({ id }) => find(skills, id)],
  "PUT /skills/:id": ["skills:write", saveSkill],
  "DELETE /skills/:id": ["skills:write", ({ id }) => drop(skills, id)],
  "GET /bindings": ["skills:read", ({ query }) => page(bindings, query)],
  "POST /bindings": ["skills:write", ({ body }) => (bindings.push({ id: randomUUID(), created_at: now(), alert_pattern: body.alert_pattern, priority: body.priority ?? 100, skill: find(skills, body.skill_id) }), bindings.at(-1))],
  "PATCH /bindings/:id": ["skills:write", ({ id, body: { skill_id, ...body } }) => Object.assign(find(bindings, id), body, skill_id && { skill: find(skills, skill_id) })],
  "DELETE /bindings/:id": ["skills:write", ({ id }) => drop(bindings, id)],
  "GET /tools": ["tools:read", ({ query }) => page(tools, query)],
  "POST /tools": ["tools:write", saveTool],
  "POST /tools/mcp/list": ["tools:write", () => ({ tools: [{ name: "search", description: "Full text over the wiki", input_schema: tools[4].input_schema }, { name: "read_page", description: "One page as Markdown", input_schema: { type: "object", properties: { id: { type: "string" } } } }] })],
  "GET /tools/:id": ["tools:read", ({ id }) => find(tools, id)],
  "PUT /tools/:id": ["tools:write", saveTool],
  "DELETE /tools/:id": ["tools:write", ({ id }) => drop(tools, id)],
  "POST /tools/:id/run": ["tools:run", ({ body }) => ({ ok: true, result: { asked: body.arguments, lines: ["INFO starting", "ERROR DB_POOL_SIZE is not set"] }, error: null, duration_ms: 214, logs: ["GET http://demo:9100/logs 200"] })],
  "GET /receivers": ["receivers:read", ({ query }) => page(receivers, query)],
  "POST /receivers": ["receivers:write", saveReceiver],
  "GET /receivers/:id": ["receivers:read", ({ id }) => find(receivers, id)],
  "PUT /receivers/:id": ["receivers:write", saveReceiver],
  "DELETE /receivers/:id": ["receivers:write", ({ id }) => drop(receivers, id)],
  "POST /receivers/:id/test": ["receivers:write", ({ id }) => (find(receivers, id).health === "failing" ? { ok: false, error: "The webhook answered 19021: sign match fail" } : { ok: true, error: null })],
  "GET /receivers/:id/deliveries": ["receivers:read", ({ id, query }) => page(deliveries(find(receivers, id)), query)],
  "POST /deliveries/:id/retry": ["receivers:write", () => undefined],
  "GET /members": ["members:read", ({ query }) => page(members, query)],
  "POST /members": ["members:write", addMember],
  "PATCH /members/:id": ["members:write", ({ id, body }) => Object.assign(find(members, id, "user_id"), body)],
  "DELETE /members/:id": ["members:write", ({ id }) => drop(members, id, "user_id")],
  "GET /nodes": ["members:read", () => ({ items: nodes })],
  "POST /nodes": ["settings:write", addNode],
  "GET /tokens": ["tokens:read", ({ query }) => page(tokens, query)],
  "POST /tokens": ["tokens:write", addToken],
  "DELETE /tokens/:id": ["tokens:write", ({ id }) => void Object.assign(find(tokens, id), { revoked_at: now() })],
  "GET /organization": ["settings:read", () => organization],
  "PATCH /organization": ["settings:write", ({ body }) => Object.assign(organization, body)],
  "GET /configurations": ["settings:read", ({ query }) => page(configurations, query)],
  "PUT /configurations/:type/:id": ["settings:write", ({ type, id, me }) => void configurations.push({ id: randomUUID(), config_type: type, config_key: id, updated_at: now(), updated_by: me.user_id })],
  "DELETE /configurations/:type/:id": ["settings:write", ({ id }) => drop(configurations, id, "config_key")],
  "GET /audit": ["audit:read", ({ query: q }) => page(audit.filter((entry) => (!q.actor || entry.actor_name?.toLowerCase().includes(q.actor.toLowerCase())) && (!q.action || entry.action.includes(q.action)) && (!q.subject_id || entry.subject_id === q.subject_id)), q)],
  "GET /jobs/dead": ["jobs:read", ({ query }) => page(deadJobs, query)],
  "POST /jobs/dead/:id/replay": ["jobs:write", ({ id }) => void Object.assign(find(deadJobs, id), { replayed_at: now() })],
};
for (const action of ["assign", "resolve", "false-positive", "ignore", "reopen"]) {
  routes[`POST /alerts/:id/${action}`] = ["alerts:write", ({ id, me, body }) => changeAlert(id, action.replace("-", "_"), me, body)];
}
