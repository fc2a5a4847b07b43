import { ago } from "./ids.mjs";
import { Problem, find } from "./http.mjs";

const days = (key, title, help, more = {}) => ({
  key, title, help, unit: "days", schema: { type: ["integer", "null"], minimum: 7, maximum: 3650 },
  default: null, value: null, is_set: false, changed_at: null, changed_by: null, etag: '"0"', ...more,
});

const always = (standard, minimum = 1) => ({ schema: { type: ["integer"], minimum, maximum: 3650 }, default: standard, value: standard });

const settings = [
  days("alerts.events_kept_days", "Events of alerts", "That alerts came, changed and were resolved: most of all events, and of the least interest later. Alerts themselves stay."),
  days("alerts.kept_days", "Alerts that are over", "Counted from the last time that their source spoke of them or a person changed them. An alert is kept at least as long as an issue that it belongs to."),
  days("audit.kept_days", "Audit log", "Who did what, and why they did it. Older lines are removed. None is kept longer than the server's operator says.", {
    value: 730, is_set: true, changed_at: ago(90_000), changed_by: "Jonas Weber", etag: '"a1"',
  }),
  days("events.kept_days", "Events", "What happened, as it is shown with what it happened to and as it went to streams. Older events are removed."),
  days("invitations.kept_days", "Invitations that are over", "Counted from when they were answered, taken back or ran out. The audit log tells of them independently of this.", always(365)),
  days("issues.kept_days", "Closed issues", "Counted from the last change of a closed issue. Then it is removed with its runs, their steps, and the messages about it. Open issues are never removed.", {
    value: 400, is_set: true, changed_at: ago(9_000), changed_by: "Ada Moreau", etag: '"b1"',
  }),
  days("jobs.dead_kept_days", "Dead letters", "Work that was given up and may be replayed. Older ones are removed, with what they were to work on.", always(90)),
  days("messages.kept_days", "Messages to receivers", "Counted from the last time that a receiver was told of something. Messages stay on their platforms."),
  days("secrets.earlier_kept_days", "Earlier versions of secrets", "A credential that is replaced can be put back for this long, while what uses it moves on. With 0 none is kept. At most the last five of each are.", {
    schema: { type: ["integer"], minimum: 0, maximum: 90 }, default: 7, value: 7,
  }),
  days("tokens.kept_days", "Access tokens that are over", "Counted from when they were revoked or ran out. The audit log tells of them independently of this.", always(365)),
  days("usage.kept_days", "Usage of language models", "Tokens and cost of each call. Each run keeps its sum.", { schema: { type: ["integer", "null"], minimum: 31, maximum: 3650 } }),
];

function accept(setting, value) {
  const { type, minimum, maximum } = setting.schema;
  const fits = value === null ? type.includes("null") : Number.isInteger(value) && value >= minimum && value <= maximum;
  const detail = `must be a whole number from ${minimum} to ${maximum}${type.includes("null") ? ", or null" : ""}`;
  if (!fits) throw new Problem(422, "invalid_setting_value", "Invalid", detail, [{ pointer: "/value", detail }]);
}

function touch(id, headers, me, change) {
  const setting = find(settings, id, "key");
  const known = headers["if-match"];
  if (known && known !== setting.etag) throw new Problem(412, "changed_meanwhile", "Changed in the meantime", "Somebody else saved it since you loaded it.");
  const at = new Date();
  return Object.assign(setting, { ...change(setting), changed_at: at.toISOString(), changed_by: me.name, etag: `"${at.getTime().toString(16)}"` });
}

function set({ id, body: { value }, me, headers }) {
  accept(find(settings, id, "key"), value);
  return touch(id, headers, me, () => ({ value, is_set: true }));
}

const reset = ({ id, me, headers }) => void touch(id, headers, me, (setting) => ({ value: setting.default, is_set: false }));

function preview({ id, query }) {
  const value = query.value === undefined ? null : Number(query.value);
  accept(find(settings, id, "key"), value);
  if (value === null || value > 500) return { over: { count: 0, oldest: null } };
  return { over: { count: Math.min(10_000, 500_000 / value ** 2 | 0), oldest: ago(500 * 24 * 60) } };
}

export const settingRoutes = {
  "GET /settings": ["settings:read", () => ({ items: settings, next_cursor: null })],
  "GET /settings/:id/preview": ["settings:write", preview],
  "PUT /settings/:id": ["settings:write", set],
  "DELETE /settings/:id": ["settings:write", reset],
};
