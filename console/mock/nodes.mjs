/* Units and teams: what belongs to which, and who may do what where. */
import { Problem } from "./http.mjs";
import { idOf } from "./ids.mjs";

const root = { id: idOf("org2 root"), parent_id: null, kind: "org", slug: "acme", name: "Acme Payments" };
const platform = { id: idOf("unit"), parent_id: root.id, kind: "unit", slug: "platform-unit", name: "Platform engineering" };
/** The organization's tree. */
export const nodes = [
  root,
  platform,
  { id: idOf("team"), parent_id: platform.id, kind: "team", slug: "platform", name: "Platform" },
  { id: idOf("team2"), parent_id: platform.id, kind: "team", slug: "storage", name: "Storage" },
  { id: idOf("team3"), parent_id: root.id, kind: "team", slug: "payments", name: "Payments" },
];

export const nodeOf = (slug) => nodes.find((node) => node.slug === slug).id;

/** A node and all above it. */
function upwards(id) {
  const line = [];
  for (let node = nodes.find((one) => one.id === id); node; node = nodes.find((one) => one.id === node.parent_id)) line.push(node.id);
  return line;
}

export const isBelow = (id, above) => upwards(id).includes(above);

/** Where a permission is held: null is everywhere. */
const reach = (me, permission) => (me.permissions.includes(permission) ? null : me.nodes.filter((at) => at.permissions.includes(permission)).map((at) => at.id));

export const mayAnywhere = (me, permission) => reach(me, permission)?.length !== 0;

/** Whether something of this owner may be changed. */
function mayAt(me, permission, owner) {
  const held = reach(me, permission);
  return held === null || held.some((id) => owner && isBelow(owner, id));
}

/** What somebody sees of rows that work: those of their nodes and below. */
export const ownOf = (rows, me, permission) => rows.filter((row) => mayAt(me, permission, row.node_id));

/** What somebody sees of rows that serve work: those of above, too. */
export function servingOf(rows, me, permission) {
  const held = reach(me, permission);
  return rows.filter((row) => held === null || !row.node_id || held.some((id) => isBelow(row.node_id, id) || isBelow(id, row.node_id)));
}

/** Refuses a change of what belongs to a node above. */
export function checkOwner(me, permission, row, what) {
  if (mayAt(me, permission, row.node_id)) return row;
  throw new Problem(403, "forbidden", "Forbidden", `this ${what} belongs to a node above yours, or to the whole organization; you may use it, not change it`);
}

const refuse = (detail) => new Problem(422, "invalid_node", "Invalid node", detail, [{ pointer: "/node_id", detail }]);

/** The owner of what somebody makes or moves. */
export function ownerOf(me, permission, asked) {
  const held = reach(me, permission);
  if (asked === undefined && held?.length === 1) return held[0];
  if (asked) {
    if (nodes.some((node) => node.id === asked) && mayAt(me, permission, asked)) return asked;
    throw refuse("is no node of this organization in which you may do this");
  }
  if (held === null) return null;
  throw refuse(asked === null ? "null is for those who act in the whole organization; name one of your nodes" : "say which of your nodes it is for");
}
