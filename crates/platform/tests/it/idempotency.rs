//! A POST that carries an Idempotency-Key happens once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Json, Router, extract::State, http::header, middleware, response::IntoResponse, routing::post};
use chrono::TimeDelta;
use platform::{
    App,
    http::{Answer, Body, Can, SignedIn, idempotency},
    record::Subject,
    secrets::Keyring,
};
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};
use uuid::Uuid;

async fn count(State(counter): State<Arc<AtomicUsize>>, Body(body): Body<Value>) -> axum::response::Response {
    let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
    if body["secret"] == true {
        return ([(header::CACHE_CONTROL, "no-store")], Json(json!({ "number": number }))).into_response();
    }
    Json(json!({ "number": number })).into_response()
}

/// Changes something, and then gives no answer: it fails, or never comes to its end.
async fn change(
    State(app): State<App>,
    caller: Can<SignedIn>,
    Body(body): Body<Value>,
) -> Answer<Json<Value>> {
    let mut tx = caller.tx(&app.db).await?;
    if body["changes"] == true {
        tx.emit("thing.changed.v1", Subject { kind: "thing", id: Uuid::nil() }, json!({})).await?;
    }
    tx.commit().await?;
    match body["then"].as_str() {
        Some("fails") => Err(kernel::Error::internal("a bug").into()),
        Some("hangs") => std::future::pending().await,
        _ => Ok(Json(json!({}))),
    }
}

fn app(db: &TestDb) -> App {
    let keyring = Arc::new(Keyring::new(&[Keyring::generate()]).unwrap());
    App { db: db.db.clone(), clock: db.db.shared_clock(), keyring, outbound: testkit::outbound() }
}

fn client(db: &TestDb, org: &TestOrg) -> TestClient {
    let router = Router::new()
        .route("/things", post(count))
        .route("/others", post(count))
        .with_state(Arc::new(AtomicUsize::new(0)))
        .route("/changes", post(change).with_state(app(db)))
        .layer(middleware::from_fn_with_state(app(db), idempotency));
    TestClient::new(router, Some(org.caller()))
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org).with_header("idempotency-key", "k1");
    assert_eq!(client.post("/things", json!({ "a": 1 })).await.expect(200)["number"], 1);
    let repeat = client.post("/things", json!({ "a": 1 })).await;
    assert_eq!(repeat.headers["idempotency-replayed"], "true");
    assert_eq!(repeat.expect(200)["number"], 1);
}

#[tokio::test]
async fn another_body_is_refused_and_another_operation_or_tenant_is_another_key() {
    let db = TestDb::new().await;
    let (acme, rival) = (db.org("acme").await, db.org("rival").await);
    let ours = client(&db, &acme).with_header("idempotency-key", "k1");
    ours.post("/things", json!({ "a": 1 })).await.expect(200);
    assert_eq!(ours.post("/things", json!({ "a": 2 })).await.problem(422), "idempotency_key_reused");
    assert_eq!(ours.post("/others", json!({ "a": 2 })).await.expect(200)["number"], 2);
    let theirs = client(&db, &rival).with_header("idempotency-key", "k1");
    assert_eq!(theirs.post("/things", json!({ "a": 9 })).await.expect(200)["number"], 1);
}

#[tokio::test]
async fn an_answer_that_shows_a_secret_is_not_kept() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org).with_header("idempotency-key", "k1");
    client.post("/things", json!({ "secret": true })).await.expect(200);
    assert_eq!(org.count("idempotency_keys").await, 0);
}

#[tokio::test]
async fn an_empty_or_endless_key_is_refused() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    for key in ["", &"k".repeat(256)] {
        let client = client(&db, &org).with_header("idempotency-key", key);
        assert_eq!(client.post("/things", json!({})).await.problem(422), "invalid_idempotency_key");
    }
}

#[tokio::test]
async fn what_changed_something_is_never_done_again_even_if_its_answer_is_lost() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let failing = json!({ "changes": true, "then": "fails" });
    let first = client(&db, &org).with_header("idempotency-key", "k1");
    first.post("/changes", failing.clone()).await.expect(500);
    assert_eq!(first.post("/changes", failing).await.problem(409), "idempotency_answer_lost");

    // As a server that is killed: it never comes to its answer.
    let hanging = json!({ "changes": true, "then": "hangs" });
    let second = client(&db, &org).with_header("idempotency-key", "k2");
    drop_after(&org, 2, second.post("/changes", hanging.clone())).await;
    assert_eq!(second.post("/changes", hanging.clone()).await.problem(409), "idempotency_in_progress");
    db.clock.advance(TimeDelta::seconds(61));
    assert_eq!(second.post("/changes", hanging).await.problem(409), "idempotency_answer_lost");
    assert_eq!(org.count("event_log").await, 2);
}

#[tokio::test]
async fn what_changed_nothing_may_be_tried_again() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org).with_header("idempotency-key", "k1");
    let failing = json!({ "changes": false, "then": "fails" });
    client.post("/changes", failing.clone()).await.expect(500);
    client.post("/changes", failing).await.expect(500);
    client.post("/changes", json!({ "changes": true })).await.expect(200);
    assert_eq!(org.count("event_log").await, 1);
}

/// Polls the request until the organization has so many events, and then drops it.
async fn drop_after(org: &TestOrg, events: i64, request: impl Future) {
    let mut request = std::pin::pin!(request);
    while org.count("event_log").await < events {
        assert!(futures::poll!(&mut request).is_pending());
    }
}
