//! A walk over the API: every operation as nobody, as a stranger and as each role, and every one that names a row as the
//! admin of another organization.
//!
//! It reads `openapi.json`'s source, so a new operation is walked by itself, and fails here until [`NEEDS`] says who may
//! call it. What must hold: without a credential nothing but the public operations answers; a role gets 403 exactly where it
//! lacks the permission, before anything is looked up; an id of another organization is a 404, never a 403 that would
//! betray that it exists, and its row stays as it was.

use std::collections::BTreeMap;

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use server::router;
use tenancy::Role;
use testkit::TestClient;

use crate::product::{Member, TestProduct};

/// Operations that need no credential, and what they answer to an empty object.
const PUBLIC: &[(&str, u16)] =
    &[("sign_in", 422), ("sign_in_with_supabase", 422), ("list_sign_in_methods", 200)];

/// Which permission each operation needs. What needs none asks only for somebody who is signed in.
const NEEDS: &[(Option<&str>, &[&str])] = &[
    (None, &["get_me", "get_organization", "sign_out", "stream_events", "switch_organization"]),
    (Some("alerts:read"), &["count_alerts", "find_alert", "list_alert_history", "list_alerts"]),
    (
        Some("alerts:write"),
        &[
            "assign_alert",
            "change_alerts",
            "ignore_alert",
            "mark_alert_false_positive",
            "reopen_alert",
            "resolve_alert",
        ],
    ),
    (Some("audit:read"), &["list_audit_log"]),
    (Some("ingest:write"), &["receive_alertmanager", "receive_generic"]),
    (
        Some("issues:read"),
        &["find_issue", "get_overview", "get_run", "list_issue_history", "list_issue_runs", "list_issues"],
    ),
    (
        Some("issues:write"),
        &[
            "assign_issue",
            "create_issue",
            "investigate_alert",
            "mark_issue_false_positive",
            "reprocess_issue",
            "resolve_issue",
        ],
    ),
    (Some("jobs:read"), &["list_dead_jobs"]),
    (Some("jobs:write"), &["replay_dead_job"]),
    (Some("members:read"), &["list_members", "list_nodes"]),
    (Some("members:write"), &["add_member", "remove_member", "update_member"]),
    (Some("receivers:read"), &["get_receiver", "list_deliveries", "list_receivers"]),
    (
        Some("receivers:write"),
        &["create_receiver", "delete_receiver", "retry_delivery", "test_receiver", "update_receiver"],
    ),
    (Some("settings:read"), &["list_configurations"]),
    (
        Some("settings:write"),
        &["create_node", "delete_configuration", "set_configuration", "update_organization"],
    ),
    (
        Some("skills:read"),
        &["check_sop", "dry_run_skill", "get_skill", "list_bindings", "list_skills", "match_alert"],
    ),
    (
        Some("skills:write"),
        &[
            "create_binding",
            "create_skill",
            "delete_binding",
            "delete_skill",
            "update_binding",
            "update_skill",
        ],
    ),
    (Some("tokens:read"), &["list_tokens"]),
    (Some("tokens:write"), &["create_token", "revoke_token"]),
    (Some("tools:read"), &["get_tool", "list_tools"]),
    (Some("tools:run"), &["run_tool"]),
    (Some("tools:write"), &["create_tool", "delete_tool", "list_mcp_tools", "update_tool"]),
];

const ROLES: [&str; 7] = ["admin", "supervisor", "engineer", "agent", "member", "viewer", "api"];

struct Operation {
    method: Method,
    /// As in the document, with its parameters.
    path: String,
    id: String,
}

impl Operation {
    fn is_public(&self) -> bool {
        PUBLIC.iter().any(|(id, _)| *id == self.id)
    }

    fn names_a_row(&self) -> bool {
        self.path.contains('{')
    }

    /// The path with every parameter replaced by an id.
    fn path_of(&self, id: &str) -> String {
        let parts = self.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    fn needs(&self) -> Option<&'static str> {
        let of = NEEDS.iter().find(|(_, operations)| operations.contains(&self.id.as_str()));
        of.unwrap_or_else(|| panic!("{} is new: say in NEEDS who may call it", self.id)).0
    }
}

fn operations(product: &TestProduct) -> Vec<Operation> {
    let document = serde_json::to_value(router::openapi(&product.product)).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                id: operation["operationId"].as_str().unwrap().to_owned(),
            });
        }
    }
    let named = NEEDS.iter().map(|(_, operations)| operations.len()).sum::<usize>() + PUBLIC.len();
    assert_eq!(operations.len(), named, "the tables of this test name an operation that is gone");
    operations
}

/// Calls an operation with an empty object and an id that nobody has, and reads only the head of the answer: a stream
/// does not end.
async fn status(client: &TestClient, operation: &Operation) -> u16 {
    let path = operation.path_of(&uuid::Uuid::from_u128(7).to_string());
    let body = if operation.method == Method::GET { Body::empty() } else { Body::from("{}") };
    client.status(operation.method.clone(), &path, body).await.as_u16()
}

#[tokio::test]
async fn nobody_and_a_stranger_get_nothing_but_the_way_in() {
    let product = TestProduct::new().await;
    let nobody = product.anonymous();
    let stranger =
        product.anonymous().with_header("authorization", "Bearer acme.0000000000000000000000000000");
    for operation in operations(&product) {
        let expected = PUBLIC.iter().find(|(id, _)| *id == operation.id).map_or(401, |(_, status)| *status);
        assert_eq!(status(&nobody, &operation).await, expected, "nobody: {}", operation.id);
        if !operation.is_public() {
            assert_eq!(status(&stranger, &operation).await, 401, "a stranger: {}", operation.id);
        }
    }
}

#[tokio::test]
async fn each_role_may_do_what_its_permissions_say_and_nothing_else() {
    let product = TestProduct::new().await;
    // Streams begin when its reader has.
    tokio::spawn(product.product.live.clone().run());
    for name in ROLES {
        let member = product.member("acme", name).await;
        let role: Role = name.parse().unwrap();
        let mut allowed = 0;
        for operation in operations(&product).iter().filter(|operation| !operation.is_public()) {
            let may = operation.needs().is_none_or(|needed| role.permissions().contains(needed));
            let status = status(&member.client, operation).await;
            let as_expected = match (may, operation.names_a_row()) {
                (false, _) => status == 403,
                // Either there is no such row, or the empty object is refused first.
                (true, true) => matches!(status, 404 | 422) || works_without_a_row(operation, status),
                (true, false) => {
                    matches!(status, 200..=299 | 422) || operation.id == "sign_out" && status == 400
                }
            };
            assert!(as_expected, "{name}: {} answered {status}", operation.id);
            allowed += usize::from(may);
        }
        assert!(
            allowed > 10 && (allowed == operations(&product).len() - PUBLIC.len()) == (name == "admin"),
            "{name}"
        );
    }
}

/// A setting is named by its type and key, and deleting one that is not there is no error.
fn works_without_a_row(operation: &Operation, status: u16) -> bool {
    matches!(operation.id.as_str(), "set_configuration" | "delete_configuration") && status == 204
}

/// Rows of an organization, by the collection they are named in.
async fn rows(product: &TestProduct, owner: &Member) -> BTreeMap<&'static str, String> {
    let text = |value: &Value| value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}")).to_owned();
    let receiver = json!({
        "name": "Ops", "receiver_im": "ops", "im_type": "slack", "transport": "bot", "destination_id": "C1",
        "bot_token": "xoxb-1", "is_default": true
    });
    let receiver = owner.client.post("/api/v1/receivers", receiver).await.expect(201);
    let skill = owner.add_skill("Anything", "Look at it.").await;
    owner.add_tool("echo", "export default async (given) => given").await;
    let posted =
        owner.client.post("/hooks/generic", json!({ "title": "The disk is full" })).await.expect(202);
    product.settle().await;
    product.person("acme", "dana@acme.example", "a long enough password").await;
    let first = async |path: &str| {
        let page = owner.client.get(&format!("/api/v1/{path}")).await.expect(200);
        page["items"][0].clone()
    };
    let alert = text(&posted["alerts"][0]);
    let issue = owner.client.get(&format!("/api/v1/alerts/{alert}")).await.expect(200)["issues"][0].clone();
    let run = text(&first(&format!("issues/{}/runs", text(&issue))).await);
    let delivery = text(&first(&format!("receivers/{}/deliveries", text(&receiver))).await);
    let dead = uuid::Uuid::from_u128(8);
    let mut tx = product.db.db.system("a test buries a job").await.unwrap();
    let bury = "insert into dead_jobs (org_id, id, queue, kind, args, priority, attempt, max_attempts, errors,
            correlation_id, created_at, finished_at)
        select id, $1, 'default', 'x', '{}', 0, 1, 1, '[]', $1, now(), now() from organizations where slug = 'acme'";
    sqlx::query(bury).bind(dead).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    BTreeMap::from([
        ("alerts", alert),
        ("issues", text(&issue)),
        ("runs", run),
        ("skills", text(&skill)),
        ("bindings", text(&first("bindings").await)),
        ("tools", text(&first("tools").await)),
        ("receivers", text(&receiver)),
        ("deliveries", delivery),
        ("members", first("members").await["user_id"].as_str().unwrap().to_owned()),
        ("tokens", text(&first("tokens").await)),
        ("jobs", dead.to_string()),
    ])
}

/// A body that the operation takes, so that nothing but the row is left to refuse.
fn body(operation: &str) -> Value {
    match operation {
        "update_skill" => json!({ "name": "Mine", "problem_description": "Mine", "sop": "" }),
        "update_tool" => json!({
            "name": "mine", "type": "custom_code",
            "config": { "code": "export default async () => 1", "allowed_hosts": [] }
        }),
        "update_receiver" => json!({
            "name": "Mine", "receiver_im": "mine", "im_type": "slack", "transport": "bot", "destination_id": "C1",
            "bot_token": "xoxb-1"
        }),
        "update_binding" => json!({ "priority": 1 }),
        "update_member" => json!({ "role": "viewer" }),
        "run_tool" => json!({ "arguments": {} }),
        _ => json!({}),
    }
}

#[tokio::test]
async fn another_organizations_rows_do_not_exist_and_stay_as_they_are() {
    let product = TestProduct::new().await;
    let (acme, rival) = (product.member("acme", "admin").await, product.member("rival", "admin").await);
    let rows = rows(&product, &acme).await;
    let before = stored(&product).await;
    let mut walked = 0;
    for operation in operations(&product).iter().filter(|operation| operation.names_a_row()) {
        let collection = operation.path.trim_start_matches("/api/v1/").split('/').next().unwrap();
        // Named by type and key: each organization has its own.
        if collection == "configurations" {
            continue;
        }
        let path =
            operation.path_of(rows.get(collection).unwrap_or_else(|| panic!("no row in {collection}")));
        let body = if operation.method == Method::GET {
            Body::empty()
        } else {
            body(&operation.id).to_string().into()
        };
        let response = rival.client.send(operation.method.clone(), &path, body).await;
        assert_eq!(
            (response.status.as_u16(), response.body["code"].as_str()),
            (404, Some("not_found")),
            "{}: {}",
            operation.id,
            response.body
        );
        walked += 1;
    }
    assert!(walked > 25, "{walked}");
    assert_eq!(stored(&product).await, before, "nothing of acme's was touched");
    for list in ["alerts", "issues", "skills", "tools", "bindings", "receivers", "jobs/dead"] {
        let page = rival.client.get(&format!("/api/v1/{list}")).await.expect(200);
        assert_eq!(page["items"], json!([]), "{list}");
    }
}

/// All rows of acme that people can change, as text.
async fn stored(product: &TestProduct) -> Vec<String> {
    let mut tx = product.db.db.system("a test compares rows").await.unwrap();
    let mut all = Vec::new();
    for table in [
        "alerts",
        "issues",
        "runs",
        "run_steps",
        "skills",
        "alert_skill_bindings",
        "tools",
        "im_receivers",
        "deliveries",
        "memberships",
        "access_tokens",
        "dead_jobs",
        "jobs",
        "configurations",
    ] {
        let columns = if table == "access_tokens" { "to_jsonb(t) - 'last_used_at'" } else { "to_jsonb(t)" };
        let query = format!(
            "select ({columns})::text from {table} t join organizations o on o.id = t.org_id where o.slug = 'acme' order by 1"
        );
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(tx.conn()).await.unwrap();
        all.extend(rows);
    }
    assert!(all.len() > 10, "{}", all.len());
    all
}
