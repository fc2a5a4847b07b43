import { randomUUID } from "node:crypto";
import { alerts, issues } from "./alerts.mjs";
import { channels } from "./channels.mjs";
import { bindings, receivers, skills, tools } from "./knowledge.mjs";
import { overview } from "./overview.mjs";
import { audit, recordOf } from "./audit.mjs";
import { accountRoutes } from "./account.mjs";
import { bulk, changeAlert, changeIssue, eraseIssue, investigate } from "./changes.mjs";
import { find, page, Problem } from "./http.mjs";
import { jobRoutes } from "./jobs.mjs";
import { invitationRoutes } from "./invitations.mjs";
import { memberRoutes } from "./members.mjs";
import { checkOwner, isBelow, nodes, ownerOf, ownOf, servingOf } from "./nodes.mjs";
import { configurations, members, named, organization, tokenOf, tokens } from "./people.mjs";
import { secretRoutes } from "./secrets.mjs";
import { settingRoutes } from "./settings.mjs";
import { reprocess } from "./reprocess.mjs";
import { runs } from "./runs.mjs";
import { check, dryRun, match } from "./skills.mjs";

const now = () => new Date().toISOString();
const drop = (list, id, key = "id") => void list.splice(list.indexOf(find(list, id, key)), 1);
const has = (filter, value) => !filter || filter.split(",").includes(value);
const assigned = (filter, row, me) => !filter || (filter === "none" ? !row.assigned_to : row.assigned_to?.id === (filter === "me" ? me.user_id : filter));
const contains = (text, row) => !text || JSON.stringify([row.title ?? row.name, row.labels, row.alert_type]).toLowerCase().includes(text.toLowerCase());

const under = (filter, row) => !filter || (row.node_id && isBelow(row.node_id, filter));
const count = (rows, key) => rows.reduce((all, alert) => Object.assign(all, { [alert[key]]: (all[alert[key]] ?? 0) + 1 }), {});

function facets({ me, query }) {
  const rows = ownOf(alerts, me, "alerts:read").filter((alert) => under(query.node_id, alert));
  return { status: count(rows, "status"), severity: count(rows, "severity"), source: Object.entries(count(rows, "source")).map(([value, count]) => ({ value, count })) };
}

/** The row, if the caller may change it. */
const changeable = (rows, id, me, what) => checkOwner(me, `${what}s:write`, find(servingOf(rows, me, `${what}s:write`), id), what);

/** Who owns a row after it is saved; what a change does not name stays. */
const nextOwner = (old, { me, body }, permission) => (old && body.node_id === undefined ? old.node_id : ownerOf(me, permission, body.node_id));

function saveSkill({ id, body, me }) {
  const { ok, errors, steps } = check(body.sop);
  if (!ok) throw new Problem(422, "invalid_sop", "The procedure cannot run", errors[0].detail, errors.map(({ line, detail }) => ({ pointer: `/sop:${line}`, detail })));
  const found = id && changeable(skills, id, me, "skill");
  const node_id = nextOwner(found, { me, body }, "skills:write");
  const old = found || { id: randomUUID(), version: 0, embedding_model: "steward-hash-1536", origin: "console", bindings: 0, created_at: now(), created_by: null };
  const skill = Object.assign(old, body, { node_id, version: old.version + 1, updated_at: now(), steps, executable: steps.some((step) => step.tool) });
  if (!id) skills.push(skill);
  return skill;
}

function saveTool({ id, body, me }) {
  const found = id && changeable(tools, id, me, "tool");
  const node_id = nextOwner(found, { me, body }, "tools:write");
  if (!id) tools.push({ id: randomUUID(), created_at: now() });
  return Object.assign(found || tools.at(-1), body, { node_id, updated_at: now() });
}

const SEVERITIES = ["critical", "high", "medium", "low"];
const confirmed = new Set();
const SECRETS = new Set(channels.flatMap((channel) => channel.settings.filter((one) => one.credential).map((one) => one.name)));

function saveReceiver({ id, body, me }) {
  const found = id && changeable(receivers, id, me, "receiver");
  const node_id = nextOwner(found, { me, body }, "receivers:write");
  refuseReceiver(body, found);
  const open = Object.fromEntries(Object.entries(body).filter(([key]) => !SECRETS.has(key)));
  if (!id) {
    receivers.push({
      id: randomUUID(), health: "unknown", has_credentials: true, awaits_confirmation: false, confirmation_error: null, min_severity: "low", hours: null, fallback_id: null,
      last_delivered_at: null, last_failed_at: null, last_error: null, consecutive_failures: 0, created_at: now(), destination_id: null,
    });
  }
  const saved = Object.assign(found || receivers.at(-1), open, { node_id });
  return askAddress(saved);
}

function refuseReceiver({ receiver_im, webhook_url, destination_id, im_type }, found) {
  const wrong = [];
  if (webhook_url && !webhook_url.startsWith("https://")) wrong.push({ pointer: "/webhook_url", detail: "must start with https://" });
  if (im_type === "email" && !/^\S+@\S+$/.test(destination_id ?? "")) wrong.push({ pointer: "/destination_id", detail: "must be an e-mail address, such as ada@example.com" });
  if (wrong.length > 0) throw new Problem(422, "invalid_receiver", "The receiver cannot be stored", `${wrong.length} of the receiver's fields cannot be stored`, wrong);
  if (receivers.some((one) => one !== found && one.receiver_im === receiver_im)) {
    throw new Problem(409, "receiver_im_taken", "The short name is taken", `another receiver is called ${receiver_im}`);
  }
}

/** Addresses that a member has proved need no code, nor do those that gave theirs. */
function askAddress(receiver) {
  const agreed = receiver.im_type !== "email" || confirmed.has(receiver.destination_id) || members.some((one) => one.email === receiver.destination_id);
  return Object.assign(receiver, { awaits_confirmation: !agreed });
}

/** Any eight letters and digits are the code. */
function confirmReceiver({ id, body, me }) {
  const receiver = changeable(receivers, id, me, "receiver");
  if (!/^[a-z0-9]{8}$/i.test(body.code.replaceAll(/[\s-]/g, ""))) {
    const detail = "this is not the code that was mailed last, or it is over: ask for another";
    throw new Problem(422, "invalid_confirmation_code", "The code does not fit", detail, [{ pointer: "/code", detail }]);
  }
  confirmed.add(receiver.destination_id);
  return askAddress(receiver);
}

/** From when on issues that name no receiver are told to nobody. Hours leave a gap, here from now on. */
function gaps() {
  const listening = receivers.filter((one) => one.is_default && one.status === "active" && !one.node_id && !one.hours && !one.awaits_confirmation);
  return SEVERITIES.filter((_, rank) => !listening.some((one) => SEVERITIES.indexOf(one.min_severity) >= rank)).map((severity) => ({ severity, at: now() }));
}

function deliveries(receiver) {
  if (receiver.health === "unknown") return [];
  const failing = receiver.health === "failing";
  const told = issues.map((issue, index) => {
    const dead = failing && index < 2;
    return {
      id: `${index}${receiver.id.slice(1)}`, subject_type: "issue", subject_id: issue.id, title: issue.title, state: issue.status, status: dead ? "failed" : "delivered", instead_of: !failing && index === 1 ? insteadOf(receiver) : null,
      attempts: dead ? 8 : 1, error: dead ? receiver.last_error : null, created_at: issue.created_at, delivered_at: dead ? null : issue.updated_at,
    };
  });
  // Its newer state was told before its turn came.
  const late = { ...told[2], id: `a${receiver.id.slice(1)}`, state: "opened", status: "superseded", attempts: 0, delivered_at: null };
  return [...told.slice(0, 3), late, ...told.slice(3)];
}

const insteadOf = (receiver) => receivers.find((one) => one.fallback_id === receiver.id)?.id ?? null;

/** A binding is its skill's owner's. */
const owned = (binding) => ({ ...binding, node_id: find(skills, binding.skill.id).node_id });

function bind({ me, body: { skill_id, ...body } }, binding) {
  if (binding.skill) checkOwner(me, "skills:write", owned(binding), "binding");
  const skill = changeable(skills, skill_id ?? binding.skill.id, me, "skill");
  return owned(Object.assign(binding, body, { skill: { id: skill.id, name: skill.name } }));
}

function addBinding(request) {
  const binding = { id: randomUUID(), created_at: now(), priority: 100 };
  const bound = bind(request, binding);
  bindings.push(binding);
  return bound;
}

const saveBinding = (request) => bind(request, find(bindings, request.id));

function addToken({ me, body: { node_id, ...body } }) {
  const node = node_id ? find(nodes, node_id) : null;
  const owner = body.owner ?? (body.scopes.includes("api") ? "person" : "organization");
  const token = { id: randomUUID(), role: "api", owner, node: node && { id: node.id, name: node.name }, hint: "acme.…tQ4m", created_by: me.user_id, created_at: now(), expires_at: null, revoked_at: null, last_used_at: null, ...body };
  tokens.unshift(token);
  const text = `acme.${randomUUID().replaceAll("-", "")}`;
  tokenOf.set(text, token);
  return { ...token, token: text };
}

function addNode({ body }) {
  if (nodes.some((node) => node.slug === body.slug)) throw new Problem(409, "slug_taken", "Taken", "Another node has this short name.");
  const parent = find(nodes, body.parent_id ?? nodes[0].id);
  nodes.push({ id: randomUUID(), ...body, parent_id: parent.id });
  return nodes.at(-1);
}

/** `METHOD /path` to the permission it takes, null for none, and what it answers. */
export const routes = {
  ...accountRoutes,
  "GET /overview": ["alerts:read", ({ query }) => overview(Number(query.days ?? 7))],
  "GET /alerts": ["alerts:read", ({ query: q, me }) => page(ownOf(alerts, me, "alerts:read").filter((a) => under(q.node_id, a) && has(q.status, a.status) && has(q.severity, a.severity) && has(q.source, a.source) && assigned(q.assigned_to, a, me) && contains(q.q, a) && (!q.since || a.received_at >= q.since) && (!q.issue_id || a.issue_id === q.issue_id)), q)],
  "GET /alerts/facets": ["alerts:read", facets],
  "POST /alerts/bulk": ["alerts:write", bulk],
  "GET /alerts/:id/history": ["alerts:read", ({ id, query }) => page(recordOf(id), query)],
  "GET /alerts/:id": ["alerts:read", ({ id, me }) => find(ownOf(alerts, me, "alerts:read"), id)],
  "POST /alerts/:id/investigate": ["issues:write", ({ id, me }) => investigate(find(ownOf(alerts, me, "issues:write"), id))],
  "GET /issues": ["issues:read", ({ query: q, me }) => page(ownOf(issues, me, "issues:read").filter((i) => under(q.node_id, i) && has(q.status, i.status) && has(q.severity, i.severity) && assigned(q.assigned_to, i, me) && contains(q.q, i) && (!q.is_real_issue || String(i.is_real_issue) === q.is_real_issue)), q)],
  "GET /issues/:id/history": ["issues:read", ({ id, query }) => page(recordOf(id), query)],
  "GET /issues/:id": ["issues:read", ({ id, me }) => find(ownOf(issues, me, "issues:read"), id)],
  "GET /issues/:id/runs": ["issues:read", ({ id }) => ({ items: runs.filter((run) => run.issue_id === id) })],
  "POST /issues/:id/assign": ["issues:write", ({ id, me, body }) => changeIssue(id, me, { assigned_to: named(members.find((one) => one.user_id === body.user_id)) ?? null })],
  "POST /issues/:id/resolve": ["issues:write", ({ id, me, body }) => changeIssue(id, me, { status: "resolved", resolved_at: now(), resolved_by: named(me) }, body.reason)],
  "POST /issues/:id/false-positive": ["issues:write", ({ id, me, body }) => changeIssue(id, me, { status: "false_positive", is_real_issue: false, resolved_at: now(), resolved_by: named(me) }, body.reason)],
  "POST /issues/:id/erase": ["issues:erase", ({ id, me }) => eraseIssue(id, me)],
  "POST /issues/:id/reprocess": ["issues:write", ({ id, me }) => reprocess(find(issues, id), me)],
  "GET /runs/:id": ["issues:read", ({ id }) => find(runs, id)],
  "GET /skills": ["skills:read", ({ query: q, me }) => page(servingOf(skills, me, "skills:read").filter((s) => has(q.status, s.status) && contains(q.q, s)), q)],
  "POST /skills": ["skills:write", saveSkill],
  "POST /skills/check": ["skills:read", ({ body }) => check(body.sop)],
  "POST /skills/match": ["skills:read", ({ body, query }) => match(body, (owner) => !owner || (query.node_id && isBelow(query.node_id, owner)))],
  "POST /skills/dry-run": ["skills:read", ({ body }) => dryRun(body)],
  "GET /skills/:id": ["skills:read", ({ id, me }) => find(servingOf(skills, me, "skills:read"), id)],
  "PUT /skills/:id": ["skills:write", saveSkill],
  "DELETE /skills/:id": ["skills:write", ({ id, me }) => (changeable(skills, id, me, "skill"), drop(skills, id))],
  "GET /bindings": ["skills:read", ({ query, me }) => page(servingOf(bindings.map(owned), me, "skills:read"), query)],
  "POST /bindings": ["skills:write", addBinding],
  "PATCH /bindings/:id": ["skills:write", saveBinding],
  "DELETE /bindings/:id": ["skills:write", ({ id, me }) => (checkOwner(me, "skills:write", owned(find(bindings, id)), "binding"), drop(bindings, id))],
  "GET /tools": ["tools:read", ({ query, me }) => page(servingOf(tools, me, "tools:read"), query)],
  "POST /tools": ["tools:write", saveTool],
  "POST /tools/mcp/list": ["tools:write", () => ({ tools: [{ name: "search", description: "Full text over the wiki", input_schema: tools[4].input_schema }, { name: "read_page", description: "One page as Markdown", input_schema: { type: "object", properties: { id: { type: "string" } } } }] })],
  "GET /tools/:id": ["tools:read", ({ id, me }) => find(servingOf(tools, me, "tools:read"), id)],
  "PUT /tools/:id": ["tools:write", saveTool],
  "DELETE /tools/:id": ["tools:write", ({ id, me }) => (changeable(tools, id, me, "tool"), drop(tools, id))],
  "POST /tools/:id/run": ["tools:run", ({ body }) => ({ ok: true, result: { asked: body.arguments, lines: ["INFO starting", "ERROR DB_POOL_SIZE is not set"] }, error: null, duration_ms: 214, logs: ["GET http://demo:9100/logs 200"] })],
  "GET /receivers": ["receivers:read", ({ query, me }) => page(servingOf(receivers, me, "receivers:read"), query)],
  "POST /receivers": ["receivers:write", saveReceiver],
  "GET /receivers/channels": ["receivers:read", () => ({ items: channels })],
  "GET /receivers/coverage": ["receivers:read", () => ({ gaps: gaps() })],
  "POST /receivers/:id/ask": ["receivers:write", ({ id, me }) => void changeable(receivers, id, me, "receiver")],
  "POST /receivers/:id/confirm": ["receivers:write", confirmReceiver],
  "GET /receivers/:id": ["receivers:read", ({ id, me }) => find(servingOf(receivers, me, "receivers:read"), id)],
  "PUT /receivers/:id": ["receivers:write", saveReceiver],
  "DELETE /receivers/:id": ["receivers:write", ({ id, me }) => (changeable(receivers, id, me, "receiver"), drop(receivers, id))],
  "POST /receivers/:id/test": ["receivers:write", ({ id, me }) => (changeable(receivers, id, me, "receiver").health === "failing" ? { ok: false, error: "The webhook answered 19021: sign match fail" } : { ok: true, error: null })],
  "GET /receivers/:id/deliveries": ["receivers:read", ({ id, query }) => page(deliveries(find(receivers, id)), query)],
  "POST /deliveries/:id/retry": ["receivers:write", () => undefined],
  ...memberRoutes,
  ...invitationRoutes,
  "GET /nodes": ["members:read", () => ({ items: nodes })],
  "POST /nodes": ["settings:write", addNode],
  "GET /tokens": ["tokens:read", ({ query }) => page(tokens, query)],
  "POST /tokens": ["tokens:write", addToken],
  "DELETE /tokens/:id": ["tokens:write", ({ id }) => void Object.assign(find(tokens, id), { revoked_at: now() })],
  "GET /organization": ["settings:read", () => organization],
  "PATCH /organization": ["settings:write", ({ body }) => Object.assign(organization, body)],
  ...secretRoutes,
  ...settingRoutes,
  "GET /configurations": ["settings:read", ({ query }) => page(configurations, query)],
  "PUT /configurations/:type/:id": ["settings:write", ({ type, id, me }) => void configurations.push({ id: randomUUID(), config_type: type, config_key: id, updated_at: now(), updated_by: me.user_id })],
  "DELETE /configurations/:type/:id": ["settings:write", ({ id }) => drop(configurations, id, "config_key")],
  "GET /audit": ["audit:read", ({ query: q }) => page(audit.filter((entry) => (!q.actor || entry.actor_name?.toLowerCase().includes(q.actor.toLowerCase())) && (!q.action || entry.action.includes(q.action)) && (!q.subject_id || entry.subject_id === q.subject_id)), q)],
  ...jobRoutes,
};
for (const action of ["assign", "resolve", "false-positive", "ignore", "reopen"]) {
  routes[`POST /alerts/:id/${action}`] = ["alerts:write", ({ id, me, body }) => changeAlert(id, action.replace("-", "_"), me, body)];
}
