import { createHash } from "node:crypto";
import { Problem } from "./http.mjs";

/* What the console may edit while somebody else does. */
const EDITED = /^\/(skills|tools|receivers)\/[^/]+$/;
/* What changes by itself and is nobody's edit. */
const BY_ITSELF = new Set(["health", "last_delivered_at", "last_failed_at", "last_error", "consecutive_failures", "bindings"]);

export const isEdited = (path) => EDITED.test(path) && path !== "/tools/mcp";

/** The entity tag of a row: another one as soon as somebody edits it. */
export function tagOf(row) {
  const text = JSON.stringify(row, (key, value) => (BY_ITSELF.has(key) ? undefined : value));
  return `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
}

/** Refuses a change that began from an older state (RFC 9110, 13.1.1). */
export function checkMatch(header, row) {
  if (header && header !== "*" && header !== tagOf(row)) {
    throw new Problem(412, "changed_meanwhile", "Changed in the meantime", "Somebody else saved a change since you read this.");
  }
}
