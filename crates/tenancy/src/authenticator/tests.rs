use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{Request, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{client, network::Network};
use crate::{Role, TokenScope, testing::World};

fn request(peer: &str, forwarded: &[&str]) -> Parts {
    let mut request = Request::builder().extension(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
    for value in forwarded {
        request = request.header("x-forwarded-for", *value);
    }
    request.body(()).unwrap().into_parts().0
}

#[test]
fn a_network_holds_the_addresses_of_its_prefix() {
    let check = |network: &str, address: &str, expected: bool| {
        let network: Network = network.parse().unwrap();
        assert_eq!(network.contains(address.parse().unwrap()), expected, "{network:?} {address}");
    };
    check("10.0.0.0/8", "10.255.0.1", true);
    check("10.0.0.0/8", "11.0.0.1", false);
    check("10.1.2.3/8", "10.9.9.9", true);
    check("192.0.2.7", "192.0.2.7", true);
    check("192.0.2.7", "192.0.2.8", false);
    check("192.0.2.7", "::ffff:192.0.2.7", true);
    check("0.0.0.0/0", "203.0.113.1", true);
    check("0.0.0.0/0", "2001:db8::1", false);
    check("::/0", "2001:db8::1", true);
    check("2001:db8::/32", "2001:db8:ffff::1", true);
    check("2001:db8::/32", "2001:db9::1", false);
    for refused in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "proxy", "10.0.0.0/", "10.0.0.0/-1"] {
        assert_eq!(refused.parse::<Network>().unwrap_err().code().0, "invalid_network", "{refused}");
    }
}

#[test]
fn only_trusted_proxies_may_say_who_called_them() {
    let trusted: Vec<Network> = vec!["10.0.0.0/8".parse().unwrap()];
    let check = |peer: &str, forwarded: &[&str], expected: &str| {
        let origin = client::origin(&request(peer, forwarded), &trusted);
        assert_eq!(origin.ip.as_deref(), Some(expected), "{peer} {forwarded:?}");
    };
    check("203.0.113.1:4000", &[], "203.0.113.1");
    check("203.0.113.1:4000", &["198.51.100.9"], "203.0.113.1");
    check("10.0.0.1:4000", &["198.51.100.9"], "198.51.100.9");
    check("10.0.0.1:4000", &["6.6.6.6, 198.51.100.9, 10.0.0.2"], "198.51.100.9");
    check("10.0.0.1:4000", &["6.6.6.6", "198.51.100.9"], "198.51.100.9");
    check("10.0.0.1:4000", &["198.51.100.9, nonsense"], "10.0.0.1");
    check("10.0.0.1:4000", &["198.51.100.9:5000"], "198.51.100.9");
    check("10.0.0.1:4000", &["10.0.0.3"], "10.0.0.3");
    check("[::ffff:10.0.0.1]:4000", &["[2001:db8::1]:5000"], "2001:db8::1");
    assert_eq!(client::origin(&Request::builder().body(()).unwrap().into_parts().0, &trusted).ip, None);
}

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
