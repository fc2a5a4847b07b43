//! A walk over the API: every operation as nobody and as a stranger; every one that names a row as each role.
//!
//! It reads `openapi.json`, so a new operation is covered by itself. What must hold: without a credential nothing but the
//! public operations answers; a role without the permission gets 403 before anything is looked up; an id of another
//! organization is a 404 for everybody, never a 403 that would betray that it exists.

use std::collections::BTreeMap;

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use server::{compose, router};
use testkit::{Response, TestClient};

use crate::product::TestProduct;

/// Operations that need no credential, and what they answer without one.
const PUBLIC: &[(&str, u16)] =
    &[("sign_in", 401), ("sign_in_with_supabase", 401), ("list_sign_in_methods", 200)];

struct Operation {
    method: Method,
    /// With every parameter replaced by an id that nobody has.
    path: String,
    id: String,
    named: bool,
}

fn operations() -> Vec<Operation> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let document = runtime.block_on(async {
        serde_json::to_value(router::openapi(&compose::disconnected().unwrap())).unwrap()
    });
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let nobodys = uuid::Uuid::from_u128(7).to_string();
            let filled =
                path.split('/').map(|part| if part.starts_with('{') { nobodys.as_str() } else { part });
            operations.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: filled.collect::<Vec<_>>().join("/"),
                id: operation["operationId"].as_str().unwrap().to_owned(),
                named: path.contains('{'),
            });
        }
    }
    operations
}

async fn call(client: &TestClient, operation: &Operation) -> Response {
    // Streams do not end; their head is enough.
    let body = if operation.method == Method::GET { Body::empty() } else { Body::from("{}") };
    client.send(operation.method.clone(), &operation.path, body).await
}

fn on_runtime(test: impl AsyncFnOnce(Vec<Operation>)) {
    let operations = operations();
    assert!(operations.len() > 60, "{}", operations.len());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test(operations));
}

#[test]
fn nobody_gets_anything_but_the_way_in() {
    on_runtime(async |operations| {
        let product = TestProduct::new().await;
        let nobody = product.anonymous();
        for operation in operations.iter().filter(|operation| operation.id != "stream_events") {
            let status = call(&nobody, operation).await.status.as_u16();
            let public = PUBLIC.iter().find(|(id, _)| *id == operation.id);
            match public {
                Some((_, expected)) => assert!(
                    status == *expected || status == 422 || status == 404,
                    "{}: {status}",
                    operation.id
                ),
                None => assert_eq!(status, 401, "{} {}", operation.method, operation.path),
            }
        }
    });
}

#[test]
fn a_token_that_is_not_ours_opens_nothing() {
    on_runtime(async |operations| {
        let product = TestProduct::new().await;
        let stranger =
            product.anonymous().with_header("authorization", "Bearer acme.0000000000000000000000000000");
        for operation in
            operations.iter().filter(|operation| !PUBLIC.iter().any(|(id, _)| *id == operation.id))
        {
            if operation.id == "stream_events" {
                continue;
            }
            assert_eq!(call(&stranger, operation).await.status.as_u16(), 401, "{}", operation.id);
        }
    });
}

/// The answers of each role to operations that name an id nobody has: 403 before any look-up, else 404 or 422.
#[test]
fn a_role_without_the_permission_is_refused_before_anything_is_looked_up() {
    on_runtime(async |operations| {
        let product = TestProduct::new().await;
        let mut refused = BTreeMap::new();
        for role in ["admin", "supervisor", "engineer", "agent", "member", "viewer", "api"] {
            let member = product.member("acme", role).await;
            let mut count = 0;
            for operation in operations.iter().filter(|operation| operation.named) {
                let response = call(&member.client, operation).await;
                let status = response.status.as_u16();
                assert!(
                    matches!(status, 403 | 404 | 422) || (status == 200 && operation.id == "list_issue_runs"),
                    "{role} {}: {status} {}",
                    operation.id,
                    response.body
                );
                if status == 403 {
                    assert_eq!(response.body["code"], "forbidden", "{role} {}", operation.id);
                    count += 1;
                }
            }
            refused.insert(role, count);
        }
        assert_eq!(refused["admin"], 0);
        assert!(refused["viewer"] > refused["member"], "{refused:?}");
        assert!(refused["member"] > refused["supervisor"], "{refused:?}");
    });
}

#[tokio::test]
async fn another_organizations_rows_do_not_exist() {
    let product = TestProduct::new().await;
    let (acme, rival) = (product.member("acme", "admin").await, product.member("rival", "admin").await);
    let alert = json!({ "title": "The disk is full", "severity": "high" });
    let posted = acme.client.post("/hooks/generic?receiver_im=ops", alert).await.expect(202);
    let alert_id = posted["alerts"][0]["id"].as_str().unwrap().to_owned();
    product.settle().await;
    let skill = acme.add_skill("Anything", "Look at it.").await;
    let alert = acme.client.get(&format!("/api/v1/alerts/{alert_id}")).await.expect(200);
    let issue_id = alert["issue_id"].as_str().unwrap();
    let runs = acme.client.get(&format!("/api/v1/issues/{issue_id}/runs")).await.expect(200);
    let run_id = runs["items"][0]["id"].as_str().unwrap();
    for path in [
        format!("/api/v1/alerts/{alert_id}"),
        format!("/api/v1/issues/{issue_id}"),
        format!("/api/v1/runs/{run_id}"),
        format!("/api/v1/skills/{}", skill["id"].as_str().unwrap()),
    ] {
        acme.client.get(&path).await.expect(200);
        assert_eq!(rival.client.get(&path).await.problem(404), "not_found", "{path}");
    }
    let runs = rival.client.get(&format!("/api/v1/issues/{issue_id}/runs")).await;
    assert!(runs.status == 404 || runs.body["items"] == Value::Array(vec![]), "{}", runs.body);
    assert_eq!(rival.client.get("/api/v1/alerts").await.expect(200)["items"], json!([]));
}
