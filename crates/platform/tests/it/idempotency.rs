//! A POST that carries an Idempotency-Key happens once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Json, Router, extract::State, http::header, middleware, response::IntoResponse, routing::post};
use platform::{
    App,
    http::{Body, idempotency},
    secrets::Keyring,
};
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};

async fn count(State(counter): State<Arc<AtomicUsize>>, Body(body): Body<Value>) -> axum::response::Response {
    let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
    if body["secret"] == true {
        return ([(header::CACHE_CONTROL, "no-store")], Json(json!({ "number": number }))).into_response();
    }
    Json(json!({ "number": number })).into_response()
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
