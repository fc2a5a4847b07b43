import { ago, idOf } from "./ids.mjs";
import { nodeOf, nodes } from "./nodes.mjs";

const READ = ["alerts:read", "issues:read", "skills:read", "tools:read", "receivers:read", "members:read"];
const MEMBER = [...READ, "alerts:write", "issues:write", "skills:write", "tools:write", "tools:run"];
const SUPERVISOR = [...MEMBER, "receivers:write", "audit:read", "jobs:read", "jobs:write", "tokens:read"];
export const PERMISSIONS = {
  viewer: READ,
  member: MEMBER,
  engineer: MEMBER,
  agent: MEMBER,
  supervisor: SUPERVISOR,
  admin: [...SUPERVISOR, "issues:erase", "members:write", "tokens:write", "settings:read", "settings:write", "ingest:write"],
};

export const organization = { id: idOf("org"), slug: "acme", name: "Acme Payments", status: "active", created_at: ago(60_000) };
export const organizations = [organization, { id: idOf("org2"), slug: "acme-labs", name: "Acme Labs" }];

function member(name, role, more = {}) {
  const email = `${name.split(" ")[0].toLowerCase()}@acme.test`;
  return {
    user_id: idOf(email), email, name, avatar_url: null, role, status: "active", user_status: "active", email_verified: true,
    auth_provider: "local", last_sign_in_at: ago(42), created_at: ago(50_000), nodes: [], ...more,
  };
}

/** What somebody is at a node. */
function at(slug, role, permissions = []) {
  const { id, name } = nodes.find((node) => node.slug === slug);
  return { node_id: id, name, role, permissions };
}

/** What somebody may do in the whole organization, and at nodes beside that. */
export function rightsOf({ role, nodes: held }) {
  const at = held.map(({ node_id, name, role: there, permissions }) => ({ id: node_id, name, permissions: [...new Set([...(PERMISSIONS[there] ?? []), ...permissions])] }));
  return { permissions: PERMISSIONS[role] ?? [], nodes: at };
}

export const members = [
  member("Ada Moreau", "admin"),
  member("Jonas Weber", "supervisor", { last_sign_in_at: ago(400) }),
  member("Priya Nair", "engineer", { auth_provider: "supabase", last_sign_in_at: ago(1_500) }),
  member("Vera Lindqvist", "viewer", { last_sign_in_at: ago(9_000) }),
  member("Sam Okafor", null, { nodes: [at("platform-unit", "engineer")] }),
  member("Maximiliana Featherstonehaugh-Cholmondeley", null, {
    email: "maximiliana.featherstonehaugh-cholmondeley.von.hohenstaufen@acme.test", last_sign_in_at: null,
    nodes: [{ node_id: idOf("unit"), name: "Platform engineering and site reliability", role: "supervisor", permissions: [] }],
  }),
  member("Tomás Rivera", "member", { status: "inactive", last_sign_in_at: null }),
];

/** Signs in with any of the members' addresses and this password. */
export const PASSWORD = "steward-steward";

export const named = (one) => one && { id: one.user_id, name: one.name };

export const tokens = [
  { id: idOf("t1"), name: "alertmanager-prod", role: "api", scopes: ["ingest"], owner: "organization", node: null, hint: "acme.…h7Qp", created_by: members[0].user_id, created_at: ago(20_000), expires_at: ago(-300_000), revoked_at: null, last_used_at: ago(2) },
  { id: idOf("t2"), name: "grafana-staging", role: "api", scopes: ["ingest"], owner: "organization", node: { id: nodeOf("platform"), name: "Platform" }, hint: "acme.platform.…Zk2d", created_by: members[0].user_id, created_at: ago(40_000), expires_at: ago(1_000), revoked_at: null, last_used_at: ago(4_000) },
  { id: idOf("t3"), name: "weekly-report", role: "viewer", scopes: ["api"], owner: "person", node: null, hint: "acme.…0nVe", created_by: members[1].user_id, created_at: ago(48_000), expires_at: null, revoked_at: ago(2_000), last_used_at: null },
];

/** Tokens that were made here, by their text. */
export const tokenOf = new Map();

export const configurations = ["datadog_api_key", "deploy_api_token", "pager_key"].map((config_key, index) => ({
  id: idOf(config_key), config_type: "general", config_key, updated_at: ago(3_000 + index * 700), updated_by: members[0].user_id,
}));
