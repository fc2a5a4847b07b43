//! Customers' programs in a real NATS with the configuration of docs/streams.md: what they read, and what they try in vain.

use std::{collections::BTreeMap, time::Duration};

use async_nats::{
    Client, ConnectOptions,
    jetstream::{self, consumer},
};
use futures::StreamExt;
use kernel::Secret;
use platform::{
    feed::{Reader, Relay, Status},
    record::Event,
};
use testkit::{TestDb, TestOrg, peers::NatsServer};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{
    feed::{LONG, ids, options, stored, write},
    things::{Numbered, OtherNumbered, catalogue},
};

const PAGE: &str = include_str!("../../../../docs/streams.md");
const PASSWORD: &str = "sesame";

/// The page's configuration, with these files in the place of the one it includes.
fn configuration(included: &[&str]) -> String {
    let begin = PAGE.find("jetstream {").unwrap();
    let (text, _) = PAGE[begin..].split_once("```").unwrap();
    let (before, after) = text.split_once("  include \"acme-siem.conf\"\n").unwrap();
    let include = |file: &&str| format!("  include {file:?}\n");
    [before, &included.iter().map(include).collect::<String>(), after].concat()
}

fn reader(org: &TestOrg, name: &str, kinds: &[&str]) -> Reader {
    let kinds = kinds.iter().map(ToString::to_string).collect();
    Reader::new(org.id, name.into(), kinds, &catalogue()).unwrap()
}

fn account(reader: &Reader) -> String {
    reader.account("steward", &Secret::new(PASSWORD.into()))
}

/// A NATS with readers, and what Steward hands on to it.
struct Nats {
    server: NatsServer,
    url: String,
    _stop: DropGuard,
}

impl Nats {
    async fn start(db: &TestDb, readers: &[(&str, &Reader)]) -> Self {
        let files: Vec<_> = readers.iter().map(|(file, reader)| (*file, account(reader))).collect();
        let included: Vec<_> = readers.iter().map(|(file, _)| *file).collect();
        let environment = vec![("STEWARD_NATS_PASSWORD", "sec@ret".to_owned())];
        let server = NatsServer::configured(&configuration(&included), environment, &files).await;
        let (url, stop) = (server.url_for("steward", "sec%40ret"), CancellationToken::new());
        let relay = Relay::new(db.db.clone(), options(url.clone()));
        tokio::spawn(relay.clone().run("one".into(), stop.clone()));
        tokio::time::timeout(LONG, relay.becomes(Status::Relaying)).await.unwrap();
        for (_, reader) in readers {
            reader.prepare(&options(url.clone())).await.unwrap();
        }
        Self { server, url, _stop: stop.drop_guard() }
    }

    async fn sign_in(&self, reader: &Reader) -> Option<Client> {
        let connect = ConnectOptions::with_user_and_password(reader.id(), PASSWORD.into());
        connect.connect(self.server.url()).await.ok()
    }

    /// What the reader's consumer has, up to this event.
    async fn read(&self, reader: &Reader, consumer: &str, last: Uuid) -> Vec<Uuid> {
        let context = jetstream::with_domain(self.sign_in(reader).await.unwrap(), "steward");
        let consumer: consumer::PullConsumer =
            context.get_consumer_from_stream(consumer, "steward").await.unwrap();
        let (mut messages, mut events) = (consumer.messages().await.unwrap(), Vec::<Event>::new());
        let all = async {
            while events.last().is_none_or(|event| event.id.uuid() != last) {
                let message = messages.next().await.unwrap().unwrap();
                message.double_ack().await.unwrap();
                events.push(serde_json::from_slice(&message.payload).unwrap());
            }
        };
        tokio::time::timeout(LONG, all).await.unwrap();
        ids(&events)
    }
}

#[tokio::test]
async fn a_program_reads_permitted_kinds_of_its_own_organization_and_nothing_else() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    let (things, all) = (reader(&acme, "siem", &["thing"]), reader(&other, "events", &[]));
    let whole = reader(&acme, "one", &["other_thing.numbered.v1"]);
    let nats = Nats::start(&db, &[("a.conf", &things), ("b.conf", &all), ("c.conf", &whole)]).await;
    let listener = nats.sign_in(&things).await.unwrap();
    let mut heard = listener.subscribe(">").await.unwrap();
    listener.flush().await.unwrap();
    let (theirs, own) = (write::<Numbered>(&other, 2).await, write::<Numbered>(&acme, 2).await);
    let others = write::<OtherNumbered>(&acme, 1).await;
    let last = write::<Numbered>(&acme, 1).await;
    let read = nats.read(&things, &format!("{}-thing", things.id()), last[0]).await;
    assert_eq!(read, [own, last.clone()].concat(), "things alone");
    assert_eq!(nats.read(&all, &all.id(), theirs[1]).await, theirs);
    let name = format!("{}-other_thing-numbered-v1", whole.id());
    assert_eq!(nats.read(&whole, &name, others[0]).await, others);
    loop {
        let message = tokio::time::timeout(LONG, heard.next()).await.unwrap().unwrap();
        let Ok(event) = serde_json::from_slice::<Event>(&message.payload) else { continue };
        assert!(message.subject.starts_with(&format!("steward.{}.thing.", acme.id)), "{}", message.subject);
        if event.id.uuid() == last[0] {
            break;
        }
    }
}

/// Requests of all sorts, each with the answer to somebody else.
async fn attack(nats: &Nats, attacker: &Reader, victim: &Reader, theirs: Uuid) {
    let client = nats.sign_in(attacker).await.unwrap();
    let (own, id) = (attacker.id(), victim.id());
    let org = id.rsplit_once('-').unwrap().0;
    let fake = format!("steward.{org}.thing.numbered.v1");
    let mut requests = vec![fake.clone(), format!("_INBOX.{id}")];
    for api in ["$JS.API", "$JS.steward.API"] {
        for name in [&own, &id] {
            for request in ["MSG.NEXT", "INFO", "DELETE", "CREATE", "DURABLE.CREATE"] {
                requests.push(format!("{api}.CONSUMER.{request}.steward.{name}"));
            }
        }
        let of_stream = ["STREAM.INFO", "STREAM.MSG.GET", "STREAM.PURGE", "STREAM.UPDATE", "STREAM.DELETE"];
        requests.extend(of_stream.map(|request| format!("{api}.{request}.steward")));
        requests.extend(["INFO", "CONSUMER.CREATE.steward"].map(|request| format!("{api}.{request}")));
    }
    requests.push(format!("$JS.ACK.steward.{id}.1.1.1.1.0"));
    let bodies = [
        String::new(),
        "{\"batch\":9,\"no_wait\":true}".into(),
        "{\"seq\":1}".into(),
        "{\"subjects_filter\":\">\"}".into(),
        format!(
            "{{\"stream_name\":\"steward\",\"config\":{{\"deliver_subject\":\"_INBOX.{id}\",\"filter_subject\":\"steward.>\",\"ack_policy\":\"none\"}}}}"
        ),
        format!("{{\"id\":\"{theirs}\"}}"),
    ];
    let replies = [fake, format!("_INBOX.{id}"), "$JS.API.STREAM.PURGE.steward".into()];
    for request in requests {
        for body in &bodies {
            for reply in &replies {
                client.publish_with_reply(request.clone(), reply.clone(), body.clone().into()).await.unwrap();
            }
        }
    }
    client.flush().await.unwrap();
    // Behind all that in the same connection: it is done when this is answered.
    let context = jetstream::with_domain(client, "steward");
    let _answer: consumer::PullConsumer = context.get_consumer_from_stream(own, "steward").await.unwrap();
}

#[tokio::test]
async fn whatever_a_program_sends_and_wherever_it_wants_answers_nobody_else_gets_it() {
    let db = TestDb::new().await;
    let (acme, globex) = (db.org("acme").await, db.org("globex").await);
    let (attacker, victim) = (reader(&acme, "evil", &[]), reader(&globex, "siem", &[]));
    let nats = Nats::start(&db, &[("acme.conf", &attacker), ("globex.conf", &victim)]).await;
    let (own, mut theirs) = (write::<Numbered>(&acme, 3).await, write::<Numbered>(&globex, 2).await);
    let listener = nats.sign_in(&victim).await.unwrap();
    let mut heard = listener.subscribe(">").await.unwrap();
    listener.flush().await.unwrap();
    let steward = ConnectOptions::with_user_and_password("steward".into(), "sec@ret".into());
    let steward = steward.connect(nats.server.url()).await.unwrap();
    let mut of_steward = steward.subscribe("_INBOX.*").await.unwrap();
    steward.flush().await.unwrap();
    let context = jetstream::new(steward);
    let all = async { while stored(&context).await.values().flatten().count() < 5 {} };
    tokio::time::timeout(LONG, all).await.unwrap();
    attack(&nats, &attacker, &victim, theirs[0]).await;
    theirs.extend(write::<Numbered>(&globex, 1).await);
    assert_eq!(nats.read(&victim, &victim.id(), theirs[2]).await, theirs);
    let expected = [(acme.id.to_string(), own), (globex.id.to_string(), theirs.clone())];
    assert_eq!(stored(&context).await, BTreeMap::from(expected), "what Steward did not write is not there");
    // All that came to the victim is what happened, and its own reading.
    let mut seen = Vec::new();
    while let Ok(message) = tokio::time::timeout(Duration::ZERO, heard.next()).await {
        let message = message.unwrap();
        if message.reply.as_ref().is_some_and(|reply| !reply.starts_with("$JS.ACK."))
            && message.subject.starts_with("steward.")
        {
            seen.push(serde_json::from_slice::<Event>(&message.payload).unwrap().id.uuid());
        }
        assert!(!message.subject.starts_with(&format!("_INBOX.{}", victim.id())), "{}", message.subject);
        assert!(!String::from_utf8_lossy(&message.payload).contains(&acme.id.to_string()), "{message:?}");
    }
    assert!(theirs.ends_with(&seen) && seen.contains(&theirs[2]), "{seen:?}");
    let stray = tokio::time::timeout(Duration::ZERO, of_steward.next()).await;
    assert!(stray.is_err(), "{stray:?}");
}

#[tokio::test]
async fn programs_come_and_go_with_a_reload_of_the_configuration_of_the_page() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    let (first, second) = (reader(&acme, "siem", &[]), reader(&other, "siem", &["thing"]));
    let nats = Nats::start(&db, &[("acme-siem.conf", &first)]).await;
    assert!(nats.sign_in(&second).await.is_none());

    let files = [("acme-siem.conf", account(&first)), ("other.conf", account(&second))];
    nats.server.reload(&configuration(&["acme-siem.conf", "other.conf"]), &files).await;
    // The services of a new account work from the second reload on.
    nats.server.reload(&configuration(&["acme-siem.conf", "other.conf"]), &files).await;
    second.prepare(&options(nats.url.clone())).await.unwrap();
    let (own, theirs) = (write::<Numbered>(&acme, 1).await, write::<Numbered>(&other, 1).await);
    assert_eq!(nats.read(&second, &format!("{}-thing", second.id()), theirs[0]).await, theirs);
    assert_eq!(nats.read(&first, &first.id(), own[0]).await, own);

    nats.server.reload(&configuration(&["other.conf"]), &files).await;
    assert!(nats.sign_in(&first).await.is_none());
    let theirs = write::<Numbered>(&other, 1).await;
    assert_eq!(nats.read(&second, &format!("{}-thing", second.id()), theirs[0]).await, theirs);
}

#[tokio::test]
async fn two_programs_of_one_organization_each_get_everything() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let (one, two) = (reader(&acme, "siem", &[]), reader(&acme, "tickets", &[]));
    let nats = Nats::start(&db, &[("one.conf", &one), ("two.conf", &two)]).await;
    let written = write::<Numbered>(&acme, 3).await;
    for reader in [&one, &two] {
        assert_eq!(nats.read(reader, &reader.id(), written[2]).await, written);
    }
    // Its place is kept when it is made once more.
    one.prepare(&options(nats.url.clone())).await.unwrap();
    let last = write::<Numbered>(&acme, 1).await;
    assert_eq!(nats.read(&one, &one.id(), last[0]).await, last);
}

#[test]
fn a_reader_of_what_never_happens_is_refused_with_what_there_is() {
    let new = |kind: &str| {
        let org = kernel::OrgId::from(Uuid::nil());
        Reader::new(org, "siem".into(), vec![kind.into()], &catalogue()).map(drop)
    };
    for kind in ["thing", "thing.numbered", "thing.numbered.v1", "other_thing"] {
        new(kind).unwrap();
    }
    for (kind, near) in [
        ("nope", "there are other_thing, thing"),
        ("thing_two", "thing.first.v1"),
        ("thing.made.v2", "thing.made.v1"),
    ] {
        let error = format!("{:?}", new(kind).unwrap_err());
        assert!(error.contains("--kinds") && error.contains(near), "{error}");
    }
    for kind in ["", ">", "thing.*", "thing.", "thing.numbered.v1.>"] {
        assert!(new(kind).is_err(), "{kind}");
    }
}
