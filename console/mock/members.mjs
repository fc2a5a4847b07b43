/* What an admin does with members. */
import { find, page, Problem } from "./http.mjs";
import { emit } from "./live.mjs";
import { nodes } from "./nodes.mjs";
import { members } from "./people.mjs";
import { endSessions } from "./session.mjs";

const memberOf = (id) => find(members, id, "user_id");
const tell = (kind, member) => (emit(`member.${kind}.v1`, "member", member.user_id), member);

function keepAnAdmin(leaving) {
  const admins = members.filter((one) => one.role === "admin" && one.status === "active");
  if (admins.length === 1 && admins[0] === leaving) {
    throw new Problem(409, "last_admin", "The last admin", "this is the last active admin of the organization; make somebody else an admin first");
  }
}

function update({ id, body }) {
  const member = memberOf(id);
  const next = { role: member.role, status: member.status, ...body };
  if (next.role !== "admin" || next.status !== "active") keepAnAdmin(member);
  if (next.status === "inactive") endSessions(member, () => true);
  return tell("updated", Object.assign(member, next));
}

function remove({ id }) {
  const member = memberOf(id);
  keepAnAdmin(member);
  endSessions(member, () => true);
  members.splice(members.indexOf(member), 1);
  tell("removed", member);
}

function setNode({ id, node, body: { role = null, permissions = [] } }) {
  const member = memberOf(id);
  const { id: node_id, name } = find(nodes, node);
  const detail = "give a role, or permissions, or both";
  if (!role && permissions.length === 0) throw new Problem(422, "invalid_permissions", "Invalid permissions", detail, [{ pointer: "/role", detail }]);
  const others = member.nodes.filter((one) => one.node_id !== node);
  member.nodes = [...others, { node_id, name, role, permissions }].toSorted((one, two) => one.name.localeCompare(two.name));
  return tell("node_set", member);
}

function removeNode({ id, node }) {
  const member = memberOf(id);
  find(member.nodes, node, "node_id");
  member.nodes = member.nodes.filter((one) => one.node_id !== node);
  return tell("node_removed", member);
}

export const memberRoutes = {
  "GET /members": ["members:read", ({ query }) => page(members.toSorted((one, two) => one.email.localeCompare(two.email)), query)],
  "PATCH /members/:id": ["members:write", update],
  "DELETE /members/:id": ["members:write", remove],
  "PUT /members/:id/nodes/:node": ["members:write", setNode],
  "DELETE /members/:id/nodes/:node": ["members:write", removeNode],
};
