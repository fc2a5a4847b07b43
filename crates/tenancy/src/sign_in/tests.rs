use std::net::SocketAddr;

use axum::{Router, extract::ConnectInfo};
use chrono::TimeDelta;
use kernel::Secret;
use serde_json::json;
use testkit::{TestClient, start_of_time};

use super::{
    attempts::{Attempts, Locked, PER_ACCOUNT, Throttle, address_key},
    passwords,
};
use crate::{
    Options, Role,
    testing::{Browser, PASSWORD, World},
};

const WRONG: &str = "not the right password";

#[test]
fn each_failure_beyond_the_fifth_locks_for_twice_as_long() {
    let mut now = start_of_time();
    let mut attempts = Attempts::default();
    let mut locks = Vec::new();
    for _ in 0..12 {
        attempts = attempts.reserve(PER_ACCOUNT, now).unwrap();
        let lock = attempts.locked_until.map(|until| until - now).unwrap_or_default();
        locks.push(lock.num_seconds());
        now += lock;
    }
    assert_eq!(locks, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
}

#[test]
fn a_lock_is_refused_with_the_time_left_and_forgotten_after_an_hour() {
    let now = start_of_time();
    let locked = Attempts { failed: 9, locked_until: Some(now + TimeDelta::seconds(30)) };
    assert_eq!(locked.reserve(PER_ACCOUNT, now), Err(Locked(TimeDelta::seconds(30))));
    let soon = now + TimeDelta::minutes(5);
    assert_eq!(locked.reserve(PER_ACCOUNT, soon).unwrap().failed, 10);
    let later = now + TimeDelta::minutes(61);
    assert_eq!(locked.reserve(PER_ACCOUNT, later), Ok(Attempts { failed: 1, locked_until: None }));
}

#[test]
fn an_address_is_counted_within_a_window_and_success_takes_back() {
    let throttle = Throttle::of_addresses();
    let now = start_of_time();
    for _ in 0..50 {
        throttle.reserve("192.0.2.1", now).unwrap();
        throttle.succeeded("192.0.2.1");
    }
    for _ in 0..20 {
        throttle.reserve("192.0.2.1", now).unwrap();
    }
    assert_eq!(throttle.reserve("192.0.2.1", now), Err(Locked(TimeDelta::seconds(30))));
    throttle.reserve("192.0.2.2", now).unwrap();
    let later = now + TimeDelta::minutes(15);
    for _ in 0..20 {
        throttle.reserve("192.0.2.1", later).unwrap();
    }
}

#[test]
fn an_ipv6_subscriber_is_one_address() {
    assert_eq!(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:2:ffff::9"));
    assert_ne!(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:3::1"));
    assert_ne!(address_key("192.0.2.1"), address_key("192.0.2.2"));
    assert_eq!((address_key("127.0.0.1"), address_key("::1")), (None, None));
}

#[tokio::test]
async fn a_password_is_kept_as_argon2id_with_the_recommended_cost() {
    let password = Secret::new(PASSWORD.to_owned());
    let hash = passwords::hash(&password).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_ne!(hash, passwords::hash(&password).await.unwrap(), "each has a salt of its own");
    assert!(passwords::matches(&password, Some(hash.clone())).await.unwrap());
    assert!(!passwords::matches(&Secret::new(WRONG.to_owned()), Some(hash)).await.unwrap());
    assert!(!passwords::matches(&password, None).await.unwrap());
    assert!(!passwords::matches(&password, Some("no hash".into())).await.unwrap());
}

#[tokio::test]
async fn an_unknown_email_and_a_wrong_password_are_refused_alike() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Member).await;
    world.invite(&org, "invited@example.com").await;
    let wrong = world.sign_in("jo@example.com", WRONG).await.expect(401);
    assert_eq!(wrong["code"], "invalid_credentials");
    let too_long = "a".repeat(10_000);
    for (email, password) in [
        ("who@example.com", WRONG),
        ("invited@example.com", WRONG),
        ("no address", WRONG),
        ("jo@example.com", &too_long),
    ] {
        assert_eq!(world.sign_in(email, password).await.expect(401), wrong, "{email}");
    }
}

#[tokio::test]
async fn five_failures_lock_an_account_even_for_the_right_password() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Member).await;
    for _ in 0..5 {
        assert_eq!(world.sign_in("jo@example.com", WRONG).await.problem(401), "invalid_credentials");
    }
    let locked = world.sign_in("jo@example.com", PASSWORD).await;
    assert_eq!(locked.headers["retry-after"], "30");
    assert_eq!(locked.problem(429), "sign_in_locked");
    world.db.clock.advance(TimeDelta::seconds(29));
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.headers["retry-after"], "1");
    world.db.clock.advance(TimeDelta::seconds(1));
    assert_eq!(world.sign_in("jo@example.com", WRONG).await.problem(401), "invalid_credentials");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.headers["retry-after"], "60");
    world.db.clock.advance(TimeDelta::seconds(60));
    world.sign_in("jo@example.com", PASSWORD).await.expect(200);
    for _ in 0..4 {
        assert_eq!(world.sign_in("jo@example.com", WRONG).await.problem(401), "invalid_credentials");
    }
    world.sign_in("jo@example.com", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_email_that_nobody_has_locks_like_any_other() {
    let world = World::new().await;
    for _ in 0..5 {
        assert_eq!(world.sign_in("who@example.com", WRONG).await.problem(401), "invalid_credentials");
    }
    let locked = world.sign_in("who@example.com", WRONG).await;
    assert_eq!(locked.headers["retry-after"], "30");
    assert_eq!(locked.problem(429), "sign_in_locked");
}

#[tokio::test]
async fn guesses_at_once_are_counted_before_they_are_judged() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Member).await;
    let guesses = (0..12).map(|_| world.sign_in("jo@example.com", WRONG));
    let statuses = futures_join(guesses.collect()).await;
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 7, "{statuses:?}");
}

/// Polls all of them at once, on this task.
async fn futures_join<F: Future<Output = testkit::Response>>(futures: Vec<F>) -> Vec<u16> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut statuses = Vec::new();
    std::future::poll_fn(|context| {
        futures.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(response) => {
                statuses.push(response.status.as_u16());
                false
            }
            std::task::Poll::Pending => true,
        });
        if futures.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    statuses
}

#[tokio::test]
async fn an_address_that_guesses_at_many_accounts_is_locked() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Member).await;
    let from = |address: &str| {
        let info = ConnectInfo::<SocketAddr>(format!("{address}:40000").parse().unwrap());
        TestClient::bare(Router::from(crate::routes(world.deps.clone())).layer(axum::Extension(info)))
    };
    let (attacker, other) = (from("203.0.113.7"), from("203.0.113.8"));
    for guess in 0..20 {
        let body = json!({ "email": format!("user{guess}@example.com"), "password": WRONG });
        attacker.post("/api/v1/auth/sign-in", body).await.expect(401);
    }
    let right = || json!({ "email": "jo@example.com", "password": PASSWORD });
    assert_eq!(attacker.post("/api/v1/auth/sign-in", right()).await.problem(429), "sign_in_locked");
    other.post("/api/v1/auth/sign-in", right()).await.expect(200);
    world.db.clock.advance(TimeDelta::seconds(30));
    attacker.post("/api/v1/auth/sign-in", right()).await.expect(200);
}

#[tokio::test]
async fn signing_in_opens_the_organization_that_was_asked_for() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    world.person(&acme, "jo@example.com", Role::Viewer).await;
    let new = json!({ "email": "jo@example.com", "role": "admin" });
    world.admin_of(&other).post("/api/v1/members", new).await.expect(201);
    let sign_in = async |organization: Option<&str>| {
        let body = json!({ "email": "jo@example.com", "password": PASSWORD, "organization": organization });
        world.nobody.post("/api/v1/auth/sign-in", body).await
    };
    assert_eq!(sign_in(None).await.expect(200)["organization"]["slug"], "acme");
    let there = sign_in(Some("other")).await.expect(200);
    assert_eq!((&there["organization"]["slug"], &there["role"]), (&json!("other"), &json!("admin")));
    assert_eq!(sign_in(Some("nowhere")).await.problem(403), "no_membership");
}

#[tokio::test]
async fn a_page_of_another_site_cannot_sign_its_visitors_in() {
    let world = World::with(Options {
        public_url: Some("https://steward.example".parse().unwrap()),
        ..Options::default()
    })
    .await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Viewer).await;
    let from = async |origin: &str| {
        let body = json!({ "email": "jo@example.com", "password": PASSWORD });
        let client = world.nobody.clone().with_header("origin", origin).with_header("host", "10.0.0.5:8080");
        client.post("/api/v1/auth/sign-in", body).await
    };
    from("https://steward.example").await.expect(200);
    from("http://10.0.0.5:8080").await.expect(200);
    for origin in
        ["https://evil.example", "https://steward.example.evil.example", "null", "http://steward.example"]
    {
        assert_eq!(from(origin).await.problem(403), "origin_refused", "{origin}");
    }
}

#[tokio::test]
async fn the_methods_say_whether_supabase_is_set_up() {
    let world = World::new().await;
    let methods = world.nobody.get("/api/v1/auth/methods").await.expect(200);
    assert_eq!(methods, json!({ "password": true, "supabase": null }));
}

#[tokio::test]
async fn a_sign_in_is_in_the_record_with_where_it_came_from() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let jo = world.person(&org, "jo@example.com", Role::Member).await;
    let body = json!({ "email": "jo@example.com", "password": PASSWORD });
    let client = world.nobody.clone().with_header("user-agent", "Firefox");
    let browser = Browser::of(&world, client.post("/api/v1/auth/sign-in", body).await);
    browser.client.post("/api/v1/auth/sign-out", json!({})).await.expect(204);
    let lines = world.admin_of(&org).get(&format!("/api/v1/audit?actor={jo}")).await.expect(200);
    let lines: Vec<_> = lines["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (&line["action"], &line["user_agent"]))
        .collect();
    assert_eq!(
        lines,
        [(&json!("member.signed_out"), &json!(null)), (&json!("member.signed_in"), &json!("Firefox"))]
    );
}
