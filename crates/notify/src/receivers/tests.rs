mod versions;

use kernel::Secret;
use platform::secrets::{self, Name};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Credentials, input::is_receiver_im};
use crate::{
    card::State,
    channels::CHANNELS,
    tests::{World, lines, response},
};

#[tokio::test]
async fn a_receiver_is_created_without_showing_its_credentials() {
    let world = World::new().await;
    let id = world.slack_bot("devops").await;
    let shown = world.show(id).await;
    assert_eq!(
        shown,
        json!({
            "id": id, "name": "devops", "receiver_im": "devops", "im_type": "slack", "transport": "bot",
            "destination_id": "C-devops", "is_default": false, "status": "active", "node_id": null, "has_credentials": true,
            "awaits_confirmation": false, "confirmation_error": null, "min_severity": "low", "hours": null, "fallback_id": null,
            "health": "unknown", "last_delivered_at": null, "last_failed_at": null, "last_error": null,
            "consecutive_failures": 0, "created_at": "2026-11-21T12:00:00Z", "updated_at": "2026-11-21T12:00:00Z",
        })
    );
    let mut tx = world.org.tx().await;
    let key = format!("receiver/{id}/bot_token");
    let name = Name::new("slack", &key);
    let sealed = secrets::get(&mut tx, &world.deps.app.keyring, name).await.unwrap();
    assert_eq!(sealed.unwrap().expose(), "xoxb-devops-canary");
}

#[tokio::test]
async fn credentials_are_write_only_in_the_description_of_the_api() {
    let world = World::new().await;
    let (_, api) = crate::domain(world.deps.clone()).api.split_for_parts();
    let schemas = serde_json::to_value(api).unwrap()["components"]["schemas"].clone();
    for setting in CHANNELS.iter().flat_map(|channel| channel.credentials()) {
        let name = setting.name;
        assert_eq!(schemas["ReceiverInput"]["properties"][name]["writeOnly"], true, "{name}");
        assert_eq!(schemas["Receiver"]["properties"][name], Value::Null, "{name}");
    }
}

#[tokio::test]
async fn receivers_are_listed_oldest_first_page_by_page() {
    let world = World::new().await;
    for name in ["one", "two", "three"] {
        world.slack_bot(name).await;
    }
    let first = world.client().get("/api/v1/receivers?limit=2").await.expect(200);
    let names = |page: &Value| -> Vec<Value> {
        page["items"].as_array().unwrap().iter().map(|receiver| receiver["name"].clone()).collect()
    };
    assert_eq!(names(&first), ["one", "two"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = world.client().get(&format!("/api/v1/receivers?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(names(&second), ["three"]);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let world = World::new().await;
    let check = async |body: Value, expected: &[&str]| {
        let problem = world.client().post("/api/v1/receivers", body.clone()).await.expect(422);
        let pointers: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(problem["code"], "invalid_receiver", "{problem}");
        assert_eq!(pointers, expected, "{body}");
    };
    let with = |fields: Value| {
        let mut body = json!({ "name": "n", "receiver_im": "n", "im_type": "slack", "transport": "webhook" });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    let url = "https://hooks.example/services/x";
    check(with(json!({})), &["/webhook_url"]).await;
    check(with(json!({ "webhook_url": "  " })), &["/webhook_url"]).await;
    check(with(json!({ "webhook_url": "no url" })), &["/webhook_url"]).await;
    check(with(json!({ "webhook_url": "http://hooks.example/x" })), &["/webhook_url"]).await;
    check(with(json!({ "webhook_url": "https://10.0.0.1/x" })), &["/webhook_url"]).await;
    check(with(json!({ "webhook_url": url, "signing_secret": "s3cret" })), &["/signing_secret"]).await;
    check(with(json!({ "webhook_url": url, "name": " ", "receiver_im": "-x" })), &["/name", "/receiver_im"])
        .await;
    check(with(json!({ "transport": "bot" })), &["/destination_id", "/bot_token"]).await;
    check(
        with(json!({ "transport": "bot", "destination_id": "C1", "bot_token": "xapp-1" })),
        &["/bot_token"],
    )
    .await;
    let lark = json!({ "im_type": "lark", "transport": "bot", "destination_id": "oc_1", "app_id": "cli" });
    check(with(lark), &["/app_secret"]).await;
    assert_eq!(world.org.count("im_receivers").await, 0);
    assert_eq!(world.org.count("configurations").await, 0);
}

#[test]
fn a_name_for_alerts_is_what_the_table_takes() {
    for good in ["devops-slack", "a", "0.x_Y", &"a".repeat(100)] {
        assert!(is_receiver_im(good), "{good}");
    }
    for bad in ["", "-a", ".a", "a b", "ä", "a/b", &"a".repeat(101)] {
        assert!(!is_receiver_im(bad), "{bad}");
    }
}

#[tokio::test]
async fn two_receivers_cannot_have_one_name_for_alerts() {
    let world = World::new().await;
    world.slack_bot("devops").await;
    let body = json!({ "name": "other", "receiver_im": "devops", "im_type": "slack", "transport": "bot", "destination_id": "C2", "bot_token": "xoxb-2" });
    assert_eq!(world.client().post("/api/v1/receivers", body).await.problem(409), "receiver_im_taken");
}

#[tokio::test]
async fn an_update_keeps_the_credentials_that_it_does_not_give() {
    let world = World::new().await;
    world.slack_works().await;
    let id = world.slack_bot("devops").await;
    let path = format!("/api/v1/receivers/{id}");
    let mut body = json!({ "name": "Renamed", "receiver_im": "devops", "im_type": "slack", "transport": "bot", "destination_id": "C9" });
    let updated = world.client().put(&path, body.clone()).await.expect(200);
    assert_eq!((&updated["name"], &updated["has_credentials"]), (&json!("Renamed"), &json!(true)));
    world.client().post(&format!("{path}/test"), json!({})).await.expect(200);
    body["bot_token"] = json!("xoxb-new");
    world.client().put(&path, body).await.expect(200);
    world.client().post(&format!("{path}/test"), json!({})).await.expect(200);
    let used: Vec<_> = world.got().await.into_iter().map(|got| got.authorization.unwrap()).collect();
    assert_eq!(used, ["Bearer xoxb-devops-canary", "Bearer xoxb-new"]);
}

#[tokio::test]
async fn another_kind_needs_its_own_credentials_and_drops_the_old_ones() {
    let world = World::new().await;
    let id = world.lark_webhook("devops").await;
    let path = format!("/api/v1/receivers/{id}");
    let mut body =
        json!({ "name": "devops", "receiver_im": "devops", "im_type": "slack", "transport": "webhook" });
    // Both kinds call it webhook_url, but the stored one leads to Lark.
    let problem = world.client().put(&path, body.clone()).await.expect(422);
    assert_eq!(problem["errors"][0]["pointer"], "/webhook_url");
    body["webhook_url"] = json!("https://hooks.slack.com/services/T/B/x");
    world.client().put(&path, body).await.expect(200);
    assert_eq!(world.org.count("configurations").await, 1);
}

#[tokio::test]
async fn deleting_a_receiver_deletes_its_credentials_and_its_log() {
    let world = World::new().await;
    world.slack_works().await;
    let id = world.slack_bot("devops").await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    let path = format!("/api/v1/receivers/{id}");
    assert_eq!(world.client().delete(&path).await.status, 204);
    assert_eq!(world.client().get(&path).await.problem(404), "not_found");
    for table in ["configurations", "im_messages", "deliveries"] {
        assert_eq!(world.org.count(table).await, 0, "{table}");
    }
    // Its job finds nothing to do.
    assert_eq!(world.deliver().await, 1);
    assert!(world.got().await.is_empty());
    assert_eq!(world.org.count("dead_letters").await, 0);
    assert_eq!(world.events("receiver.").await, ["receiver.created.v1", "receiver.deleted.v1"]);
}

#[tokio::test]
async fn a_test_message_reaches_each_kind_of_platform() {
    let world = World::new().await;
    world.slack_works().await;
    world.lark_app_works().await;
    world.answers("POST /services/T0/B0/b-canary", 200, json!("ok")).await;
    world.answers("POST /open-apis/bot/v2/hook/d-canary", 200, json!({ "code": 0, "msg": "success" })).await;
    let receivers = [
        world.slack_bot("a").await,
        world.slack_webhook("b").await,
        world.lark_app("c").await,
        world.lark_webhook("d").await,
    ];
    for id in receivers {
        let result =
            world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
        assert_eq!(result, json!({ "ok": true, "error": null }));
        assert_eq!(world.show(id).await["health"], "ok");
    }
    let got = world.got().await;
    let expected = [
        "POST /api/chat.postMessage",
        "POST /services/T0/B0/b-canary",
        "POST /open-apis/auth/v3/tenant_access_token/internal",
        "POST /open-apis/im/v1/messages?receive_id_type=chat_id",
        "POST /open-apis/bot/v2/hook/d-canary",
    ];
    assert_eq!(lines(&got), expected);
}

#[tokio::test]
async fn a_test_message_says_what_the_platform_said_without_its_secrets() {
    let world = World::new().await;
    let id = world.slack_webhook("b").await;
    let echo = format!("cannot post to {}/services/T0/B0/b-canary", world.server.uri());
    world.answers_once("POST /services/T0/B0/b-canary", response(400, json!(echo))).await;
    let result = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    assert_eq!(result, json!({ "ok": false, "error": "HTTP 400 Bad Request: cannot post to [hidden]" }));
    let shown = world.show(id).await;
    assert_eq!((&shown["health"], &shown["last_error"]), (&json!("failing"), &result["error"]));

    world.answers_once("POST /services/T0/B0/b-canary", response(404, json!("no_service"))).await;
    let result = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    assert!(result["error"].as_str().unwrap().starts_with("Slack says no_service: the webhook was removed"));
}

#[tokio::test]
async fn a_platform_that_cannot_be_reached_is_named_without_its_address() {
    let world = World::new().await;
    let url = "http://127.0.0.1:1/services/T0/B0/closed-canary";
    let fields = json!({ "im_type": "slack", "transport": "webhook", "webhook_url": url });
    let id = world.receiver("closed", fields).await;
    let result = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    let error = result["error"].as_str().unwrap();
    assert!(error.starts_with("cannot connect: ") && !error.contains("canary"), "{error}");
}

#[tokio::test]
async fn a_receiver_of_another_organization_is_not_found() {
    let world = World::new().await;
    let id = world.slack_bot("devops").await;
    let stranger = world.client_of(&world.db.org("globex").await);
    let path = format!("/api/v1/receivers/{id}");
    let body = json!({ "name": "n", "receiver_im": "n", "im_type": "slack", "transport": "bot", "destination_id": "C1", "bot_token": "xoxb-1" });
    assert_eq!(stranger.get(&path).await.problem(404), "not_found");
    assert_eq!(stranger.put(&path, body).await.problem(404), "not_found");
    assert_eq!(stranger.delete(&path).await.problem(404), "not_found");
    assert_eq!(stranger.post(&format!("{path}/test"), json!({})).await.problem(404), "not_found");
    assert_eq!(stranger.get(&format!("{path}/deliveries")).await.problem(404), "not_found");
    assert_eq!(stranger.get("/api/v1/receivers").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let world = World::new().await;
    let id = world.slack_bot("devops").await;
    let caller = world.org.caller_with(&["receivers:read"]);
    let reader = testkit::TestClient::new(world.router(), Some(caller));
    let path = format!("/api/v1/receivers/{id}");
    reader.get(&path).await.expect(200);
    assert_eq!(reader.delete(&path).await.problem(403), "forbidden");
    assert_eq!(reader.post(&format!("{path}/test"), json!({})).await.problem(403), "forbidden");
}

#[test]
fn what_a_platform_repeats_is_scrubbed() {
    let url = "https://hooks.slack.com/services/T/B/tokentoken";
    let credentials =
        Credentials::of(vec![("webhook_url", url), ("signing_secret", "signing-secret"), ("app_id", "ok")]);
    assert_eq!(credentials.scrub(&format!("{url} is bad")), "[hidden] is bad");
    assert_eq!(credentials.scrub("no tokentoken, signing-secret"), "no [hidden], [hidden]");
    // Too short to be looked for.
    assert_eq!(credentials.scrub("not ok"), "not ok");
    assert_eq!(credentials.get("signing_secret").map(Secret::expose).unwrap(), "signing-secret");
}
