import { randomUUID } from "node:crypto";
import { alerts, issues } from "./alerts.mjs";
import { record } from "./audit.mjs";
import { find, Problem } from "./http.mjs";
import { emit } from "./live.mjs";
import { ownOf } from "./nodes.mjs";
import { members, named } from "./people.mjs";
import { reprocess } from "./reprocess.mjs";
import { runs } from "./runs.mjs";

const now = () => new Date().toISOString();
const STATUS = { resolve: "resolved", false_positive: "false_positive", ignore: "ignored", reopen: "open" };

export function changeAlert(id, action, me, body = {}) {
  const alert = find(ownOf(alerts, me, "alerts:write"), id);
  if (action === "assign") alert.assigned_to = named(members.find((one) => one.user_id === body.user_id)) ?? null;
  else if (action === "investigate") return investigate(alert);
  else {
    const before = { status: alert.status };
    const active = alert.status === "open" || alert.status === "investigating";
    if (active === (action === "reopen")) {
      throw new Problem(409, "invalid_transition", "Not possible in this state", active ? `the alert is still ${alert.status}` : `the alert is ${alert.status} already; reopen it first`);
    }
    alert.status = STATUS[action];
    alert.resolved_at = action === "resolve" ? now() : null;
    alert.resolved_by = action === "resolve" ? named(me) : null;
    Object.assign(alert, { status_changed_at: now(), status_changed_by: named(me) });
    record(me, "alert.changed", alert, before, { status: alert.status }, body.reason);
  }
  emit("alert.changed.v1", "alert", id, { status: alert.status });
  return alert;
}

export function investigate(alert) {
  if (alert.issue_id) throw new Problem(409, "issue_open", "It has an open issue", "This alert is already investigated.");
  const issue = {
    id: randomUUID(), title: alert.title, severity: alert.severity, node_id: alert.node_id, status: "analyzing", is_real_issue: null, ai_conclusion: null, cause: null, skill: null, assigned_to: null,
    alert_count: 1, created_at: now(), updated_at: now(), resolved_at: null, description: null, group_key: null, receivers: [], created_by: null, resolved_by: null, run_id: null, alerts: [alert],
  };
  issues.unshift(issue);
  alert.issue_id = issue.id;
  alert.status = "investigating";
  alert.issues.push({ id: issue.id, title: issue.title, status: issue.status, created_at: issue.created_at });
  emit("issue.opened.v1", "issue", issue.id);
  reprocess(issue, null);
  return issue;
}

export function changeIssue(id, me, change, reason) {
  const issue = find(ownOf(issues, me, "issues:write"), id);
  const before = { status: issue.status };
  Object.assign(issue, change, { updated_at: now() });
  record(me, "issue.changed", issue, before, { status: issue.status }, reason);
  emit("issue.changed.v1", "issue", id, { status: issue.status });
  return issue;
}

/** Overwrites what was said about a closed issue. */
export function eraseIssue(id, me) {
  const issue = find(ownOf(issues, me, "issues:erase"), id);
  if (["analyzing", "in_progress", "unable_to_resolve"].includes(issue.status)) throw new Problem(409, "still_open", "Still open", "Close the issue first.");
  Object.assign(issue, { title: "Erased", description: null, ai_conclusion: null, cause: null, erased_at: now(), updated_at: now() });
  for (const alert of issue.alerts) Object.assign(alert, { title: "Erased", description: null, labels: {}, annotations: {}, raw_payload: null });
  for (const run of runs.filter((one) => one.issue_id === id)) Object.assign(run, { steps: [], output: null, erased_at: now() });
  record(me, "issue.erased", issue, null, null);
  emit("issue.erased.v1", "issue", id);
  return issue;
}

export function bulk({ me, body }) {
  const results = body.ids.map((id) => {
    try {
      changeAlert(id, body.action, me, body);
      return { id, ok: true };
    } catch (problem) {
      return { id, ok: false, code: problem.code, detail: problem.message };
    }
  });
  return { results };
}
