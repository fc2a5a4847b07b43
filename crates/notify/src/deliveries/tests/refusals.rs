//! What platforms refuse, and how long they are waited for.

use chrono::TimeDelta;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wiremock::ResponseTemplate;

use super::POST;
use crate::{
    card::State,
    deliveries::deliver::MAX_ATTEMPTS,
    tests::{World, lines, response},
};

#[tokio::test]
async fn a_rate_limit_is_waited_out_in_order_and_delays_nobody_else() {
    let world = World::new().await;
    world.slack_works().await;
    world.answers("POST /services/T0/B0/other-canary", 200, json!("ok")).await;
    let (slow, other) = (world.slack_bot("slow").await, world.slack_webhook("other").await);
    world.answers_once(POST, ResponseTemplate::new(429).insert_header("retry-after", "30")).await;
    world.announce(Uuid::new_v4(), &["slow", "other"], State::Analyzing).await;
    world.announce(Uuid::new_v4(), &["slow", "other"], State::Concluded).await;
    world.deliver().await;
    let delivered = async |receiver| {
        world.log(receiver).await.iter().filter(|delivery| delivery["status"] == "delivered").count()
    };
    assert_eq!((delivered(slow).await, delivered(other).await), (0, 2));
    assert_eq!(world.log(slow).await[1]["error"], "rate limited for 30 s (HTTP 429 Too Many Requests)");
    assert_eq!(world.show(slow).await["health"], "unknown");

    world.got().await;
    world.db.clock.advance(TimeDelta::seconds(29));
    assert_eq!(world.deliver().await, 0);
    world.db.clock.advance(TimeDelta::seconds(1));
    world.deliver().await;
    assert_eq!(lines(&world.got().await), [POST, POST]);
    assert_eq!(delivered(slow).await, 2);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_holds_up_only_its_own_receiver() {
    let world = World::new().await;
    let (hangs, other) = (world.slack_bot("hangs").await, world.slack_webhook("other").await);
    let never = ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(3600));
    world.answers_once(POST, never).await;
    world.answers("POST /services/T0/B0/other-canary", 200, json!("ok")).await;
    world.announce(Uuid::new_v4(), &["hangs", "other"], State::Opened).await;
    world.announce(Uuid::new_v4(), &["hangs", "other"], State::Resolved).await;
    let worker = tokio::spawn(world.worker().run(CancellationToken::new()));
    while world.log(other).await.iter().any(|delivery| delivery["status"] == "pending") {
        tokio::task::yield_now().await;
    }
    let mut to_slack = 0;
    while to_slack == 0 {
        to_slack += world.got().await.iter().filter(|got| got.line == POST).count();
        tokio::task::yield_now().await;
    }
    // The second waits behind the first, whose answer is still awaited.
    assert_eq!(to_slack, 1);
    assert!(world.log(hangs).await.iter().all(|delivery| delivery["status"] == "pending"));
    worker.abort();
}

#[tokio::test]
async fn a_platform_that_limits_for_ever_is_shown_as_failing_and_given_up_after_a_day() {
    let world = World::new().await;
    world.answers(POST, 429, json!({})).await;
    let receiver = world.slack_bot("slow").await;
    world.announce(Uuid::new_v4(), &["slow"], State::Opened).await;
    for _ in 0..20 {
        world.deliver().await;
        world.db.clock.advance(TimeDelta::seconds(10));
    }
    assert_eq!(world.log(receiver).await[0]["status"], "pending");
    assert_eq!(world.show(receiver).await["health"], "failing");
    world.db.clock.advance(TimeDelta::days(1));
    for _ in 0..MAX_ATTEMPTS {
        world.deliver().await;
        world.db.clock.advance(TimeDelta::seconds(10));
    }
    assert_eq!(world.log(receiver).await[0]["status"], "failed");
}

#[tokio::test]
async fn a_refusal_that_cannot_pass_fails_the_delivery_but_not_the_next_one() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.slack_works().await;
    world.answers_once(POST, response(200, json!({ "ok": false, "error": "channel_not_found" }))).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.deliver().await;
    let log = world.log(receiver).await;
    assert_eq!((&log[1]["status"], &log[1]["attempts"]), (&json!("failed"), &json!(1)));
    assert!(
        log[1]["error"].as_str().unwrap().starts_with("Slack says channel_not_found: use the channel's ID")
    );
    assert_eq!(log[0]["status"], "delivered");
    assert_eq!(world.org.count("dead_letters").await, 1);
    assert_eq!(world.events("delivery.").await, ["delivery.failed.v1"]);
    let health = ["receiver.created.v1", "receiver.failing.v1", "receiver.recovered.v1"];
    assert_eq!(world.events("receiver.").await, health);
}

#[tokio::test]
async fn a_platform_s_own_failure_is_retried_and_given_up_after_the_last_attempt() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.answers(POST, 503, json!("maintenance")).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.deliver().await;
    let shown = world.show(receiver).await;
    assert_eq!((&shown["health"], &shown["consecutive_failures"]), (&json!("failing"), &json!(1)));
    assert_eq!(shown["last_error"], "HTTP 503 Service Unavailable: maintenance");
    assert_eq!(world.log(receiver).await[0]["status"], "pending");
    for _ in 1..MAX_ATTEMPTS {
        world.db.clock.advance(TimeDelta::minutes(5));
        world.deliver().await;
    }
    let log = world.log(receiver).await;
    assert_eq!((&log[0]["status"], &log[0]["attempts"]), (&json!("failed"), &json!(MAX_ATTEMPTS)));
    assert_eq!(world.org.count("dead_letters").await, 1);
    assert_eq!(world.events("receiver.").await, ["receiver.created.v1", "receiver.failing.v1"]);
}

#[tokio::test]
async fn a_failed_delivery_can_be_sent_again() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.slack_works().await;
    world.answers_once(POST, response(200, json!({ "ok": false, "error": "not_in_channel" }))).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.deliver().await;
    let id = world.log(receiver).await[0]["id"].as_str().unwrap().to_owned();
    let retry = format!("/api/v1/deliveries/{id}/retry");

    let stranger = world.client_of(&world.db.org("globex").await);
    assert_eq!(stranger.post(&retry, json!({})).await.problem(404), "not_found");
    let waiting = async || {
        let mut tx = world.org.tx().await;
        platform::dead_letters::count(&mut tx).await.unwrap()
    };
    assert_eq!(waiting().await, 1);
    assert_eq!(world.client().post(&retry, json!({})).await.status, 204);
    assert_eq!(waiting().await, 0, "that it was given up concerns nobody any more");
    assert_eq!(world.log(receiver).await[0]["status"], "pending");
    assert_eq!(world.client().post(&retry, json!({})).await.problem(409), "delivery_not_failed");
    world.deliver().await;
    assert_eq!(world.log(receiver).await[0]["status"], "delivered");
    assert_eq!(world.client().post(&retry, json!({})).await.problem(409), "delivery_not_failed");
}

#[tokio::test]
async fn secrets_stay_out_of_everything_that_is_kept_or_shown() {
    let world = World::new().await;
    let receivers = [
        world.slack_bot("a").await,
        world.slack_webhook("b").await,
        world.lark_app("c").await,
        world.lark_webhook("d").await,
    ];
    // Platforms that repeat what they were sent.
    let slack = json!({ "ok": false, "error": "bad xoxb-a-canary" });
    let lark = |said: &str| json!({ "code": 10014, "msg": said });
    world.answers(POST, 200, slack).await;
    world.answers("POST /services/T0/B0/b-canary", 400, json!("bad b-canary")).await;
    let token = "POST /open-apis/auth/v3/tenant_access_token/internal";
    world.answers(token, 200, lark("bad app-secret-canary")).await;
    let hook = "POST /open-apis/bot/v2/hook/d-canary";
    world.answers(hook, 200, lark("bad signing-canary for d-canary")).await;
    world.announce(Uuid::new_v4(), &["a", "b", "c", "d"], State::Opened).await;
    world.deliver().await;
    assert_eq!(world.org.count("dead_letters").await, 4);

    let mut seen = String::new();
    for receiver in receivers {
        let tested =
            world.client().post(&format!("/api/v1/receivers/{receiver}/test"), json!({})).await.expect(200);
        seen += &format!("{tested}{}{:?}", world.show(receiver).await, world.log(receiver).await);
    }
    let mut tx = world.db.db.system("a test looks for secrets").await.unwrap();
    let kept = "select coalesce(string_agg(line, ' '), '') from (
        select t::text as line from event_log t union all select t::text from audit_logs t
        union all select t::text from dead_letters t union all select t::text from jobs t
        union all select t::text from deliveries t union all select t::text from im_messages t
        union all select t::text from im_receivers t) as kept";
    let kept: String = sqlx::query_scalar(kept).fetch_one(tx.conn()).await.unwrap();
    assert!(seen.contains("[hidden]") && kept.contains("[hidden]"));
    for canary in ["xoxb-a-canary", "b-canary", "app-secret-canary", "signing-canary", "d-canary"] {
        assert!(!seen.contains(canary) && !kept.contains(canary), "{canary}");
    }
}
