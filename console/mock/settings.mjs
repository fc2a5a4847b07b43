import { ago } from "./ids.mjs";
import { Problem, find } from "./http.mjs";

const days = (key, title, help, more = {}) => ({
  key: `${key}.kept_days`, title, help, unit: "days", schema: { type: ["integer", "null"], minimum: 7, maximum: 3650 },
  default: null, value: null, is_set: false, changed_at: null, changed_by: null, ...more,
});

const settings = [
  days("alerts", "Alerts that are over", "Counted from the last time that their source spoke of them."),
  days("issues", "Closed issues", "Then they are removed with their runs. Open issues are never removed.", {
    value: 400, is_set: true, changed_at: ago(9_000), changed_by: "Ada Moreau",
  }),
  days("invitations", "Invitations that are over", "Counted from when they were answered.", {
    schema: { type: ["integer"], minimum: 1, maximum: 3650 }, default: 365, value: 365,
  }),
];

function set({ id, body: { value }, me }) {
  const setting = find(settings, id, "key");
  const { type, minimum, maximum } = setting.schema;
  const fits = value === null ? type.includes("null") : Number.isInteger(value) && value >= minimum && value <= maximum;
  const detail = `must be a whole number from ${minimum} to ${maximum}`;
  if (!fits) throw new Problem(422, "invalid_setting_value", "Invalid", detail, [{ pointer: "/value", detail }]);
  return Object.assign(setting, { value, is_set: true, changed_at: new Date().toISOString(), changed_by: me.name });
}

function reset({ id }) {
  const setting = find(settings, id, "key");
  Object.assign(setting, { value: setting.default, is_set: false });
}

export const settingRoutes = {
  "GET /settings": ["settings:read", () => ({ items: settings })],
  "PUT /settings/:id": ["settings:write", set],
  "DELETE /settings/:id": ["settings:write", reset],
};
