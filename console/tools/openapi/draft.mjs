// Describes the HTTP contract until the server's own openapi.json exists; `npm run generate` prefers that one.
const uuid = { type: "string", format: "uuid" };
const time = { type: "string", format: "date-time" };
const str = { type: "string" };
const int = { type: "integer" };
const num = { type: "number" };
const bool = { type: "boolean" };
const any = {};
const map = { type: "object", additionalProperties: str };
const counts = { type: "object", additionalProperties: int };
const list = (items) => ({ type: "array", items });
const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const one = (...values) => ({ type: "string", enum: values });

/** Keys that end in `?` are optional and nullable. */
function obj(shape) {
  const properties = {};
  const required = [];
  for (const [key, schema] of Object.entries(shape)) {
    if (!key.endsWith("?")) {
      properties[key] = schema;
      required.push(key);
    } else if (typeof schema.type === "string" && !schema.enum) {
      properties[key.slice(0, -1)] = { ...schema, type: [schema.type, "null"] };
    } else if (Object.keys(schema).length === 0) {
      properties[key.slice(0, -1)] = schema;
    } else {
      properties[key.slice(0, -1)] = { oneOf: [{ type: "null" }, schema] };
    }
  }
  return { type: "object", properties, required };
}
const all = (...parts) => ({ allOf: parts });
const page = (item) => obj({ items: list(item), "next_cursor?": str });

const role = one("admin", "supervisor", "engineer", "agent", "member", "viewer", "api");
const severity = one("critical", "high", "medium", "low");
const alertStatus = one("open", "investigating", "resolved", "false_positive", "ignored");
const issueStatus = one("analyzing", "in_progress", "resolved", "false_positive", "unable_to_resolve");

const schemas = {
  Role: role,
  Severity: severity,
  AlertStatus: alertStatus,
  IssueStatus: issueStatus,
  Problem: obj({ type: str, title: str, status: int, code: str, "detail?": str, "instance?": str, "retry_after?": int,
    "errors?": list(obj({ pointer: str, detail: str })) }),
  NamedRef: obj({ id: uuid, name: str }),
  OrganizationRef: obj({ id: uuid, slug: str, name: str }),
  Me: obj({ "user?": obj({ id: uuid, email: str, name: str, "avatar_url?": str }), "token?": ref("NamedRef"), organization: ref("OrganizationRef"),
    role: ref("Role"), permissions: list(str), "csrf_token?": str, organizations: list(ref("OrganizationRef")) }),
  AuthMethods: obj({ password: bool, supabase: bool }),
  SignIn: obj({ email: str, password: str, "organization?": str }),
  Member: obj({ user_id: uuid, email: str, name: str, "avatar_url?": str, role: ref("Role"), status: str, user_status: str, auth_provider: str,
    "last_sign_in_at?": time, created_at: time }),
  NewMember: obj({ email: str, "name?": str, role: ref("Role"), "password?": str }),
  Token: obj({ id: uuid, name: str, role: ref("Role"), scopes: list(one("api", "ingest")), "team?": ref("NamedRef"), hint: str, "created_by?": uuid,
    created_at: time, "expires_at?": time, "revoked_at?": time, "last_used_at?": time }),
  NewToken: obj({ name: str, "role?": ref("Role"), scopes: list(one("api", "ingest")), "team_id?": uuid, "expires_at?": time }),
  CreatedToken: all(ref("Token"), obj({ token: str })),
  OrgNode: obj({ id: uuid, "parent_id?": uuid, kind: str, slug: str, name: str }),
  Organization: obj({ id: uuid, slug: str, name: str, status: str, created_at: time }),
  Configuration: obj({ id: uuid, config_type: str, config_key: str, updated_at: time, "updated_by?": uuid }),
  AuditEntry: obj({ id: uuid, actor_type: str, "actor_id?": uuid, "actor_name?": str, action: str, subject_type: str, "subject_id?": str, "before?": any,
    "after?": any, "reason?": str, "ip?": str, "user_agent?": str, occurred_at: time }),
  AlertRow: obj({ id: uuid, source: str, "alert_type?": str, severity: ref("Severity"), title: str, status: ref("AlertStatus"), fingerprint: str, labels: map,
    "assigned_to?": ref("NamedRef"), occurrences: int, received_at: time, last_seen_at: time, "starts_at?": time, "ends_at?": time,
    "resolved_at?": time, "issue_id?": uuid }),
  AlertIssue: obj({ id: uuid, title: str, status: ref("IssueStatus"), created_at: time }),
  Alert: all(ref("AlertRow"), obj({ "description?": str, annotations: map, "generator_url?": str, raw_payload: any, "receiver_im?": str, "group_key?": str,
    "status_changed_by?": ref("NamedRef"), "status_changed_at?": time, "resolved_by?": ref("NamedRef"), issues: list(ref("AlertIssue")) })),
  FacetCount: obj({ value: str, count: int }),
  AlertFacets: obj({ status: counts, severity: counts, source: list(ref("FacetCount")) }),
  BulkRequest: obj({ ids: list(uuid), action: one("assign", "resolve", "false_positive", "ignore", "reopen", "investigate"), "user_id?": uuid, "reason?": str }),
  BulkResult: obj({ results: list(obj({ id: uuid, ok: bool, "code?": str, "detail?": str })) }),
  IssueRow: obj({ id: uuid, title: str, severity: ref("Severity"), status: ref("IssueStatus"), "is_real_issue?": bool, "ai_conclusion?": str, "cause?": str,
    "skill?": ref("NamedRef"), "assigned_to?": ref("NamedRef"), alert_count: int, created_at: time, updated_at: time, "resolved_at?": time }),
  Issue: all(ref("IssueRow"), obj({ "description?": str, "group_key?": str, receivers: list(any), "created_by?": ref("NamedRef"), "resolved_by?": ref("NamedRef"),
    "run_id?": uuid, alerts: list(ref("AlertRow")) })),
  Run: obj({ id: uuid, status: str, "mode?": one("rules", "model"), "model?": str, "skill?": ref("NamedRef"), "requested_by?": ref("NamedRef"), "error?": str,
    tokens_in: int, tokens_out: int, cost_usd: num, created_at: time, "started_at?": time, "finished_at?": time, "output?": any }),
  Step: obj({ id: uuid, seq: int, kind: str, content: str, metadata: any, "duration_ms?": int, created_at: time }),
  RunDetail: all(ref("Run"), obj({ steps: list(ref("Step")) })),
  SkillStep: obj({ line: int, label: str, "tool?": str }),
  SkillRow: obj({ id: uuid, name: str, problem_description: str, status: one("active", "inactive"), version: int, executable: bool, "embedding_model?": str,
    origin: str, updated_at: time, bindings: int }),
  Skill: all(ref("SkillRow"), obj({ sop: str, "created_by?": ref("NamedRef"), created_at: time, steps: list(ref("SkillStep")) })),
  NewSkill: obj({ name: str, problem_description: str, sop: str, "status?": one("active", "inactive") }),
  SkillCheck: obj({ ok: bool, errors: list(obj({ line: int, detail: str })), steps: list(ref("SkillStep")), rules: list(obj({ line: int, verdict: str })) }),
  MatchRequest: obj({ title: str, "alert_type?": str, "description?": str, "labels?": map }),
  SkillMatched: obj({ "matched?": obj({ skill_id: uuid, name: str, how: str }), threshold: num,
    candidates: list(obj({ skill_id: uuid, name: str, score: num, reason: str, how: str })) }),
  DryRunRequest: obj({ "pattern?": str, "skill_id?": uuid, "days?": int }),
  DryRun: obj({ checked: int, matched: list(obj({ alert_id: uuid, title: str, "alert_type?": str, received_at: time, how: str, "score?": num, "current?": ref("NamedRef") })) }),
  Binding: obj({ id: uuid, alert_pattern: str, skill: ref("NamedRef"), priority: int, created_at: time }),
  NewBinding: obj({ alert_pattern: str, skill_id: uuid, "priority?": int }),
  BindingPatch: obj({ "alert_pattern?": str, "skill_id?": uuid, "priority?": int }),
  Tool: obj({ id: uuid, name: str, description: str, type: str, config: any, input_schema: any, status: str, created_at: time, updated_at: time }),
  NewTool: obj({ name: str, "description?": str, type: str, config: any, "input_schema?": any, "status?": str }),
  ToolRun: obj({ ok: bool, "result?": any, "error?": str, duration_ms: int, logs: list(str) }),
  McpTools: obj({ tools: list(obj({ name: str, "description?": str, input_schema: any })) }),
  Receiver: obj({ id: uuid, name: str, receiver_im: str, im_type: one("slack", "lark"), transport: one("bot", "webhook"), "destination_id?": str, is_default: bool,
    status: str, has_credentials: bool, health: str, "last_delivered_at?": time, "last_failed_at?": time, "last_error?": str,
    consecutive_failures: int, created_at: time }),
  NewReceiver: obj({ name: str, receiver_im: str, im_type: one("slack", "lark"), transport: one("bot", "webhook"), "destination_id?": str, "is_default?": bool,
    "status?": str, "bot_token?": str, "webhook_url?": str, "signing_secret?": str, "app_id?": str, "app_secret?": str }),
  ReceiverTest: obj({ ok: bool, "error?": str }),
  Delivery: obj({ id: uuid, subject_type: str, subject_id: uuid, title: str, "state?": str, status: str, attempts: int, "error?": str, created_at: time, "delivered_at?": time }),
  DeadJob: obj({ id: uuid, kind: str, attempt: int, errors: any, created_at: time, "finished_at?": time, "replayed_at?": time }),
  Overview: obj({ open_alerts: counts, open_issues: counts, verdicts: counts, ingest: list(obj({ at: time, count: int })),
    verdict_series: list(obj({ at: time, real: int, false_positive: int, undetermined: int })), failing_receivers: list(ref("Receiver")),
    recent_issues: list(ref("IssueRow")), "median_seconds_to_conclusion?": num,
    model: obj({ configured: bool, "name?": str, embedding_model: str }), dead_jobs: int }),
};

const json = (schema) => ({ content: { "application/json": { schema } } });
const q = (name, schema = str) => ({ name, in: "query", required: false, schema });
const paging = [q("limit", int), q("cursor")];

function op(id, { body, ok = 200, out, query = [] } = {}, path = "") {
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: str }));
  return {
    operationId: id,
    parameters: [...params, ...query],
    ...(body ? { requestBody: { required: true, ...json(body) } } : {}),
    responses: {
      [ok]: { description: "Done", ...(out ? json(out) : {}) },
      default: { description: "Problem", content: { "application/problem+json": { schema: ref("Problem") } } },
    },
  };
}

const paths = {};
function route(method, path, id, spec) {
  (paths[path] ??= {})[method] = op(id, spec, path);
}
const V = "/api/v1";
route("post", `${V}/auth/sign-in`, "sign_in", { body: ref("SignIn"), out: ref("Me") });
route("post", `${V}/auth/supabase`, "sign_in_supabase", { body: obj({ access_token: str, "organization?": str }), out: ref("Me") });
route("post", `${V}/auth/sign-out`, "sign_out", { ok: 204 });
route("get", `${V}/auth/methods`, "auth_methods", { out: ref("AuthMethods") });
route("get", `${V}/me`, "me", { out: ref("Me") });
route("post", `${V}/me/organization`, "switch_organization", { body: obj({ organization: str }), out: ref("Me") });
route("get", `${V}/members`, "list_members", { out: page(ref("Member")), query: paging });
route("post", `${V}/members`, "create_member", { body: ref("NewMember"), ok: 201, out: ref("Member") });
route("patch", `${V}/members/{user_id}`, "update_member", { body: obj({ "role?": ref("Role"), "status?": str }), out: ref("Member") });
route("delete", `${V}/members/{user_id}`, "remove_member", { ok: 204 });
route("get", `${V}/tokens`, "list_tokens", { out: page(ref("Token")), query: paging });
route("post", `${V}/tokens`, "create_token", { body: ref("NewToken"), ok: 201, out: ref("CreatedToken") });
route("delete", `${V}/tokens/{id}`, "revoke_token", { ok: 204 });
route("get", `${V}/nodes`, "list_nodes", { out: page(ref("OrgNode")) });
route("get", `${V}/organization`, "find_organization", { out: ref("Organization") });
route("patch", `${V}/organization`, "update_organization", { body: obj({ name: str }), out: ref("Organization") });
route("get", `${V}/configurations`, "list_configurations", { out: page(ref("Configuration")), query: paging });
route("put", `${V}/configurations/{config_type}/{config_key}`, "set_configuration", { body: obj({ value: str }), ok: 204 });
route("delete", `${V}/configurations/{config_type}/{config_key}`, "delete_configuration", { ok: 204 });
route("get", `${V}/audit`, "list_audit", { out: page(ref("AuditEntry")), query: [q("actor"), q("action"), q("subject_type"), q("subject_id"), ...paging] });
route("get", `${V}/alerts`, "list_alerts", { out: page(ref("AlertRow")),
  query: ["status", "severity", "source", "assigned_to", "q", "issue_id", "since", "until"].map((n) => q(n)).concat(paging) });
route("get", `${V}/alerts/facets`, "alert_facets", { out: ref("AlertFacets") });
route("post", `${V}/alerts/bulk`, "bulk_alerts", { body: ref("BulkRequest"), out: ref("BulkResult") });
route("get", `${V}/alerts/{id}`, "find_alert", { out: ref("Alert") });
for (const [subject, Out, actions] of [["alerts", "Alert", ["resolve", "false-positive", "ignore", "reopen"]], ["issues", "Issue", ["resolve", "false-positive"]]]) {
  route("post", `${V}/${subject}/{id}/assign`, `assign_${subject}`, { body: obj({ "user_id?": uuid }), out: ref(Out) });
  for (const action of actions) {
    route("post", `${V}/${subject}/{id}/${action}`, `${action.replace("-", "_")}_${subject}`, { body: obj({ "reason?": str }), out: ref(Out) });
  }
}
route("post", `${V}/alerts/{id}/investigate`, "investigate_alert", { ok: 201, out: ref("Issue") });
route("get", `${V}/issues`, "list_issues", { out: page(ref("IssueRow")), query: ["status", "severity", "assigned_to", "is_real_issue", "q"].map((n) => q(n)).concat(paging) });
route("post", `${V}/issues`, "create_issue", { body: obj({ alert_ids: list(uuid), "title?": str }), ok: 201, out: ref("Issue") });
route("get", `${V}/issues/{id}`, "find_issue", { out: ref("Issue") });
route("post", `${V}/issues/{id}/reprocess`, "reprocess_issue", { out: ref("Issue") });
route("get", `${V}/issues/{id}/runs`, "list_issue_runs", { out: page(ref("Run")) });
route("get", `${V}/runs/{id}`, "find_run", { out: ref("RunDetail") });
route("get", `${V}/skills`, "list_skills", { out: page(ref("SkillRow")), query: [q("status"), q("q"), ...paging] });
route("post", `${V}/skills`, "create_skill", { body: ref("NewSkill"), ok: 201, out: ref("Skill") });
route("post", `${V}/skills/check`, "check_skill", { body: obj({ sop: str }), out: ref("SkillCheck") });
route("post", `${V}/skills/match`, "match_skill", { body: ref("MatchRequest"), out: ref("SkillMatched") });
route("post", `${V}/skills/dry-run`, "dry_run_skill", { body: ref("DryRunRequest"), out: ref("DryRun") });
route("get", `${V}/skills/{id}`, "find_skill", { out: ref("Skill") });
route("put", `${V}/skills/{id}`, "update_skill", { body: ref("NewSkill"), out: ref("Skill") });
route("delete", `${V}/skills/{id}`, "delete_skill", { ok: 204 });
route("get", `${V}/bindings`, "list_bindings", { out: page(ref("Binding")), query: paging });
route("post", `${V}/bindings`, "create_binding", { body: ref("NewBinding"), ok: 201, out: ref("Binding") });
route("patch", `${V}/bindings/{id}`, "update_binding", { body: ref("BindingPatch"), out: ref("Binding") });
route("delete", `${V}/bindings/{id}`, "delete_binding", { ok: 204 });
route("get", `${V}/tools`, "list_tools", { out: page(ref("Tool")), query: paging });
route("post", `${V}/tools`, "create_tool", { body: ref("NewTool"), ok: 201, out: ref("Tool") });
route("post", `${V}/tools/mcp/list`, "list_mcp_tools", { body: obj({ config: any }), out: ref("McpTools") });
route("get", `${V}/tools/{id}`, "find_tool", { out: ref("Tool") });
route("put", `${V}/tools/{id}`, "update_tool", { body: ref("NewTool"), out: ref("Tool") });
route("delete", `${V}/tools/{id}`, "delete_tool", { ok: 204 });
route("post", `${V}/tools/{id}/run`, "run_tool", { body: obj({ arguments: any }), out: ref("ToolRun") });
route("get", `${V}/receivers`, "list_receivers", { out: page(ref("Receiver")), query: paging });
route("post", `${V}/receivers`, "create_receiver", { body: ref("NewReceiver"), ok: 201, out: ref("Receiver") });
route("put", `${V}/receivers/{id}`, "update_receiver", { body: ref("NewReceiver"), out: ref("Receiver") });
route("delete", `${V}/receivers/{id}`, "delete_receiver", { ok: 204 });
route("post", `${V}/receivers/{id}/test`, "test_receiver", { out: ref("ReceiverTest") });
route("get", `${V}/receivers/{id}/deliveries`, "list_deliveries", { out: page(ref("Delivery")), query: paging });
route("post", `${V}/deliveries/{id}/retry`, "retry_delivery", { ok: 204 });
route("get", `${V}/jobs/dead`, "list_dead_jobs", { out: page(ref("DeadJob")), query: paging });
route("post", `${V}/jobs/dead/{id}/replay`, "replay_job", { ok: 204 });
route("get", `${V}/overview`, "overview", { out: ref("Overview"), query: [q("days", int)] });

export default { openapi: "3.1.0", info: { title: "Steward", version: "1" }, paths, components: { schemas } };
