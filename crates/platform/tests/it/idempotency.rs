//! A POST that carries an Idempotency-Key happens once.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Json, Router, extract::State, http::header, middleware, response::IntoResponse, routing::post};
use chrono::TimeDelta;
use platform::{
    App,
    db::Actor,
    http::{Answer, Body, Caller, Can, JobsWrite, Problem, SignedIn, idempotency},
    secrets::Keyring,
};
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};
use uuid::Uuid;

use crate::things::First;

async fn count(State(counter): State<Arc<AtomicUsize>>, Body(body): Body<Value>) -> axum::response::Response {
    let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
    if let Some(status) = body["refuse"].as_u64() {
        return Problem(match status {
            403 => kernel::Error::forbidden("forbidden", "no"),
            _ => kernel::Error::invalid("invalid_body", "no"),
        })
        .into_response();
    }
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
        tx.emit::<First>((Uuid::nil(), None), &First {}).await?;
    }
    tx.commit().await?;
    match body["then"].as_str() {
        Some("fails") => Err(kernel::Error::internal("a bug").into()),
        Some("hangs") => std::future::pending().await,
        _ => Ok(Json(json!({}))),
    }
}

fn app(db: &TestDb) -> App {
    // One for all requests of a test: bodies are compared by a hash that is made with it.
    static KEYRING: LazyLock<Arc<Keyring>> =
        LazyLock::new(|| Arc::new(Keyring::new(&[Keyring::generate()]).unwrap()));
    let keyring = KEYRING.clone();
    App { db: db.db.clone(), clock: db.db.shared_clock(), keyring, outbound: testkit::outbound() }
}

/// For those who may replay jobs.
async fn guarded(
    _: Can<JobsWrite>,
    counter: State<Arc<AtomicUsize>>,
    body: Body<Value>,
) -> axum::response::Response {
    count(counter, body).await
}

fn client(db: &TestDb, org: &TestOrg) -> TestClient {
    client_of(db, org.caller())
}

fn client_of(db: &TestDb, caller: Caller) -> TestClient {
    let router = Router::new()
        .route("/things", post(count))
        .route("/others", post(count))
        .route("/guarded", post(guarded))
        .with_state(Arc::new(AtomicUsize::new(0)))
        .route("/changes", post(change).with_state(app(db)))
        .layer(middleware::from_fn_with_state(app(db), idempotency));
    TestClient::new(router, Some(caller))
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
async fn another_person_or_another_query_is_another_key() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (jo, al) =
        (org.member("jo@acme.example", "member").await, org.member("al@acme.example", "member").await);
    let number = async |user, path: &str| {
        let caller = Caller { actor: Actor::User { id: user, name: "x".into() }, ..org.caller() };
        let client = client_of(&db, caller).with_header("idempotency-key", "k1");
        client.post(path, json!({})).await.expect(200)["number"].clone()
    };
    // Each client counts by itself: what matters is whether the handler was asked at all.
    assert_eq!((number(jo, "/things").await, number(al, "/things").await), (json!(1), json!(1)));
    assert_eq!(org.count("idempotency_keys").await, 2);
    number(jo, "/things?dry_run=true").await;
    assert_eq!(org.count("idempotency_keys").await, 3);
    number(jo, "/things").await;
    assert_eq!(org.count("idempotency_keys").await, 3);
}

#[tokio::test]
async fn an_operation_of_any_length_is_told_from_others() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org).with_header("idempotency-key", "k1");
    // No two parts are alike: an index packs what repeats.
    let long: String = (0..250).map(|_| Uuid::new_v4().simple().to_string()).collect();
    let number = async |path: String| client.post(&path, json!({})).await.expect(200)["number"].clone();
    assert_eq!(number(format!("/things?q={long}")).await, 1);
    assert_eq!(number(format!("/things?q={long}")).await, 1, "it is the same");
    assert_eq!(number(format!("/things?q={long}x")).await, 2);
}

#[tokio::test]
async fn an_answer_is_given_again_only_to_who_may_still_ask_for_it() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let send = async |permissions: &[&'static str]| {
        let client = client_of(&db, org.caller_with(permissions)).with_header("idempotency-key", "k1");
        client.post("/guarded", json!({})).await
    };
    assert_eq!(send(&[]).await.problem(403), "forbidden");
    send(&["jobs:write"]).await.expect(200);
    assert_eq!(send(&["jobs:read"]).await.problem(403), "forbidden");
    assert_eq!(send(&["jobs:write"]).await.headers["idempotency-replayed"], "true");
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org).with_header("idempotency-key", "k1");
    for status in [403, 422, 403] {
        let refused = client.post("/things", json!({ "refuse": status })).await;
        assert_eq!((refused.status.as_u16(), refused.headers.get("idempotency-replayed")), (status, None));
    }
    client.post("/things", json!({ "mended": true })).await.expect(200);
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
    db.clock.advance(TimeDelta::seconds(181));
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
