//! What whoever takes a signed webhook gets, checked with the library of the specification's authors.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use kernel::{Clock, SystemClock};
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{Request, ResponseTemplate};

use crate::{ReceiverId, card::State, tests::World};

const HOOK: &str = "POST /hooks/steward";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD: &str = "whsec_bm90IHRoZSBzYW1lIGFzIHRoZSBvdGhlciBvbmU=";

async fn receiver(world: &World, secrets: &str) -> ReceiverId {
    let url = format!("{}/hooks/steward", world.server.uri());
    let fields =
        json!({ "im_type": "webhook", "transport": "signed", "webhook_url": url, "signing_secret": secrets });
    world.receiver("app", fields).await
}

/// The body, if `secret` verifies it.
fn verified(request: &Request, secret: &str) -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packages = root.join("../../target/standardwebhooks");
    assert!(packages.join("complete").exists(), "standardwebhooks is not there: make setup fetches it");
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: Value = names
        .iter()
        .map(|name| (name.to_string(), json!(request.headers[*name].to_str().unwrap())))
        .collect();
    let body = std::str::from_utf8(&request.body).unwrap();
    let mut python = Command::new("python3")
        .args(["-B".as_ref(), root.join("src/channels/signed_webhook/verify.py").as_os_str()])
        .env("PYTHONPATH", packages)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let asked = json!({ "secret": secret, "headers": headers, "body": body });
    python.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let answer = python.wait_with_output().unwrap();
    answer.status.success().then(|| serde_json::from_slice(&answer.stdout).unwrap())
}

/// The library takes what was signed within five minutes of the machine's clock.
fn at_this_moment(world: &World) {
    world.db.clock.advance(SystemClock.now() - world.db.clock.now());
}

async fn requests(world: &World) -> Vec<Request> {
    world.server.received_requests().await.unwrap()
}

#[tokio::test]
async fn a_message_is_verified_by_whoever_knows_the_secret_and_says_why() {
    let world = World::new().await;
    at_this_moment(&world);
    let id = receiver(&world, SECRET).await;
    world.answers(HOOK, 204, json!("")).await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["app"], State::Concluded).await;
    world.deliver().await;
    let request = &requests(&world).await[0];
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["webhook-id"], world.log(id).await[0]["id"].as_str().unwrap());
    assert_eq!(
        verified(request, SECRET).unwrap(),
        json!({
            "type": "issue.concluded",
            "timestamp": testkit::start_of_time(),
            "data": {
                "issue": { "id": issue, "title": "Pod web-1 crash-loops", "severity": "critical", "state": "concluded" },
                "verdict": "real",
                "is_real_issue": true,
                "reason": "The last deploy removed a variable.",
                "cause": "DATABASE_URL is not set",
                "actions": ["Roll back to v41"],
                "note": null,
                "alerts": { "count": 3 },
                "links": { "issue": "https://steward.example/issues/1" },
            },
        })
    );
    assert_eq!(verified(request, OLD), None);
    assert_eq!(world.log(id).await[0]["status"], "delivered");
}

#[tokio::test]
async fn while_a_secret_changes_over_either_verifies() {
    let world = World::new().await;
    at_this_moment(&world);
    let id = receiver(&world, &format!("{SECRET},{OLD}")).await;
    world.answers(HOOK, 200, json!({})).await;
    let test = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    assert_eq!(test, json!({ "ok": true, "error": null }));
    let request = &requests(&world).await[0];
    for secret in [SECRET, OLD] {
        assert_eq!(verified(request, secret).unwrap()["type"], "receiver.tested");
    }
}

#[tokio::test]
async fn another_attempt_is_the_same_message_with_another_signature() {
    let world = World::new().await;
    receiver(&world, SECRET).await;
    world.answers(HOOK, 200, json!("")).await;
    world.answers_once(HOOK, ResponseTemplate::new(404)).await;
    world.announce(Uuid::new_v4(), &["app"], State::Opened).await;
    world.deliver().await;
    world.db.clock.advance(chrono::TimeDelta::minutes(5));
    world.deliver().await;
    let requests = requests(&world).await;
    let of = |name: &str| requests.iter().map(|request| request.headers[name].clone()).collect::<Vec<_>>();
    let (ids, signatures) = (of("webhook-id"), of("webhook-signature"));
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
    assert_ne!(signatures[0], signatures[1]);
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn one_that_is_gone_is_told_nothing_any_more() {
    let world = World::new().await;
    let id = receiver(&world, SECRET).await;
    world.answers(HOOK, 410, json!("unsubscribed")).await;
    world.announce(Uuid::new_v4(), &["app"], State::Opened).await;
    world.announce(Uuid::new_v4(), &["app"], State::Opened).await;
    world.deliver().await;
    assert_eq!(requests(&world).await.len(), 1);
    assert_eq!(world.show(id).await["status"], "inactive");
    assert_eq!(world.log(id).await[1]["error"], "HTTP 410 Gone: unsubscribed");
    assert_eq!(world.log(id).await[0]["error"], "the receiver was made inactive");
    assert!(world.events("receiver.").await.contains(&"receiver.gone.v1".into()));
}

#[tokio::test]
async fn a_secret_that_is_none_and_an_address_inside_are_refused() {
    let world = World::new().await;
    let url = format!("{}/hooks/steward", world.server.uri());
    let check = async |url: &str, secret: &str, pointer: &str| {
        let receiver = json!({ "name": "n", "receiver_im": "n", "im_type": "webhook", "transport": "signed",
            "webhook_url": url, "signing_secret": secret });
        let problem = world.client().post("/api/v1/receivers", receiver).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    };
    check(&url, "hunter2", "/signing_secret").await;
    check(&url, "whsec_hunter2", "/signing_secret").await;
    check(&url, &format!("{SECRET},{OLD},{SECRET}"), "/signing_secret").await;
    check("http://hooks.example/", SECRET, "/webhook_url").await;
    check("https://192.168.0.1/", SECRET, "/webhook_url").await;
    check("https://169.254.169.254/latest", SECRET, "/webhook_url").await;
}
