use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{Role, TokenScope, testing::World};

#[tokio::test]
async fn a_token_is_taken_wherever_a_sender_can_put_it() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let token = world.token(&org, Role::Api, &[TokenScope::Ingest]).await;
    let client = |name: &'static str, value: String| world.nobody.clone().with_header(name, &value);
    let basic = STANDARD.encode(format!("anybody:{token}"));
    for sender in [
        client("authorization", format!("Bearer {token}")),
        client("authorization", format!("bearer  {token}")),
        client("authorization", format!("Basic {basic}")),
        client("x-api-key", token.clone()),
    ] {
        assert_eq!(sender.post("/hooks/test", json!({})).await.expect(200)["org"], json!(org.id));
    }
    world.nobody.post(&format!("/hooks/test?receiver_im=x&token={token}"), json!({})).await.expect(200);
}

#[tokio::test]
async fn a_token_in_the_address_is_taken_by_webhooks_only() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let token = world.token(&org, Role::Api, &[TokenScope::Api]).await;
    assert_eq!(world.nobody.get(&format!("/api/v1/me?token={token}")).await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn the_first_credential_decides() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let token = world.token(&org, Role::Api, &[TokenScope::Api]).await;
    let client =
        world.nobody.clone().with_header("authorization", "Bearer nonsense").with_header("x-api-key", &token);
    assert_eq!(client.get("/who").await.problem(401), "invalid_token");
}

#[tokio::test]
async fn what_is_no_credential_is_refused_and_nobody_is_asked_to_sign_in() {
    let world = World::new().await;
    assert_eq!(world.nobody.get("/who").await.problem(401), "unauthenticated");
    let forged = crate::tokens::text::generate("acme", None);
    let not_utf8 = STANDARD.encode([0xff, b':', 0xff]);
    for value in [
        "Bearer",
        "Bearer ",
        "Bearer a.b",
        "Bearer eyJ.eyJ",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Basic !!!",
        "Basic YWJj",
        &format!("Basic {not_utf8}"),
        "Digest abc",
        &format!("Bearer {}", forged.expose()),
    ] {
        let client = world.nobody.clone().with_header("authorization", value);
        assert_eq!(client.get("/who").await.problem(401), "invalid_token", "{value}");
    }
    let cookie = world.nobody.clone().with_header("cookie", "steward_session=stale");
    assert_eq!(cookie.get("/who").await.problem(401), "session_expired");
    cookie.get("/api/v1/auth/methods").await.expect(200);
}

#[tokio::test]
async fn the_agent_and_the_address_are_kept_for_the_record() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let token = world.token(&org, Role::Api, &[TokenScope::Api]).await;
    let client = world.bearer(&token).with_header("user-agent", &"x".repeat(1000));
    let seen = client.get("/who").await.expect(200);
    assert_eq!(seen["user_agent"].as_str().unwrap().len(), 255);
    assert_eq!(seen["actor"]["type"], "token");
}

#[tokio::test]
async fn a_refusal_names_what_refuses_a_token() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let said = async |client: &testkit::TestClient| {
        let refused = client.get("/api/v1/tokens").await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        refused.body["detail"].as_str().unwrap().to_owned()
    };
    let ingest = said(&world.bearer(&world.token(&org, Role::Admin, &[TokenScope::Ingest]).await)).await;
    assert!(ingest.contains("scopes of this token"), "{ingest}");
    let viewer = said(&world.bearer(&world.token(&org, Role::Viewer, &[TokenScope::Api]).await)).await;
    assert!(viewer.contains("the role viewer"), "{viewer}");

    world.person(&org, "jo@example.com", Role::Admin).await;
    let maker = world.browser("jo@example.com").await.client;
    let made = json!({ "name": "mine", "role": "admin", "scopes": ["api"] });
    let made = maker.post("/api/v1/tokens", made).await.expect(201);
    world.sql("update memberships set role = 'viewer' where user_id = (select id from users where email = 'jo@example.com')").await;
    let demoted = said(&world.bearer(made["token"].as_str().unwrap())).await;
    assert!(demoted.contains("owner"), "{demoted}");

    let team = json!({ "kind": "team", "slug": "sre", "name": "SRE" });
    let team = world.admin_of(&org).post("/api/v1/nodes", team).await.expect(201);
    let local = json!({ "name": "local", "role": "admin", "scopes": ["api"], "node_id": team["id"] });
    let local = world.admin_of(&org).post("/api/v1/tokens", local).await.expect(201);
    let local = said(&world.bearer(local["token"].as_str().unwrap())).await;
    assert!(local.contains("at some nodes only"), "{local}");
}
