import { randomUUID } from "node:crypto";
import { ago, idOf } from "./ids.mjs";
import { members } from "./people.mjs";

export const audit = [
  { actor: members[0], action: "skill.updated", subject_type: "skill", before: { version: 3, status: "inactive" }, after: { version: 4, status: "active" }, at: 12 },
  { actor: members[1], action: "issue.resolved", subject_type: "issue", before: { status: "in_progress" }, after: { status: "resolved" }, reason: "Rolled back to 2.14.0", at: 55 },
  { actor: members[0], action: "setting.set", subject_type: "setting", before: { key: "issues.kept_days", value: null }, after: { key: "issues.kept_days", value: 400 }, at: 120 },
  { actor: members[0], action: "token.created", subject_type: "token", before: null, after: { name: "alertmanager-prod", scopes: ["ingest"], role: "api" }, at: 190 },
  { actor: members[0], action: "member.role_changed", subject_type: "member", before: { role: "viewer" }, after: { role: "engineer" }, at: 1_600 },
  { actor: null, action: "receiver.failed", subject_type: "receiver", before: { health: "ok", consecutive_failures: 0 }, after: { health: "failing", consecutive_failures: 3 }, at: 1_900 },
].map(({ actor, at, reason = null, ...entry }, index) => ({
  id: idOf(`audit${index}`), actor_type: actor ? "user" : "system", actor_id: actor?.user_id ?? null, actor_name: actor?.name ?? null,
  subject_id: idOf(`subject${index}`), reason, ip: actor ? "10.4.2.17" : null, user_agent: actor ? "Mozilla/5.0 (X11; Linux x86_64)" : null, occurred_at: ago(at), ...entry,
}));

/** Writes down that somebody changed something, as the server does in the commit of the change. */
export function record(me, action, subject, before, after, reason = null) {
  audit.unshift({
    id: randomUUID(), actor_type: "user", actor_id: me.user_id, actor_name: me.name, action, subject_type: action.split(".")[0], subject_id: subject.id,
    before, after, reason, ip: "127.0.0.1", user_agent: null, occurred_at: new Date().toISOString(),
  });
}

/** What was done about one thing, without from where. */
export function recordOf(id) {
  return audit.filter((entry) => entry.subject_id === id).map(({ ip: _ip, user_agent: _agent, actor_id: _actor, subject_id: _subject, subject_type: _type, ...line }) => line);
}
