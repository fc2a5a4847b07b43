//! A credential that was replaced can be used again for a while.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::TestClient;

use crate::{
    ReceiverId,
    tests::{World, response},
};

const NO_JSON: &str = "HTTP 400 Bad Request with an answer that is no JSON";

/// A Slack bot whose token was replaced once.
async fn replaced(world: &World) -> ReceiverId {
    let id = world.slack_bot("devops").await;
    world.db.clock.advance(TimeDelta::hours(1));
    let body = json!({ "name": "devops", "receiver_im": "devops", "im_type": "slack", "transport": "bot",
        "destination_id": "C-devops", "bot_token": "xoxb-second-canary" });
    world.client().put(&format!("/api/v1/receivers/{id}"), body).await.expect(200);
    id
}

async fn credentials(world: &World, id: ReceiverId) -> Value {
    world.client().get(&format!("/api/v1/receivers/{id}/credentials")).await.expect(200)["items"].clone()
}

/// The token that the platform is shown.
async fn used(world: &World, id: ReceiverId) -> String {
    world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    world.got().await.pop().unwrap().authorization.unwrap()
}

#[tokio::test]
async fn people_see_when_each_version_was_set_and_by_whom_and_never_what_it_is() {
    let world = World::new().await;
    let id = replaced(&world).await;
    let by = json!(world.org.admin);
    let expected = json!([{ "credential": "bot_token", "versions": [
        { "version": 2, "is_current": true, "set_at": "2026-11-21T13:00:00Z", "set_by": by, "set_by_name": "admin",
            "until": null },
        { "version": 1, "is_current": false, "set_at": "2026-11-21T12:00:00Z", "set_by": by, "set_by_name": "admin",
            "until": "2026-11-28T13:00:00Z" },
    ] }]);
    assert_eq!(credentials(&world, id).await, expected);
    world.db.clock.advance(TimeDelta::days(7));
    assert_eq!(credentials(&world, id).await[0]["versions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_credential_that_is_used_again_is_what_the_platform_gets() {
    let world = World::new().await;
    world.slack_works().await;
    let id = replaced(&world).await;
    assert_eq!(used(&world, id).await, "Bearer xoxb-second-canary");
    let path = format!("/api/v1/receivers/{id}/credentials/bot_token/restore");
    world.client().post(&path, json!({ "version": 1 })).await.expect(204);
    assert_eq!(used(&world, id).await, "Bearer xoxb-devops-canary");
    let versions = credentials(&world, id).await[0]["versions"].clone();
    assert_eq!((&versions[0]["version"], &versions[1]["version"]), (&json!(3), &json!(2)));

    for gone in [1, 3, 7] {
        assert_eq!(world.client().post(&path, json!({ "version": gone })).await.problem(404), "not_found");
    }
    let unknown = format!("/api/v1/receivers/{id}/credentials/app_secret/restore");
    assert_eq!(world.client().post(&unknown, json!({ "version": 2 })).await.problem(404), "not_found");
    assert_eq!(world.events("receiver.credential").await, ["receiver.credential_restored.v1"]);
}

#[tokio::test]
async fn earlier_credentials_are_forgotten_at_once_when_somebody_says_so() {
    let world = World::new().await;
    let id = replaced(&world).await;
    let path = format!("/api/v1/receivers/{id}/credentials/bot_token");
    for _ in 0..2 {
        world.client().post(&format!("{path}/forget-earlier"), json!({})).await.expect(204);
    }
    assert_eq!(world.org.count("earlier_secrets").await, 0);
    let restore = format!("{path}/restore");
    assert_eq!(world.client().post(&restore, json!({ "version": 1 })).await.problem(404), "not_found");
    assert_eq!(world.events("receiver.credential").await, ["receiver.credentials_forgotten.v1"]);
}

#[tokio::test]
async fn a_platform_that_repeats_an_earlier_credential_shows_it_to_nobody() {
    let world = World::new().await;
    let id = replaced(&world).await;
    let told = "xoxb-devops-canary was replaced by xoxb-second-canary";
    let test = format!("/api/v1/receivers/{id}/test");
    world.answers_once("POST /api/chat.postMessage", response(400, json!(told))).await;
    let result = world.client().post(&test, json!({})).await.expect(200);
    assert_eq!(result["error"], format!("{NO_JSON}: [hidden] was replaced by [hidden]"));
}

#[tokio::test]
async fn versions_go_with_their_receiver() {
    let world = World::new().await;
    let id = replaced(&world).await;
    assert_eq!(world.org.count("earlier_secrets").await, 1);
    assert_eq!(world.client().delete(&format!("/api/v1/receivers/{id}")).await.status, 204);
    assert_eq!(world.org.count("earlier_secrets").await, 0);
}

#[tokio::test]
async fn versions_of_another_organization_s_receiver_are_not_found_and_a_reader_changes_none() {
    let world = World::new().await;
    let id = replaced(&world).await;
    let path = format!("/api/v1/receivers/{id}/credentials");
    let restore = format!("{path}/bot_token/restore");
    let forget = format!("{path}/bot_token/forget-earlier");
    let stranger = world.client_of(&world.db.org("globex").await);
    assert_eq!(stranger.get(&path).await.problem(404), "not_found");
    assert_eq!(stranger.post(&restore, json!({ "version": 1 })).await.problem(404), "not_found");
    assert_eq!(stranger.post(&forget, json!({})).await.problem(404), "not_found");
    let reader = TestClient::new(world.router(), Some(world.org.caller_with(&["receivers:read"])));
    reader.get(&path).await.expect(200);
    assert_eq!(reader.post(&restore, json!({ "version": 1 })).await.problem(403), "forbidden");
    assert_eq!(reader.post(&forget, json!({})).await.problem(403), "forbidden");
    assert_eq!(world.org.count("earlier_secrets").await, 1);
}
