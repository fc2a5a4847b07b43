//! The live stream when there is more than a reader takes: nobody else notices, and nothing is left out.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::Request,
    middleware::from_fn_with_state,
};
use futures::{StreamExt, future::join_all};
use platform::{
    http::admit,
    live::{self, LiveHub},
    record::EventKind,
};
use serde_json::{Value, json};
use testkit::{Always, TestDb, TestOrg, door};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;
use uuid::Uuid;

use crate::things::{Numbered, catalogue, every_permission};

/// More than any buffer and any number of batches that is read in one go.
const STORM: i64 = 30_000;
const LONG: Duration = Duration::from_secs(120);

struct Hub(LiveHub, #[expect(dead_code, reason = "stops it in the end")] DropGuard);

impl Hub {
    fn start(db: &TestDb) -> Self {
        let stop = CancellationToken::new();
        let hub = LiveHub::new(db.db.clone(), Arc::new(Always(None)), catalogue(), stop.clone());
        tokio::spawn(hub.clone().run());
        Self(hub, stop.drop_guard())
    }

    /// A reader of this organization, who was told up to here.
    async fn open(&self, org: &TestOrg, last: Option<&str>) -> Tail {
        let (router, _) = live::routes(self.0.clone()).split_for_parts();
        let router: Router = router.layer(from_fn_with_state(
            door(Arc::new(Always(Some(org.caller_with(&every_permission()))))),
            admit,
        ));
        let mut request = Request::get("/api/v1/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 200);
        Tail { chunks: answer.into_body().into_data_stream(), frames: VecDeque::new(), text: String::new() }
    }
}

#[derive(Debug, Default)]
struct Frame {
    id: String,
    kind: String,
    data: Value,
}

/// What a stream says, frame by frame; it is asked for no more than is taken.
struct Tail {
    chunks: BodyDataStream,
    frames: VecDeque<Frame>,
    text: String,
}

impl Tail {
    async fn frame(&mut self) -> Frame {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return frame;
            }
            let chunk = tokio::time::timeout(LONG, self.chunks.next()).await.expect("something comes");
            self.text.push_str(std::str::from_utf8(&chunk.expect("the stream goes on").unwrap()).unwrap());
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let mut frame = Frame::default();
                for line in block.lines() {
                    match line.split_once(": ") {
                        Some(("id", id)) => id.clone_into(&mut frame.id),
                        Some(("event", kind)) => kind.clone_into(&mut frame.kind),
                        Some(("data", data)) => frame.data = serde_json::from_str(data).unwrap(),
                        _ => {}
                    }
                }
                self.frames.push_back(frame);
                self.text = rest.to_owned();
            }
        }
    }

    /// Waits for the end of what the server says.
    async fn ends(mut self) {
        let end = async { while self.chunks.next().await.is_some() {} };
        tokio::time::timeout(LONG, end).await.expect("the stream ends");
    }

    /// The next frame that is no comment.
    async fn event(&mut self) -> Frame {
        loop {
            let frame = self.frame().await;
            if !frame.kind.is_empty() {
                return frame;
            }
        }
    }

    /// The numbers of that many events.
    async fn numbers(&mut self, count: i64) -> Vec<i64> {
        let mut numbers = Vec::new();
        for _ in 0..count {
            numbers.push(self.event().await.data["payload"]["number"].as_i64().unwrap());
        }
        numbers
    }
}

async fn emit(org: &TestOrg, number: usize) -> Uuid {
    let mut tx = org.tx().await;
    let id = tx.emit::<Numbered>((Uuid::now_v7(), None), &Numbered { number }).await.unwrap();
    tx.commit().await.unwrap();
    id.uuid()
}

/// Many events of one transaction, numbered.
async fn storm(db: &TestDb, org: &TestOrg) {
    let query = "insert into event_log
            (org_id, id, kind, subject_type, subject_id, actor, payload, correlation_id, occurred_at)
        select $1, gen_random_uuid(), $2, 'thing', $1, '{}', jsonb_build_object('number', n), $1, now()
        from generate_series(0, $3 - 1) n";
    let mut tx = db.db.system("a test writes a storm").await.unwrap();
    sqlx::query(query).bind(org.id).bind(Numbered::KIND).bind(STORM).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_storm_in_one_organization_neither_ends_another_s_stream_nor_its_own() {
    let db = TestDb::new().await;
    let (stormy, calm) = (db.org("stormy").await, db.org("calm").await);
    let hub = Hub::start(&db);
    let mut slow = hub.open(&stormy, None).await;
    let mut other = hub.open(&calm, None).await;
    storm(&db, &stormy).await;
    emit(&calm, 1).await;
    assert_eq!(other.numbers(1).await, [1]);
    emit(&calm, 2).await;
    assert_eq!(other.numbers(1).await, [2]);
    // Whoever did not read meanwhile misses nothing either.
    assert_eq!(slow.numbers(STORM).await, (0..STORM).collect::<Vec<_>>());
    emit(&stormy, 7).await;
    assert_eq!(slow.numbers(1).await, [7]);
}

#[tokio::test]
async fn whoever_was_away_through_a_storm_gets_all_of_it_and_then_what_happens() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let hub = Hub::start(&db);
    let mut tail = hub.open(&acme, None).await;
    let first = emit(&acme, 1).await;
    let seen = tail.event().await;
    drop(tail);
    storm(&db, &acme).await;
    // As it is told now, and as it was told when places were transactions.
    for place in [seen.id, format!("4294967296123.{first}")] {
        let mut tail = hub.open(&acme, Some(&place)).await;
        assert_eq!(tail.numbers(STORM).await, (0..STORM).collect::<Vec<_>>());
    }
    let mut tail = hub.open(&acme, Some(&format!("1.{first}"))).await;
    tail.numbers(STORM).await;
    emit(&acme, 5).await;
    assert_eq!(tail.numbers(1).await, [5]);
}

#[tokio::test]
async fn whoever_was_told_nothing_yet_goes_on_from_where_the_stream_began() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let hub = Hub::start(&db);
    emit(&acme, 1).await;
    let began = hub.open(&acme, None).await.frame().await;
    emit(&acme, 2).await;
    let mut tail = hub.open(&acme, Some(&began.id)).await;
    assert_eq!(tail.numbers(1).await, [2]);
}

#[tokio::test]
async fn a_place_that_the_log_does_not_have_any_more_is_said_to_be_lost() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    let hub = Hub::start(&db);
    let foreign = emit(&other, 1).await;
    let mut began = hub.open(&acme, None).await.frame().await.id;
    emit(&acme, 1).await;
    let gone = emit(&acme, 2).await;
    emit(&acme, 3).await;
    let mut tx = db.db.system("a test's retention").await.unwrap();
    let query = "delete from event_log where org_id = $1 and (payload ->> 'number')::integer < 3";
    sqlx::query(query).bind(acme.id).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    for place in [format!("1.{gone}"), format!("1.{foreign}"), "9999.".to_owned() + &Uuid::nil().to_string()]
    {
        let mut tail = hub.open(&acme, Some(&place)).await;
        let reset = tail.event().await;
        assert_eq!((reset.kind.as_str(), &reset.data), ("reset", &json!({})), "{place}");
        began = reset.id;
    }
    emit(&acme, 4).await;
    let mut tail = hub.open(&acme, Some(&began)).await;
    assert_eq!(tail.numbers(1).await, [4]);
}

#[tokio::test]
async fn when_the_database_was_taken_back_streams_begin_anew_where_they_can() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let hub = Hub::start(&db);
    let mut tail = hub.open(&acme, None).await;
    let kept = emit(&acme, 1).await;
    emit(&acme, 2).await;
    assert_eq!(tail.event().await.data["payload"]["number"], 1);
    let lost = tail.event().await;
    let mut tx = db.db.system("a test takes the database back").await.unwrap();
    let query = "delete from event_log where org_id = $1 and (payload ->> 'number')::integer = 2";
    sqlx::query(query).bind(acme.id).execute(tx.conn()).await.unwrap();
    let query = "select setval('event_positions', max(position)) from event_log";
    sqlx::query(query).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    tail.ends().await;

    // The same position, and another event.
    emit(&acme, 3).await;
    let mut tail = hub.open(&acme, Some(&format!("1.{kept}"))).await;
    assert_eq!(tail.numbers(1).await, [3]);
    let mut tail = hub.open(&acme, Some(&lost.id)).await;
    assert_eq!(tail.event().await.kind, "reset");
    emit(&acme, 4).await;
    assert_eq!(tail.numbers(1).await, [4]);
}

/// One writer of many: transactions of several sizes that overlap; answers what it committed. Some are rolled back, as a whole or in part.
async fn writes(org: &TestOrg, writer: usize) -> Vec<i64> {
    let mut committed = Vec::new();
    for round in 0..40 {
        let number = |n| writer * 1_000 + round * 10 + n;
        let mut tx = org.tx().await;
        let mut written = Vec::new();
        for n in 0..=(writer + round) % 3 {
            if (writer + n).is_multiple_of(4) {
                sqlx::query("savepoint here").execute(tx.conn()).await.unwrap();
                emit_in(&mut tx, number(9)).await;
                sqlx::query("rollback to savepoint here").execute(tx.conn()).await.unwrap();
            }
            emit_in(&mut tx, number(n)).await;
            written.push(i64::try_from(number(n)).unwrap());
            tokio::task::yield_now().await;
        }
        if !(writer + round).is_multiple_of(5) {
            tx.commit().await.unwrap();
            committed.extend(written);
        }
    }
    committed
}

async fn emit_in(tx: &mut platform::db::TenantTx, number: usize) {
    tx.emit::<Numbered>((Uuid::now_v7(), None), &Numbered { number }).await.unwrap();
}

/// Reads on until -1 comes, or goes away after every few events and comes back. Answers the numbers, and checks that places only grow.
async fn reads(hub: &Hub, org: &TestOrg, mut tail: Tail, few: Option<usize>) -> Vec<i64> {
    let (until, mut numbers, mut place, mut last) = (-1, Vec::new(), 0, None);
    while last != Some(until) {
        let event = tail.event().await;
        let position: i64 = event.id.split_once('.').unwrap().0.parse().unwrap();
        assert!(position > place, "{position} after {place}");
        (place, last) = (position, event.data["payload"]["number"].as_i64());
        numbers.extend(last);
        if few.is_some_and(|few| numbers.len() % few == 0) {
            tail = hub.open(org, Some(&event.id)).await;
        }
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_writers_at_once_nothing_is_left_out_or_told_twice() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    // Two processes, with readers that stay and readers that come and go.
    let hubs = [Hub::start(&db), Hub::start(&db)];
    let mut readings = Vec::new();
    for hub in &hubs {
        for few in [None, Some(7)] {
            readings.push(reads(hub, &acme, hub.open(&acme, None).await, few));
        }
    }
    let writing = async {
        let written = join_all((0..12).map(|writer| writes(&acme, writer))).await.concat();
        let query = "insert into event_log
                (org_id, id, kind, subject_type, subject_id, actor, payload, correlation_id, occurred_at)
            values ($1, gen_random_uuid(), $2, 'thing', $1, '{}', '{\"number\": -1}', $1, now())";
        let mut tx = acme.tx().await;
        sqlx::query(query).bind(acme.id).bind(Numbered::KIND).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        written
    };
    let (mut written, readings) = tokio::join!(writing, join_all(readings));
    written.push(-1);
    written.sort_unstable();
    for mut read in readings {
        read.sort_unstable();
        assert_eq!(read, written);
    }
}
