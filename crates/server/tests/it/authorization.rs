//! A walk over the API: every operation as nobody, as a stranger and as each role, and every one that names a row as the
//! admin of another organization.
//!
//! It reads the document, into which each handler's signature writes what it asks for (`platform::http::Needs`), so a new
//! operation is walked by itself. What must hold: without a credential nothing but the public operations answers; a role gets
//! 403 exactly where it lacks the permission, before anything is looked up; a role at a node may do the same there, except
//! what is for the whole organization; an id of another organization, or of a node elsewhere, is a 404, never a 403 that would
//! betray that it exists, and its row stays as it was.

use std::collections::{BTreeMap, BTreeSet};

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use server::http::router;
use testkit::TestClient;

use crate::product::{Member, TestProduct};

/// Operations that need no credential, and what they answer to an empty object.
const PUBLIC: &[(&str, u16)] = &[
    ("accept_invitation", 422),
    ("decline_invitation", 422),
    ("get_invitation", 422),
    ("list_sign_in_methods", 200),
    ("list_supabase_invitations", 422),
    ("request_password_reset", 422),
    ("set_password", 422),
    ("sign_in", 422),
    ("sign_in_with_supabase", 422),
];

/// What a person does with their own account; a token has none.
const OWN: &[&str] = &[
    "accept_my_invitation",
    "change_password",
    "decline_my_invitation",
    "end_other_sessions",
    "end_session",
    "list_my_invitations",
    "list_sessions",
    "request_address_proof",
    "sign_out",
    "switch_organization",
    "update_me",
];

/// What everybody who is signed in may read, programs too. Whoever adds to it says why no permission is needed.
const SIGNED_IN: &[&str] = &[
    // Who one is, and where.
    "get_me",
    "get_organization",
    // Each event needs the permission of its kind.
    "stream_events",
];

const ROLES: [&str; 7] = ["admin", "supervisor", "engineer", "agent", "member", "viewer", "api"];

struct Operation {
    method: Method,
    /// As in the document, with its parameters.
    path: String,
    id: String,
    permission: Option<String>,
    /// Whether the permission may be held at a node.
    at_nodes: bool,
    needs_no_credential: bool,
}

impl Operation {
    fn is_public(&self) -> bool {
        self.needs_no_credential
    }

    fn names_a_row(&self) -> bool {
        self.path.contains('{')
    }

    /// The path with every parameter replaced by an id.
    fn path_of(&self, id: &str) -> String {
        let parts = self.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    }
}

/// Every operation; each needs a permission, or is one of [`PUBLIC`], [`OWN`] or [`SIGNED_IN`].
fn operations(product: &TestProduct) -> Vec<Operation> {
    let document = serde_json::to_value(router::openapi(&product.product)).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                id: operation["operationId"].as_str().unwrap().to_owned(),
                permission: operation["x-permission"]["name"].as_str().map(ToOwned::to_owned),
                at_nodes: operation["x-permission"]["at_nodes"] == true,
                needs_no_credential: operation["security"] == json!([{}]),
            });
        }
    }
    let public =
        operations.iter().filter(|operation| operation.is_public()).map(|operation| operation.id.as_str());
    assert_eq!(public.collect::<BTreeSet<_>>(), PUBLIC.iter().map(|(id, _)| *id).collect());
    let unasked =
        operations.iter().filter(|operation| !operation.is_public() && operation.permission.is_none());
    let unasked: BTreeSet<_> = unasked.map(|operation| operation.id.as_str()).collect();
    assert_eq!(unasked, OWN.iter().chain(SIGNED_IN).copied().collect(), "asked for no permission");
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
    product.node("acme", "unit", "sre", None).await;
    let access = tenancy::Access::of(&product.product.permissions);
    for (name, node) in ROLES.into_iter().flat_map(|name| [(name, None), (name, Some("sre"))]) {
        let member = match node {
            None => product.member("acme", name).await,
            Some(node) => product.member_at("acme", name, node).await,
        };
        let held = access.of_role(name.parse().unwrap());
        let mut allowed = 0;
        for operation in operations(&product).iter().filter(|operation| !operation.is_public()) {
            let may = match operation.permission.as_deref() {
                Some(needed) => held.contains(needed) && (node.is_none() || operation.at_nodes),
                None => true,
            };
            let status = status(&member.client, operation).await;
            let as_expected = match (may, operation.names_a_row()) {
                (false, _) => status == 403,
                _ if OWN.contains(&operation.id.as_str()) => {
                    matches!(status, 404 | 409 | 422) || operation.id == "sign_out" && status == 204
                }
                // Either there is no such row, or the empty object is refused first.
                (true, true) => matches!(status, 404 | 422) || works_without_a_row(operation, status),
                (true, false) => matches!(status, 200..=299 | 422),
            };
            assert!(as_expected, "{name} {node:?}: {} answered {status}", operation.id);
            allowed += usize::from(may);
        }
        let everything = operations(&product).len() - PUBLIC.len();
        assert!(
            allowed > 10 && (allowed == everything) == (name == "admin" && node.is_none()),
            "{name} {node:?}"
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
    let admin = product.member("acme", "admin").await;
    let invited = json!({ "email": "al@acme.example", "role": "viewer" });
    let invitation = admin.client.post("/api/v1/invitations", invited).await.expect(201);
    let first = async |path: &str| {
        let page = admin.client.get(&format!("/api/v1/{path}")).await.expect(200);
        page["items"][0].clone()
    };
    let alert = text(&posted["alerts"][0]);
    let issue = owner.client.get(&format!("/api/v1/alerts/{alert}")).await.expect(200)["issues"][0].clone();
    let run = text(&first(&format!("issues/{}/runs", text(&issue))).await);
    let delivery = text(&first(&format!("receivers/{}/deliveries", text(&receiver))).await);
    let dead = uuid::Uuid::from_u128(8);
    let mut tx = product.db.db.system("a test buries a job").await.unwrap();
    let bury = "insert into dead_letters (org_id, id, source, event_type, payload, error, created_at, context)
        select id, $1, 'job', 'x', '{}', '', now(), jsonb_build_object('queue', 'default', 'priority', 0, 'lane', null, 'max_attempts', 1,
            'correlation_id', $1, 'created_at', now())
        from organizations where slug = 'acme'";
    sqlx::query(bury).bind(dead).execute(tx.conn()).await.unwrap();
    let waits = uuid::Uuid::from_u128(9);
    let wait = "insert into jobs (id, org_id, queue, kind, args, state, rank, run_at, max_attempts, correlation_id, created_at)
        select $1, id, 'default', 'x', '{}', 'scheduled', '2100-01-01', '2100-01-01', 1, $1, now() from organizations where slug = 'acme'";
    sqlx::query(wait).bind(waits).execute(tx.conn()).await.unwrap();
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
        ("dead-letters", dead.to_string()),
        ("jobs", waits.to_string()),
        ("invitations", text(&invitation)),
        ("nodes", first("nodes").await["id"].as_str().unwrap().to_owned()),
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
        "update_member" | "set_member_node" => json!({ "role": "viewer" }),
        "restore_receiver_credential" => json!({ "version": 1 }),
        "run_tool" => json!({ "arguments": {} }),
        _ => json!({}),
    }
}

/// Calls every operation that names a row with these rows; answers each with its code, if it was refused.
async fn walk(
    product: &TestProduct,
    caller: &TestClient,
    rows: &BTreeMap<&'static str, String>,
) -> Vec<(Operation, u16, Option<String>)> {
    let mut answers = Vec::new();
    for operation in operations(product).into_iter().filter(Operation::names_a_row) {
        let collection = operation.path.trim_start_matches("/api/v1/").split('/').next().unwrap();
        // Named by type and key: each organization has its own. Sessions and invitations of one's own: `account` tests those.
        if matches!(collection, "configurations" | "settings" | "me") {
            continue;
        }
        let row = rows.get(collection).unwrap_or_else(|| panic!("no row in {collection}"));
        let path = operation.path.replace("{node_id}", &rows["nodes"]);
        let parts = path.split('/').map(|part| if part.starts_with('{') { row } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let body = if operation.method == Method::GET {
            Body::empty()
        } else {
            body(&operation.id).to_string().into()
        };
        let response = caller.send(operation.method.clone(), &path, body).await;
        let code = response.body["code"].as_str().map(str::to_owned);
        answers.push((operation, response.status.as_u16(), code));
    }
    assert!(answers.len() > 25, "{}", answers.len());
    answers
}

#[tokio::test]
async fn another_organizations_rows_do_not_exist_and_stay_as_they_are() {
    let product = TestProduct::new().await;
    let (acme, rival) = (product.member("acme", "admin").await, product.member("rival", "admin").await);
    let rows = rows(&product, &acme).await;
    let before = stored(&product).await;
    for (operation, status, code) in walk(&product, &rival.client, &rows).await {
        assert_eq!((status, code.as_deref()), (404, Some("not_found")), "{}", operation.id);
    }
    assert_eq!(stored(&product).await, before, "nothing of acme's was touched");
    for list in LISTS {
        let page = rival.client.get(&format!("/api/v1/{list}")).await.expect(200);
        assert_eq!(page["items"], json!([]), "{list}");
    }
}

const LISTS: [&str; 7] = ["alerts", "issues", "skills", "tools", "bindings", "receivers", "dead-letters"];

/// What is owned by a node, and of that what those below may use.
const OWNED: [&str; 8] =
    ["alerts", "issues", "runs", "skills", "bindings", "tools", "receivers", "deliveries"];
const USABLE_BELOW: [&str; 4] = ["skills", "bindings", "tools", "receivers"];

#[tokio::test]
async fn a_node_s_rows_are_for_those_who_act_there_and_above() {
    let product = TestProduct::new().await;
    let sre = product.node("acme", "unit", "sre", None).await;
    product.node("acme", "team", "storage", Some(&sre)).await;
    product.node("acme", "team", "web", None).await;
    let owner = product.member_at("acme", "admin", "sre").await;
    let (beside, below) = (
        product.member_at("acme", "admin", "web").await,
        product.member_at("acme", "admin", "storage").await,
    );
    let rows = rows(&product, &owner).await;
    let owned = |operation: &Operation| {
        let collection = operation.path.trim_start_matches("/api/v1/").split('/').next().unwrap();
        OWNED.contains(&collection).then(|| collection.to_owned())
    };
    let before = stored(&product).await;

    for (operation, status, code) in walk(&product, &beside.client, &rows).await {
        if owned(&operation).is_some() {
            assert_eq!((status, code.as_deref()), (404, Some("not_found")), "beside: {}", operation.id);
        }
    }
    assert_eq!(stored(&product).await, before, "nothing of sre's was touched from beside");

    for (operation, status, _) in walk(&product, &below.client, &rows).await {
        let Some(collection) = owned(&operation) else { continue };
        let expected = match (USABLE_BELOW.contains(&collection.as_str()), &operation.method) {
            (false, _) => 404,
            (true, &Method::GET) => 200,
            (true, _) if operation.id == "run_tool" => 200,
            (true, _) => 403,
        };
        assert_eq!(status, expected, "below: {}", operation.id);
    }
    assert_eq!(stored(&product).await, before, "nothing of sre's was touched from below");

    for list in ["alerts", "issues", "skills", "tools", "bindings", "receivers"] {
        let count = async |member: &Member| {
            let page = member.client.get(&format!("/api/v1/{list}")).await.expect(200);
            page["items"].as_array().unwrap().len()
        };
        let whole = product.member("acme", "admin").await;
        let counts = (count(&whole).await, count(&owner).await, count(&below).await, count(&beside).await);
        let usable = usize::from(USABLE_BELOW.contains(&list));
        assert_eq!(counts, (1, 1, usable, 0), "{list}");
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
        "dead_letters",
        "jobs",
        "configurations",
        "earlier_secrets",
        "node_configurations",
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
