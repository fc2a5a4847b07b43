//! The event feed: the same promises over PostgreSQL's log and over a stream in a real NATS, and what holds when relays and NATS die.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_nats::jetstream::{self, consumer};
use axum::{Router, body::Body, http::Request, middleware::from_fn_with_state};
use chrono::TimeDelta;
use futures::StreamExt;
use kernel::{OrgId, Secret};
use platform::{
    feed::{Options, Relay, Status},
    http::admit,
    live::{self, LiveHub},
    record::{Event, EventKind},
};
use sqlx::{Connection, Executor};
use testkit::{Always, TestDb, TestOrg, door, peers::NatsServer};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;
use uuid::Uuid;

use crate::things::{Numbered, catalogue, every_permission};

pub const LONG: Duration = Duration::from_secs(120);

pub fn options(url: String) -> Options {
    Options { url: Secret::new(url), ca_file: None, stream: "steward".into(), kept: None }
}

/// A relay of a process; it ends, as if killed, when this is dropped.
struct Process {
    relay: Relay,
    task: tokio::task::JoinHandle<()>,
    _stop: DropGuard,
}

impl Process {
    fn start(db: &TestDb, nats: &NatsServer, name: &str) -> Self {
        let (relay, stop) = (Relay::new(db.db.clone(), options(nats.url())), CancellationToken::new());
        let task = tokio::spawn(relay.clone().run(name.to_owned(), stop.clone()));
        Self { relay, task, _stop: stop.drop_guard() }
    }

    async fn becomes(&self, status: Status) {
        let becomes = tokio::time::timeout(LONG, self.relay.becomes(status)).await;
        becomes.unwrap_or_else(|_| panic!("the relay never becomes {status:?}"));
    }

    /// Where it stands, without a word to anybody.
    fn kill(&self) {
        self.task.abort();
    }
}

/// Writes events in the name of an organization, one transaction each; answers their ids in order.
pub async fn write<E: EventKind<Payload = Numbered>>(org: &TestOrg, number: usize) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for n in 0..number {
        let mut tx = org.tx().await;
        let id = tx.emit::<E>((Uuid::now_v7(), None), &Numbered { number: n }).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(id.uuid());
    }
    ids
}

/// A reader of one organization's events, from where it was.
trait Reads {
    /// All events up to this one.
    async fn until(&mut self, last: Uuid) -> Vec<Event>;
}

/// Reads the log, as the live stream gives it.
struct OfTheLog {
    router: Router,
    place: String,
}

impl Reads for OfTheLog {
    async fn until(&mut self, last: Uuid) -> Vec<Event> {
        let request = Request::get("/api/v1/events").header("last-event-id", &self.place);
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (mut chunks, mut text) = (response.into_body().into_data_stream(), String::new());
        loop {
            text.push_str(std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap());
            let Some(whole) = text.rfind("\n\n").map(|end| &text[..end]) else { continue };
            let lines = |name: &'static str| whole.lines().filter_map(move |line| line.strip_prefix(name));
            let events: Vec<Event> =
                lines("data: ").map(|data| serde_json::from_str(data).unwrap()).collect();
            if events.last().is_some_and(|event| event.id.uuid() == last) {
                lines("id: ").next_back().unwrap().clone_into(&mut self.place);
                return events;
            }
        }
    }
}

/// Reads the stream in NATS, with a consumer of its own.
struct OfNats {
    messages: consumer::pull::Stream,
}

impl OfNats {
    async fn open(nats: &NatsServer, org: OrgId) -> Self {
        let context = anybody(nats).await;
        let config = consumer::pull::Config {
            durable_name: Some(org.to_string()),
            filter_subject: format!("steward.{org}.>"),
            ..Default::default()
        };
        let consumer = context.create_consumer_on_stream(config, "steward").await.unwrap();
        Self { messages: consumer.messages().await.unwrap() }
    }

    async fn next(&mut self) -> Event {
        loop {
            // While NATS is away the consumer has errors to tell.
            if let Ok(message) = self.messages.next().await.expect("a stream without end")
                && message.ack().await.is_ok()
            {
                return serde_json::from_slice(&message.payload).unwrap();
            }
        }
    }
}

impl Reads for OfNats {
    async fn until(&mut self, last: Uuid) -> Vec<Event> {
        let mut events = Vec::new();
        while events.last().is_none_or(|event: &Event| event.id.uuid() != last) {
            events.push(self.next().await);
        }
        events
    }
}

pub fn ids(events: &[Event]) -> Vec<Uuid> {
    events.iter().map(|event| event.id.uuid()).collect()
}

/// Each promise is kept by both.
macro_rules! over_both {
    ($($promise:ident)+) => {
        mod on_postgresql {
            use super::*;
            $(#[tokio::test] async fn $promise() {
                let db = TestDb::new().await;
                let stop = CancellationToken::new();
                let open = async |org: &TestOrg| {
                    let hub = LiveHub::new(db.db.clone(), Arc::new(Always(None)), catalogue(), stop.clone());
                    tokio::spawn(hub.clone().run());
                    let (router, _) = live::routes(hub).split_for_parts();
                    let door = door(Arc::new(Always(Some(org.caller_with(&every_permission())))));
                    let router = router.layer(from_fn_with_state(door, admit));
                    OfTheLog { router, place: format!("0.{}", Uuid::nil()) }
                };
                tokio::time::timeout(LONG, super::$promise(&db, open)).await.unwrap();
            })+
        }
        mod on_nats {
            use super::*;
            $(#[tokio::test] async fn $promise() {
                let (db, nats) = (TestDb::new().await, NatsServer::start().await);
                let process = Process::start(&db, &nats, "one");
                process.becomes(Status::Relaying).await;
                let open = async |org: &TestOrg| OfNats::open(&nats, org.id).await;
                tokio::time::timeout(LONG, super::$promise(&db, open)).await.unwrap();
            })+
        }
    };
}

over_both! {
    an_organization_reads_its_own_events_in_order
    whoever_was_away_reads_on_where_they_were
    an_event_that_is_committed_late_is_not_left_out
    a_transaction_that_writes_no_event_holds_nothing_up
}

async fn an_organization_reads_its_own_events_in_order<R: Reads>(
    db: &TestDb,
    open: impl AsyncFn(&TestOrg) -> R,
) {
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    let (mut of_acme, mut of_other) = (open(&acme).await, open(&other).await);
    let mut written = (Vec::new(), Vec::new());
    for _ in 0..10 {
        written.0.extend(write::<Numbered>(&acme, 3).await);
        written.1.extend(write::<Numbered>(&other, 2).await);
    }
    let read = of_acme.until(*written.0.last().unwrap()).await;
    assert_eq!(ids(&read), written.0);
    let second = read[1].as_kind::<Numbered>().unwrap().expect("the kind that was written");
    assert_eq!(second.payload.number, 1);
    assert_eq!(ids(&of_other.until(*written.1.last().unwrap()).await), written.1);
}

async fn whoever_was_away_reads_on_where_they_were<R: Reads>(db: &TestDb, open: impl AsyncFn(&TestOrg) -> R) {
    let acme = db.org("acme").await;
    let mut reader = open(&acme).await;
    for _ in 0..3 {
        let written = write::<Numbered>(&acme, 5).await;
        assert_eq!(ids(&reader.until(written[4]).await), written);
    }
}

async fn an_event_that_is_committed_late_is_not_left_out<R: Reads>(
    db: &TestDb,
    open: impl AsyncFn(&TestOrg) -> R,
) {
    let acme = db.org("acme").await;
    let mut reader = open(&acme).await;
    let mut late = acme.tx().await;
    let subject = (Uuid::now_v7(), None);
    let first = late.emit::<Numbered>(subject, &Numbered { number: 0 }).await.unwrap().uuid();
    let second = write::<Numbered>(&acme, 1).await[0];
    late.commit().await.unwrap();
    let third = write::<Numbered>(&acme, 1).await[0];
    assert_eq!(ids(&reader.until(third).await), [first, second, third]);
}

async fn a_transaction_that_writes_no_event_holds_nothing_up<R: Reads>(
    db: &TestDb,
    open: impl AsyncFn(&TestOrg) -> R,
) {
    let acme = db.org("acme").await;
    let mut reader = open(&acme).await;
    let mut stranger = sqlx::PgConnection::connect(&db.url).await.unwrap();
    stranger.execute("begin; select pg_current_xact_id()").await.unwrap();
    let written = write::<Numbered>(&acme, 2).await;
    assert_eq!(ids(&reader.until(written[1]).await), written);
}

/// A server without users lets everybody do everything.
async fn anybody(nats: &NatsServer) -> jetstream::Context {
    jetstream::new(async_nats::connect(nats.url()).await.unwrap())
}

/// Everything in the stream, by organization.
pub async fn stored(context: &jetstream::Context) -> BTreeMap<String, Vec<Uuid>> {
    let stream = context.get_stream("steward").await.unwrap();
    let state = stream.get_info().await.unwrap().state;
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for sequence in state.first_sequence.max(1)..=state.last_sequence {
        // One that is missing was deleted by a test.
        let Ok(message) = stream.get_raw_message(sequence).await else { continue };
        let event: Event = serde_json::from_slice(&message.payload).unwrap();
        let org = message.subject.split('.').nth(1).unwrap().to_owned();
        found.entry(org).or_default().push(event.id.uuid());
    }
    found
}

/// Waits until the stream ends with this event.
async fn holds(nats: &NatsServer, last: Uuid) {
    let context = anybody(nats).await;
    let holds = async {
        loop {
            let stream = context.get_stream("steward").await.unwrap();
            let end = stream.get_info().await.unwrap().state.last_sequence;
            if let Ok(message) = stream.get_raw_message(end).await
                && String::from_utf8_lossy(&message.payload).contains(&last.to_string())
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(LONG, holds).await.expect("the stream gets all events");
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_or_out_of_order_when_relays_and_nats_are_killed_under_load() {
    let (db, mut nats) = (TestDb::new().await, NatsServer::start().await);
    let orgs = [db.org("acme").await, db.org("other").await];
    let mut leader = Process::start(&db, &nats, "first");
    leader.becomes(Status::Relaying).await;
    let mut written: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for round in 0..4 {
        // Writers go on whatever happens to others.
        let [one, two] = &orgs;
        let writing = async { tokio::join!(write::<Numbered>(one, 60), write::<Numbered>(two, 60)) };
        let dying = async {
            if round % 2 == 0 {
                nats.kill().await;
                leader.becomes(Status::Away).await;
                nats.restart().await;
            } else {
                leader.kill();
                db.clock.advance(TimeDelta::seconds(20));
                leader = Process::start(&db, &nats, &format!("after {round}"));
            }
            leader.becomes(Status::Relaying).await;
        };
        let ((of_one, of_two), ()) = tokio::join!(writing, dying);
        for (org, ids) in [(one, of_one), (two, of_two)] {
            written.entry(org.id.to_string()).or_default().extend(ids);
        }
    }
    let last = write::<Numbered>(&orgs[0], 1).await;
    written.entry(orgs[0].id.to_string()).or_default().extend(&last);
    holds(&nats, last[0]).await;
    assert_eq!(stored(&anybody(&nats).await).await, written);
}

#[tokio::test]
async fn one_process_relays_and_another_takes_over_where_it_stopped() {
    let (db, nats) = (TestDb::new().await, NatsServer::start().await);
    let acme = db.org("acme").await;
    let one = Process::start(&db, &nats, "one");
    one.becomes(Status::Relaying).await;
    let two = Process::start(&db, &nats, "two");
    let mut written = write::<Numbered>(&acme, 5).await;
    holds(&nats, written[4]).await;
    assert_eq!(two.relay.status(), Status::Waiting);
    one.kill();
    written.extend(write::<Numbered>(&acme, 5).await);
    // As if nothing had been noted since the beginning.
    let mut tx = db.db.system("a test forgets a place").await.unwrap();
    sqlx::query("update feed_cursors set position = 0").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    db.clock.advance(TimeDelta::seconds(20));
    two.becomes(Status::Relaying).await;
    holds(&nats, written[9]).await;
    assert_eq!(stored(&anybody(&nats).await).await, BTreeMap::from([(acme.id.to_string(), written)]));
}

#[tokio::test]
async fn what_waits_for_nats_is_counted() {
    let (db, mut nats) = (TestDb::new().await, NatsServer::start().await);
    let acme = db.org("acme").await;
    let process = Process::start(&db, &nats, "one");
    process.becomes(Status::Relaying).await;
    nats.kill().await;
    process.becomes(Status::Away).await;
    let written = write::<Numbered>(&acme, 3).await;
    assert_eq!(process.relay.waiting().await.unwrap(), 3);
    nats.restart().await;
    holds(&nats, written[2]).await;
    let none = async { while process.relay.waiting().await.unwrap() > 0 {} };
    tokio::time::timeout(LONG, none).await.unwrap();
}

#[tokio::test]
async fn what_nats_lost_after_it_acknowledged_is_handed_on_again() {
    let (db, mut nats) = (TestDb::new().await, NatsServer::start().await);
    let acme = db.org("acme").await;
    let process = Process::start(&db, &nats, "one");
    process.becomes(Status::Relaying).await;
    let mut written = write::<Numbered>(&acme, 6).await;
    holds(&nats, written[5]).await;
    let context = anybody(&nats).await;
    let stream = context.get_stream("steward").await.unwrap();
    for sequence in 4..=6 {
        stream.delete_message(sequence).await.unwrap();
    }
    nats.restart().await;
    written.extend(write::<Numbered>(&acme, 2).await);
    holds(&nats, written[7]).await;
    assert_eq!(stored(&anybody(&nats).await).await, BTreeMap::from([(acme.id.to_string(), written)]));
}

#[tokio::test]
async fn what_happens_after_the_database_was_taken_back_is_handed_on() {
    let (db, nats) = (TestDb::new().await, NatsServer::start().await);
    let acme = db.org("acme").await;
    let process = Process::start(&db, &nats, "one");
    process.becomes(Status::Relaying).await;
    let mut written = write::<Numbered>(&acme, 5).await;
    holds(&nats, written[4]).await;
    let mut tx = db.db.system("a test takes the database back").await.unwrap();
    let query = "delete from event_log where id = any($1)";
    sqlx::query(query).bind(&written[2..]).execute(tx.conn()).await.unwrap();
    let query = "select setval('event_positions', max(position)) from event_log";
    sqlx::query(query).execute(tx.conn()).await.unwrap();
    // Where the relay was is noted in the same database.
    sqlx::query("update feed_cursors set position = 0").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    process.becomes(Status::Away).await;
    process.becomes(Status::Relaying).await;
    written.extend(write::<Numbered>(&acme, 2).await);
    holds(&nats, written[6]).await;
    assert_eq!(stored(&anybody(&nats).await).await, BTreeMap::from([(acme.id.to_string(), written)]));
}

#[tokio::test]
async fn what_the_stream_has_already_is_not_what_it_ends_with() {
    let (db, nats) = (TestDb::new().await, NatsServer::start().await);
    let acme = db.org("acme").await;
    let process = Process::start(&db, &nats, "one");
    process.becomes(Status::Relaying).await;
    let written = write::<Numbered>(&acme, 5).await;
    holds(&nats, written[4]).await;
    // The log lost all that the stream still shows, and the stream remembers the rest.
    let context = jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let stream = context.get_stream("steward").await.unwrap();
    for sequence in 1..=2 {
        stream.delete_message(sequence).await.unwrap();
    }
    let mut tx = db.db.system("a test takes the database back").await.unwrap();
    sqlx::query("delete from event_log where id = any($1)")
        .bind(&written[2..])
        .execute(tx.conn())
        .await
        .unwrap();
    let query = "select setval('event_positions', max(position)) from event_log";
    sqlx::query(query).execute(tx.conn()).await.unwrap();
    sqlx::query("update feed_cursors set position = 0").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    process.becomes(Status::Away).await;
    let new = write::<Numbered>(&acme, 2).await;
    holds(&nats, new[1]).await;
    let all = [&written[2..], &new].concat();
    assert_eq!(stored(&anybody(&nats).await).await, BTreeMap::from([(acme.id.to_string(), all)]));
}

#[tokio::test]
async fn a_database_that_was_taken_back_and_has_written_on_is_noticed_by_its_events() {
    let (db, nats) = (TestDb::new().await, NatsServer::start().await);
    let acme = db.org("acme").await;
    let process = Process::start(&db, &nats, "one");
    process.becomes(Status::Relaying).await;
    let mut written = write::<Numbered>(&acme, 5).await;
    holds(&nats, written[4]).await;
    // Others stand at the places of those that were lost.
    let others: Vec<Uuid> = written[2..].iter().map(|id| Uuid::from_u128(id.as_u128() ^ 1)).collect();
    let mut tx = db.db.system("a test takes the database back").await.unwrap();
    let query = "update event_log e set id = o.id from unnest($1::uuid[], $2::uuid[]) as o (lost, id)
        where e.id = o.lost";
    sqlx::query(query).bind(&written[2..]).bind(&others).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    written.extend(others);
    written.extend(write::<Numbered>(&acme, 1).await);
    holds(&nats, written[8]).await;
    assert_eq!(stored(&anybody(&nats).await).await, BTreeMap::from([(acme.id.to_string(), written)]));
}
