use chrono::TimeDelta;
use kernel::Secret;
use serde_json::{Value, json};
use testkit::Response;

use super::passwords;
use crate::{
    Options, Role,
    testing::{Browser, PASSWORD, World},
};

const WRONG: &str = "not the right password";

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
    world.invite(&org, "invited@example.com", Role::Member).await;
    world.without_password(&org, "elsewhere@example.com").await;
    let wrong = world.sign_in("jo@example.com", WRONG).await.expect(401);
    assert_eq!(wrong["code"], "invalid_credentials");
    let too_long = "a".repeat(10_000);
    for (email, password) in [
        ("who@example.com", WRONG),
        ("invited@example.com", WRONG),
        ("elsewhere@example.com", WRONG),
        ("no address", WRONG),
        ("jo@example.com", &too_long),
    ] {
        assert_eq!(world.sign_in(email, password).await.expect(401), wrong, "{email}");
    }
}

fn sign_in_of(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

#[tokio::test]
async fn five_failures_lock_a_network_out_of_an_account_even_with_the_right_password() {
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
async fn whoever_guesses_locks_nobody_out_but_themselves() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Member).await;
    for last in 1..=40 {
        let attacker = world.at(&format!("203.0.113.{last}"));
        for _ in 0..6 {
            attacker.post("/api/v1/auth/sign-in", sign_in_of("jo@example.com", WRONG)).await;
        }
    }
    let attacker = world.at("203.0.113.1");
    let locked = attacker.post("/api/v1/auth/sign-in", sign_in_of("jo@example.com", PASSWORD)).await;
    assert_eq!(locked.problem(429), "sign_in_locked");
    let jo = world.at("198.51.100.1");
    jo.post("/api/v1/auth/sign-in", sign_in_of("jo@example.com", PASSWORD)).await.expect(200);
}

/// The browser's name, as its cookie holds it.
fn device_of(response: &Response) -> String {
    let mut cookies = response.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let device = cookies.rfind(|cookie| cookie.starts_with("steward_device=")).expect("a device");
    device.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_known_device_passes_by_the_lock_of_its_network() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    for email in ["jo@example.com", "al@example.com"] {
        world.person(&org, email, Role::Member).await;
    }
    let office = world.at("198.51.100.1");
    let before = office.post("/api/v1/auth/sign-in", sign_in_of("jo@example.com", PASSWORD)).await;
    let device = device_of(&before);
    before.expect(200);
    for guess in 0..30 {
        let email = if guess % 2 == 0 { "jo@example.com".into() } else { format!("user{guess}@example.com") };
        office.post("/api/v1/auth/sign-in", sign_in_of(&email, WRONG)).await;
    }
    let try_in = async |device: &str, email: &str, password: &str| {
        let browser = office.clone().with_header("cookie", device);
        browser.post("/api/v1/auth/sign-in", sign_in_of(email, password)).await
    };
    assert_eq!(try_in("x=y", "jo@example.com", PASSWORD).await.problem(429), "sign_in_locked");
    let made_up = format!("steward_device={}", "A".repeat(43));
    assert_eq!(try_in(&made_up, "jo@example.com", PASSWORD).await.problem(429), "sign_in_locked");
    assert_eq!(try_in(&device, "al@example.com", PASSWORD).await.problem(429), "sign_in_locked");
    try_in(&device, "jo@example.com", PASSWORD).await.expect(200);
    // It has a counter of its own, so it is no way around.
    for _ in 0..5 {
        assert_eq!(try_in(&device, "jo@example.com", WRONG).await.problem(401), "invalid_credentials");
    }
    assert_eq!(try_in(&device, "jo@example.com", PASSWORD).await.problem(429), "sign_in_locked");
}

#[tokio::test]
async fn an_unproved_account_with_an_address_wins_no_guesses_at_the_account_that_proved_it() {
    let world = World::new().await;
    let (acme, evil) = (world.db.org("acme").await, world.db.org("evil").await);
    world.person(&acme, "jo@example.com", Role::Admin).await;
    let invited = world.invite(&evil, "jo@example.com", Role::Viewer).await;
    world.follow(invited["link"].as_str().unwrap()).await.expect(200);
    let office = world.at("198.51.100.1");
    let guess = async |password: &str, organization: Option<&str>| {
        let body = json!({ "email": "jo@example.com", "password": password, "organization": organization });
        office.post("/api/v1/auth/sign-in", body).await.status.as_u16()
    };
    for _ in 0..2 {
        assert_eq!((guess(WRONG, None).await, guess(WRONG, None).await), (401, 401));
        assert_eq!(guess(PASSWORD, Some("evil")).await, 200);
    }
    assert_eq!((guess(WRONG, None).await, guess(WRONG, None).await), (401, 429));
}

#[tokio::test]
async fn known_and_unknown_addresses_are_counted_alike_by_every_process() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Member).await;
    let replica = World::beside(&world);
    let servers = [&world, &replica];
    let mut seen = Vec::new();
    for email in ["jo@example.com", "who@example.com", "no address"] {
        let mut answers = Vec::new();
        for guess in 0..8 {
            let answer = servers[guess % 2].sign_in(email, WRONG).await;
            let wait = answer.headers.get("retry-after").cloned();
            answers.push((answer.status, answer.body, wait));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0][5].0, 429, "five are forgiven, whichever process they ask");
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
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
    let (attacker, other) = (world.at("203.0.113.7"), world.at("203.0.113.8"));
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
    world.join(&other, "jo@example.com", Role::Admin).await;
    let sign_in = async |organization: Option<&str>| {
        let body = json!({ "email": "jo@example.com", "password": PASSWORD, "organization": organization });
        world.nobody.post("/api/v1/auth/sign-in", body).await
    };
    assert_eq!(sign_in(None).await.expect(200)["organization"]["slug"], "acme");
    let there = sign_in(Some("other")).await.expect(200);
    assert_eq!((&there["organization"]["slug"], &there["role"]), (&json!("other"), &json!("admin")));
    assert_eq!(
        sign_in(Some(" Other ")).await.expect(200)["organization"]["slug"],
        "other",
        "as it was typed"
    );
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
    assert_eq!(methods, json!({ "password": true, "mail": false, "supabase": null }));
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
