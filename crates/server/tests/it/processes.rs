//! The real binary: killed with SIGKILL while 2,000 alerts come in, and watched by a collector of traces.
//!
//! Eight clients post as Alertmanager does: a request without an answer is sent again. In the middle the server dies, and
//! with it its database. It is started anew on the same folder. What must hold then: every alert that got a 202 is stored
//! exactly once; every issue has exactly one conclusion; each receiver was told of every state. A message may be told
//! twice only where the kill fell between the platform's answer and our record: at most one for each Slack receiver, whose
//! messages go one after the other; none for a Lark app, which takes an idempotency key.

mod dying;
mod full;
mod platforms;
mod steward;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use testkit::peers::{NatsServer, RedisServer};
use tokio::sync::Mutex;
use wiremock::{Mock, MockServer, ResponseTemplate};

use platforms::Platforms;
use steward::Steward;
pub use steward::new_folder;

const ALERTS: usize = 2000;
const CLIENTS: usize = 8;
/// The server dies after this many answers.
const KILL_AFTER: usize = 700;

const SOP: &str = "1. Look.\n   - run: `look(number=labels.number)` as `seen`\n## Verdict\n- real if `seen.number | int >= 0`: \"seen {{ seen.number }}\"\n  - cause: \"a test\"\n  - because: \"number {{ seen.number }}\" [seen]\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_when_the_server_is_killed() {
    let platforms = Platforms::start().await;
    let steward = Steward::prepare(&platforms);
    let mut process = steward.serve().await;
    let admin = steward.token(&["--scopes", "api,ingest", "--role", "admin"]);
    set_up(&steward, &admin).await;

    let (accepted, answers) = (Arc::new(Mutex::new(BTreeSet::new())), Arc::new(AtomicUsize::new(0)));
    let work = Arc::new(Mutex::new((0..ALERTS).collect::<Vec<_>>()));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (url, token) = (steward.url("/hooks/generic"), admin.clone());
            let (accepted, answers, work) = (accepted.clone(), answers.clone(), work.clone());
            tokio::spawn(async move {
                let client = reqwest::Client::new();
                loop {
                    let Some(number) = work.lock().await.pop() else { return };
                    post_until_answered(&client, &url, &token, number).await;
                    accepted.lock().await.insert(number);
                    answers.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    until("the clients are in the middle", async || answers.load(Ordering::SeqCst) >= KILL_AFTER).await;
    process.kill_9().await;
    let during = answers.load(Ordering::SeqCst);
    let mut process = steward.serve().await;
    for client in clients {
        client.await.unwrap();
    }
    assert!(during < ALERTS, "the kill came too late to prove anything");
    assert_eq!(accepted.lock().await.len(), ALERTS);

    until("every issue is concluded and told", async || steward.everything_is_done(&admin).await).await;
    every_alert_is_stored_once_and_every_issue_concluded_once(&steward, ALERTS as i64).await;
    every_receiver_was_told_how_every_issue_ended(&steward, &platforms).await;
    process.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traces_reach_the_collector_before_the_process_ends_and_hold_no_token() {
    let collector = MockServer::start().await;
    Mock::given(wiremock::matchers::path("/v1/traces"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&collector)
        .await;
    let mut steward = Steward::prepare(&Platforms::start().await);
    steward.settings.push(("STEWARD_OTLP_ENDPOINT", collector.uri()));
    steward.settings.push(("STEWARD_LOG", "info".into()));
    let mut process = steward.serve().await;
    let token = steward.token(&["--scopes", "api,ingest", "--role", "admin"]);
    let hook = format!("/hooks/generic?token={token}");
    let posted =
        reqwest::Client::new().post(steward.url(&hook)).json(&json!({ "title": "Something" })).send().await;
    assert_eq!(posted.unwrap().status(), 202);
    until("the issue is looked into", async || steward.everything_is_done(&token).await).await;
    process.terminate().await;

    let sent = collector.received_requests().await.unwrap();
    let spans: String =
        sent.iter().map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect();
    for expected in ["steward", "/hooks/generic", "execute_run"] {
        assert!(spans.contains(expected), "no {expected} in {} requests", sent.len());
    }
    assert!(!spans.contains(&token), "a span holds the token");
}

/// The subject of each message that was handed on.
async fn stream_of(nats: &NatsServer) -> Vec<String> {
    let context = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let stream = context.get_stream("steward").await.unwrap();
    let state = stream.get_info().await.unwrap().state;
    let mut subjects = Vec::new();
    for sequence in state.first_sequence.max(1)..=state.last_sequence {
        subjects.push(stream.get_raw_message(sequence).await.unwrap().subject.to_string());
    }
    subjects
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_reaches_the_stream_once_when_the_server_its_nats_and_its_redis_are_killed() {
    let (mut nats, mut redis) = (NatsServer::start().await, RedisServer::start().await);
    let mut steward = Steward::prepare(&Platforms::start().await);
    steward.settings.push(("STEWARD_NATS_URL", nats.url()));
    steward.settings.push(("STEWARD_REDIS_URL", redis.url().into()));
    let mut process = steward.serve().await;
    let token = steward.token(&["--scopes", "api,ingest", "--role", "admin"]);
    let (client, hook) = (reqwest::Client::new(), steward.url("/hooks/generic"));
    until("the stream is there", async || {
        let context = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
        context.get_stream("steward").await.is_ok()
    })
    .await;
    for number in 0..60 {
        match number {
            20 => redis.kill().await,
            30 => nats.kill().await,
            40 => {
                process.kill_9().await;
                nats.restart().await;
                redis.restart().await;
                process = steward.serve().await;
            }
            _ => {}
        }
        post_until_answered(&client, &hook, &token, number).await;
    }
    until("the events are handed on", async || {
        let subjects = stream_of(&nats).await;
        subjects.iter().filter(|subject| subject.ends_with(".issue.opened.v1")).count() >= 60
    })
    .await;
    let mut db = steward.database().await;
    let written: i64 = sqlx::query_scalar("select count(*) from event_log where kind = 'issue.opened.v1'")
        .fetch_one(&mut db)
        .await
        .unwrap();
    let subjects = stream_of(&nats).await;
    let opened = subjects.iter().filter(|subject| subject.ends_with(".issue.opened.v1")).count();
    assert_eq!((opened, written), (60, 60));

    let org: uuid::Uuid = sqlx::query_scalar("select id from organizations where slug = 'acme'")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert!(subjects.iter().all(|subject| subject.starts_with(&format!("steward.{org}."))));
    let reader = ["streams", "reader", "--org", "acme", "--name", "siem", "--kinds", "issue"];
    let [account, again] = [steward.run(&reader), steward.run(&reader)];
    assert!(account.contains(&format!("steward.{org}.issue.>")) && !account.contains("\"steward.>\""));
    assert_ne!(account, again, "each has a password of its own");
    let context = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let stream = context.get_stream("steward").await.unwrap();
    assert!(stream.consumer_info(format!("{org}-siem-issue")).await.is_ok());
    process.terminate().await;
}

/// Half of the alerts name the Slack receiver, half the Lark one.
async fn post_until_answered(client: &reqwest::Client, url: &str, token: &str, number: usize) {
    let receiver = if number.is_multiple_of(2) { "slack-ops" } else { "lark-ops" };
    let url = format!("{url}?receiver_im={receiver}");
    let alert = json!({
        "title": format!("Number {number}"), "severity": "low", "fingerprint": format!("n{number}"),
        "labels": { "number": number.to_string() }
    });
    loop {
        let sent = client.post(&url).bearer_auth(token).json(&alert).send().await;
        match sent {
            Ok(response) if response.status() == 202 => return,
            Ok(response) => assert_eq!(response.status(), 503, "only a full or leaving server may refuse"),
            // It is down: try again, as senders do.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn set_up(steward: &Steward, admin: &str) {
    let code = "export default async ({ number }) => ({ number })";
    let tool =
        json!({ "name": "look", "type": "custom_code", "config": { "code": code, "allowed_hosts": [] } });
    steward.post(admin, "/api/v1/tools", tool).await;
    let skill = json!({ "name": "Numbers", "problem_description": "Numbers", "sop": SOP });
    let skill = steward.post(admin, "/api/v1/skills", skill).await;
    steward.post(admin, "/api/v1/bindings", json!({ "alert_pattern": "/./", "skill_id": skill["id"] })).await;
    let slack = json!({
        "name": "Slack", "receiver_im": "slack-ops", "im_type": "slack", "transport": "bot", "destination_id": "C1",
        "bot_token": "xoxb-test"
    });
    steward.post(admin, "/api/v1/receivers", slack).await;
    let lark = json!({
        "name": "Lark", "receiver_im": "lark-ops", "im_type": "lark", "transport": "bot", "destination_id": "oc_1",
        "app_id": "cli_test", "app_secret": "test"
    });
    steward.post(admin, "/api/v1/receivers", lark).await;
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(400), wait)
        .await
        .unwrap_or_else(|_| panic!("waited in vain until {what}"));
}

async fn every_alert_is_stored_once_and_every_issue_concluded_once(steward: &Steward, alerts: i64) {
    let mut db = steward.database().await;
    let one = async |db: &mut sqlx::PgConnection, query: &'static str| -> i64 {
        sqlx::query_scalar(query).fetch_one(db).await.unwrap()
    };
    assert_eq!(one(&mut db, "select count(*) from alerts").await, alerts);
    assert_eq!(one(&mut db, "select count(distinct fingerprint) from alerts").await, alerts);
    assert_eq!(one(&mut db, "select count(*) from issues").await, alerts);
    assert_eq!(one(&mut db, "select count(*) from issues where status = 'in_progress'").await, alerts);
    let twice = "select count(*) from (select r.subject_id from runs r
        join run_steps s on s.org_id = r.org_id and s.run_id = r.id and s.kind = 'conclusion'
        group by r.subject_id having count(*) <> 1) doubled";
    assert_eq!(one(&mut db, twice).await, 0);
    assert_eq!(one(&mut db, "select count(*) from run_steps where kind = 'conclusion'").await, alerts);
    assert_eq!(
        one(&mut db, "select count(*) from event_log where kind = 'issue.concluded.v1'").await,
        alerts
    );
    assert_eq!(one(&mut db, "select count(*) from dead_letters").await, 0);
}

async fn every_receiver_was_told_how_every_issue_ended(steward: &Steward, platforms: &Platforms) {
    let mut db = steward.database().await;
    let issues: Vec<(uuid::Uuid, String)> =
        sqlx::query_as("select id, receivers[1] from issues").fetch_all(&mut db).await.unwrap();
    let of = |receiver: &str| {
        issues.iter().filter(|(_, told)| told == receiver).map(|(id, _)| id.to_string()).collect()
    };
    let (slack, lark): (Vec<String>, Vec<String>) = (of("slack-ops"), of("lark-ops"));
    assert_eq!((slack.len(), lark.len()), (ALERTS / 2, ALERTS / 2));

    let mut states: BTreeMap<(String, String), usize> = BTreeMap::new();
    for message in platforms.slack() {
        let payload = &message["metadata"]["event_payload"];
        let key = |name: &str| payload[name].as_str().unwrap_or_else(|| panic!("{message}")).to_owned();
        *states.entry((key("subject_id"), key("state"))).or_default() += 1;
    }
    for issue in slack {
        let seen = states.get(&(issue.clone(), "concluded".to_owned())).copied().unwrap_or(0);
        assert!(seen >= 1, "Slack was not told that {issue} is concluded");
    }
    let twice: usize = states.values().map(|seen| seen - 1).sum();
    assert!(twice <= 1, "{twice} messages came twice; the lane has one on its way at a time");

    // One message for each issue, and every state delivered, or left out for a newer one of the same issue that was.
    assert_eq!(platforms.lark().len(), lark.len());
    let untold = "select count(*) from deliveries d where status <> 'delivered' and not (status = 'superseded'
        and exists (select from deliveries newer where newer.message_id = d.message_id and newer.event_id > d.event_id
            and newer.status = 'delivered'))";
    let untold: i64 = sqlx::query_scalar(untold).fetch_one(&mut db).await.unwrap();
    assert_eq!(untold, 0);
    let told: i64 = sqlx::query_scalar("select count(*) from deliveries").fetch_one(&mut db).await.unwrap();
    assert_eq!(told, 2 * ALERTS as i64);
}
