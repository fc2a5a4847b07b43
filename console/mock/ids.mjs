import { createHash } from "node:crypto";

/** The same name always gets the same id, so that addresses survive a restart of the mock. */
export function idOf(name) {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const MINUTE = 60_000;

/** A time so many minutes before now. */
export const ago = (minutes) => new Date(Date.now() - minutes * MINUTE).toISOString();

/** A small generator with a fixed seed (mulberry32): believable spread, equal on every start. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
