/* Versions of secrets: numbers, times and people, no values. */
import { channels } from "./channels.mjs";
import { find, Problem } from "./http.mjs";
import { ago } from "./ids.mjs";
import { receivers } from "./knowledge.mjs";
import { configurations } from "./people.mjs";

const WEEK = 7 * 24 * 60;
const kept = new Map();

const version = (number, at, name, until = null) => ({
  version: number, is_current: until === null, set_at: at, set_by: null, set_by_name: name, until,
});

/** Each has been replaced once. */
function versionsOf(key) {
  if (!kept.has(key)) kept.set(key, [version(2, ago(2_900), "Ada Moreau"), version(1, ago(90_000), null, ago(2_900 - WEEK))]);
  return kept.get(key);
}

function restore(key, number, me) {
  const versions = versionsOf(key);
  const [current, ...earlier] = versions;
  if (!earlier.some((one) => one.version === number)) throw new Problem(404, "not_found", "Not found", "version not found");
  const left = earlier.filter((one) => one.version !== number);
  kept.set(key, [version(current.version + 1, ago(0), me.name), { ...current, is_current: false, until: ago(-WEEK) }, ...left]);
}

const forget = (key) => void kept.set(key, versionsOf(key).slice(0, 1));

const keyOf = ({ type, id }) => {
  find(configurations, id, "config_key");
  return `${type}/${id}`;
};
const credentialOf = ({ id, credential }) => `${id}/${credential}`;

function credentials({ id }) {
  const { im_type, transport } = find(receivers, id);
  const channel = channels.find((one) => one.im_type === im_type && one.transport === transport);
  const stored = channel.settings.filter((one) => one.credential);
  return { items: stored.map(({ name }) => ({ credential: name, versions: versionsOf(`${id}/${name}`) })), next_cursor: null };
}

export const secretRoutes = {
  "GET /configurations/:type/:id/versions": ["settings:read", (asked) => ({ items: versionsOf(keyOf(asked)), next_cursor: null })],
  "POST /configurations/:type/:id/restore": ["settings:write", (asked) => restore(keyOf(asked), asked.body.version, asked.me)],
  "POST /configurations/:type/:id/forget-earlier": ["settings:write", (asked) => forget(keyOf(asked))],
  "GET /receivers/:id/credentials": ["receivers:read", credentials],
  "POST /receivers/:id/credentials/:credential/restore": ["receivers:write", (asked) => restore(credentialOf(asked), asked.body.version, asked.me)],
  "POST /receivers/:id/credentials/:credential/forget-earlier": ["receivers:write", (asked) => forget(credentialOf(asked))],
};
