//! The live stream: every event of one's own organization that one may see, once and in order.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use axum::{
    Router,
    http::{Method, Request},
};
use futures::StreamExt;
use platform::{
    db::watch_over,
    live::{self, LiveHub},
    record::EventKind,
};
use testkit::{Always, TestDb, TestOrg, Way, door};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use uuid::Uuid;

use crate::things::{First, Fourth, Hidden, Second, Third, catalogue};

async fn emit<E: EventKind<Payload = First>>(org: &TestOrg) {
    let mut tx = org.tx().await;
    tx.emit::<E>((Uuid::new_v4(), None), &First {}).await.unwrap();
    tx.commit().await.unwrap();
}

/// Reads a stream's events until one of this kind came; answers their kinds and the last one's id.
async fn read_until(
    router: &Router,
    last_event_id: Option<&str>,
    last: &str,
    begun: impl AsyncFnOnce(),
) -> (Vec<String>, String) {
    let mut request = Request::builder().method(Method::GET).uri("/api/v1/events");
    if let Some(id) = last_event_id {
        request = request.header("last-event-id", id);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut chunks = response.into_body().into_data_stream();
    begun().await;
    let (mut text, mut kinds) = (String::new(), Vec::new());
    while let Some(chunk) = chunks.next().await {
        text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        kinds = text.lines().filter_map(|line| line.strip_prefix("event: ")).map(ToOwned::to_owned).collect();
        if kinds.iter().any(|kind| kind == last) && text.ends_with("\n\n") {
            break;
        }
    }
    let id = text.lines().filter_map(|line| line.strip_prefix("id: ")).next_back().unwrap().to_owned();
    (kinds, id)
}

fn router(hub: &LiveHub, caller: platform::http::Caller) -> Router {
    let (router, _) = live::routes(hub.clone()).split_for_parts();
    router.layer(axum::middleware::from_fn_with_state(
        door(Arc::new(Always(Some(caller)))),
        platform::http::admit,
    ))
}

#[tokio::test]
async fn a_stream_shows_what_its_caller_may_see_and_resumes_where_it_stopped() {
    let db = TestDb::new().await;
    let (acme, rival) = (db.org("acme").await, db.org("rival").await);
    let stop = CancellationToken::new();
    let hub = LiveHub::new(db.db.clone(), Arc::new(Always(None)), catalogue(), stop.clone());
    let running = tokio::spawn(hub.clone().run());
    let router = router(&hub, acme.caller_with(&["things:read"]));

    let (kinds, id) = read_until(&router, None, Second::KIND, async || {
        emit::<First>(&acme).await;
        emit::<First>(&rival).await;
        emit::<Hidden>(&acme).await;
        emit::<Second>(&acme).await;
    })
    .await;
    assert_eq!(kinds, [First::KIND, Second::KIND]);

    emit::<Third>(&acme).await;
    let (kinds, _) = read_until(&router, Some(&id), Fourth::KIND, async || emit::<Fourth>(&acme).await).await;
    let distinct: std::collections::BTreeSet<_> = kinds.iter().map(String::as_str).collect();
    assert_eq!(distinct.into_iter().collect::<Vec<_>>(), [Fourth::KIND, Third::KIND]);

    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_stream_ends_when_other_events_stand_where_it_was() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let stop = CancellationToken::new();
    let hub = LiveHub::new(db.db.clone(), Arc::new(Always(None)), catalogue(), stop.clone());
    let running = tokio::spawn(hub.clone().run());
    let router = router(&hub, acme.caller_with(&["things:read"]));
    let request = Request::get("/api/v1/events").body(Body::empty()).unwrap();
    let mut chunks = router.clone().oneshot(request).await.unwrap().into_body().into_data_stream();
    let mut text = String::new();
    let mut more = async || {
        let chunk =
            tokio::time::timeout(Duration::from_secs(60), chunks.next()).await.expect("it goes on or ends");
        chunk.map(|chunk| String::from_utf8(chunk.unwrap().into()).unwrap())
    };
    emit::<First>(&acme).await;
    while !text.contains(First::KIND) {
        text += &more().await.unwrap();
    }
    let mut tx = db.db.system("a test takes the database back").await.unwrap();
    let query = "update event_log set id = (left(id::text, -1) || case right(id::text, 1) when '0' then '1' else '0' end)::uuid";
    sqlx::query(query).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    emit::<Second>(&acme).await;
    while let Some(chunk) = more().await {
        text += &chunk;
        assert!(!text.contains(Second::KIND), "what came before that was missed");
    }
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_stream_goes_on_where_it_was_when_the_database_comes_back() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let mut gateway = db.gateway().await;
    let there = db.through(&gateway).await;
    let stop = CancellationToken::new();
    tokio::spawn(watch_over(there.clone(), stop.clone()));
    let hub = LiveHub::new(there.clone(), Arc::new(Always(None)), catalogue(), stop.clone());
    let running = tokio::spawn(hub.clone().run());
    let router = router(&hub, acme.caller_with(&["things:read"]));

    let (kinds, _) = read_until(&router, None, Third::KIND, async || {
        emit::<First>(&acme).await;
        gateway.make(Way::Closed).await;
        while there.is_there() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        emit::<Second>(&acme).await;
        gateway.make(Way::Open).await;
        emit::<Third>(&acme).await;
    })
    .await;
    assert_eq!(kinds, [First::KIND, Second::KIND, Third::KIND]);
    stop.cancel();
    running.await.unwrap();
}
