//! What each platform gets, in which order.

use chrono::TimeDelta;
use kernel::EventId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{POST, UPDATE, states};
use crate::{
    card::State,
    tests::{World, lines, response},
};

#[tokio::test]
async fn a_slack_bot_posts_once_and_edits_from_then_on() {
    let world = World::new().await;
    world.slack_works().await;
    let receiver = world.slack_bot("devops").await;
    let issue = Uuid::new_v4();
    for state in [State::Analyzing, State::Concluded, State::Resolved] {
        world.announce(issue, &["devops"], state).await;
        world.deliver().await;
    }
    let got = world.got().await;
    assert_eq!(lines(&got), [POST, UPDATE, UPDATE]);
    assert!(got.iter().all(|got| got.authorization.as_deref() == Some("Bearer xoxb-devops-canary")));
    assert_eq!((&got[0].body["channel"], &got[0].body["ts"]), (&json!("C-devops"), &Value::Null));
    assert_eq!((&got[1].body["channel"], &got[1].body["ts"]), (&json!("C1"), &json!("1.5")));
    assert_eq!(states(&got[2].body), "Analyzing > Concluded > Resolved");

    let log = world.log(receiver).await;
    let shown: Vec<_> = log.iter().map(|delivery| (&delivery["state"], &delivery["status"])).collect();
    assert_eq!(
        json!(shown),
        json!([["resolved", "delivered"], ["concluded", "delivered"], ["analyzing", "delivered"]])
    );
    assert_eq!(got[2].body["metadata"]["event_payload"]["delivery_id"], log[0]["id"]);
    assert_eq!(world.show(receiver).await["health"], "ok");
}

#[tokio::test]
async fn a_webhook_posts_a_message_for_each_state() {
    let world = World::new().await;
    world.answers("POST /services/T0/B0/devops-canary", 200, json!("ok")).await;
    world.slack_webhook("devops").await;
    let issue = Uuid::new_v4();
    for state in [State::Analyzing, State::Concluded] {
        world.announce(issue, &["devops"], state).await;
        world.deliver().await;
    }
    let got = world.got().await;
    let heads: Vec<_> = got.iter().map(|got| got.body["text"].as_str().unwrap()).collect();
    assert_eq!(
        heads,
        [
            "[Critical] Analyzing: Pod web-1 crash-loops",
            "[Critical] Concluded: Pod web-1 crash-loops. Real issue"
        ]
    );
}

#[tokio::test]
async fn a_lark_custom_bot_gets_a_signed_card() {
    let world = World::new().await;
    world
        .answers("POST /open-apis/bot/v2/hook/ops-canary", 200, json!({ "code": 0, "msg": "success" }))
        .await;
    world.lark_webhook("ops").await;
    world.announce(Uuid::new_v4(), &["ops"], State::Concluded).await;
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), ["POST /open-apis/bot/v2/hook/ops-canary"]);
    let body = &got[0].body;
    assert_eq!((&body["msg_type"], &body["timestamp"]), (&json!("interactive"), &json!("1795262400")));
    // Computed with Python's hmac module.
    assert_eq!(body["sign"], "SDM9AF6vdsZuKhoHHiOoyTRmr/C+oSyv+hSYU/jkTZ0=");
    assert_eq!(body["card"]["header"]["title"]["content"], "Pod web-1 crash-loops");
}

#[tokio::test]
async fn a_lark_app_posts_with_an_idempotency_key_and_edits_with_the_same_token() {
    let world = World::new().await;
    world.lark_app_works().await;
    let receiver = world.lark_app("ops").await;
    let issue = Uuid::new_v4();
    for state in [State::Analyzing, State::Concluded] {
        world.announce(issue, &["ops"], state).await;
        world.deliver().await;
    }
    let got = world.got().await;
    let token = "POST /open-apis/auth/v3/tenant_access_token/internal";
    let post = "POST /open-apis/im/v1/messages?receive_id_type=chat_id";
    assert_eq!(lines(&got), [token, post, "PATCH /open-apis/im/v1/messages/om_1"]);
    assert_eq!(got[0].body, json!({ "app_id": "cli_1", "app_secret": "app-secret-canary" }));
    assert_eq!(got[1].authorization.as_deref(), Some("Bearer t-canary"));
    assert_eq!(
        (&got[1].body["receive_id"], &got[1].body["msg_type"]),
        (&json!("oc_1"), &json!("interactive"))
    );
    assert_eq!(got[1].body["uuid"], world.log(receiver).await[1]["id"]);
    let content = |got: &crate::tests::Got| -> Value {
        serde_json::from_str(got.body["content"].as_str().unwrap()).unwrap()
    };
    assert_eq!(content(&got[1])["config"]["update_multi"], true);
    assert!(content(&got[2]).to_string().contains("Analyzing 12:00 UTC  →  Concluded 12:00 UTC"));
}

#[tokio::test]
async fn a_lark_token_that_is_no_longer_taken_is_replaced() {
    let world = World::new().await;
    world.lark_app_works().await;
    let receiver = world.lark_app("ops").await;
    let expired = json!({ "code": 99_991_663, "msg": "Invalid access token" });
    world.answers_once("POST /open-apis/im/v1/messages", response(400, expired)).await;
    world.announce(Uuid::new_v4(), &["ops"], State::Opened).await;
    world.deliver().await;
    assert_eq!(world.got().await.len(), 4);
    assert_eq!(world.log(receiver).await[0]["status"], "delivered");

    // Two hours later the kept one has run out.
    world.db.clock.advance(TimeDelta::hours(2));
    world.announce(Uuid::new_v4(), &["ops"], State::Opened).await;
    world.deliver().await;
    assert_eq!(lines(&world.got().await)[0], "POST /open-apis/auth/v3/tenant_access_token/internal");
}

#[tokio::test]
async fn a_state_whose_predecessor_was_never_posted_is_posted() {
    let world = World::new().await;
    world.slack_bot("devops").await;
    world.slack_works().await;
    world.answers_once(POST, response(200, json!({ "ok": false, "error": "invalid_blocks" }))).await;
    let issue = Uuid::new_v4();
    for state in [State::Opened, State::Concluded] {
        world.announce(issue, &["devops"], state).await;
        world.deliver().await;
    }
    let got = world.got().await;
    assert_eq!(lines(&got), [POST, POST]);
    // What was never shown is not in the trail.
    assert_eq!(states(&got[1].body), "Concluded");
}

#[tokio::test]
async fn a_message_that_somebody_deleted_is_posted_anew() {
    let world = World::new().await;
    world.slack_bot("devops").await;
    world.slack_works().await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["devops"], State::Opened).await;
    world.deliver().await;
    world.answers_once(UPDATE, response(200, json!({ "ok": false, "error": "message_not_found" }))).await;
    world.announce(issue, &["devops"], State::Concluded).await;
    world.deliver().await;
    assert_eq!(lines(&world.got().await), [POST, UPDATE, POST]);
}

#[tokio::test]
async fn a_state_that_comes_late_does_not_overwrite_a_newer_one() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.slack_works().await;
    let issue = Uuid::new_v4();
    let (earlier, later) = (EventId::new(testkit::start_of_time()), EventId::new(testkit::start_of_time()));
    world.announce_event(later, issue, &["devops"], State::Concluded).await;
    world.deliver().await;
    world.announce_event(earlier, issue, &["devops"], State::Analyzing).await;
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), [POST, UPDATE]);
    assert!(got[1].body["text"].as_str().unwrap().starts_with("[Critical] Concluded"));
    assert_eq!(states(&got[1].body), "Analyzing > Concluded");
    // It is told nevertheless, and can be told apart.
    assert_eq!(got[1].body["metadata"]["event_payload"]["state"], "analyzing");
    assert!(world.log(receiver).await.iter().all(|delivery| delivery["status"] == "delivered"));
}
