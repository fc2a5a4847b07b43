use chrono::TimeDelta;
use serde_json::json;

use super::{IDLE, LONGEST};
use crate::{Options, OrganizationStatus, Role, admin, testing::World};

async fn world_at(public_url: Option<&str>) -> World {
    let public_url = public_url.map(|url| url.parse().unwrap());
    let world = World::with(Options { public_url, ..Options::default() }).await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Admin).await;
    world
}

#[tokio::test]
async fn the_cookie_is_for_the_server_alone_and_secure_behind_tls() {
    let check = async |public_url: Option<&str>, expected: &str| {
        let browser = world_at(public_url).await.browser("jo@example.com").await;
        let (pair, attributes) = browser.cookie.split_once("; ").unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        assert_eq!((name, value.len()), ("steward_session", 64));
        assert_eq!(attributes, expected);
    };
    check(Some("https://steward.example"), "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800").await;
    check(Some("http://steward.example"), "HttpOnly; SameSite=Lax; Path=/; Max-Age=604800").await;
    check(None, "HttpOnly; SameSite=Lax; Path=/; Max-Age=604800").await;
}

#[tokio::test]
async fn only_a_hash_of_the_session_is_stored() {
    let world = world_at(None).await;
    let browser = world.browser("jo@example.com").await;
    let id = browser.cookie.split(['=', ';']).nth(1).unwrap();
    let mut tx = world.db.db.system("a test looks at what is stored").await.unwrap();
    let stored: String =
        sqlx::query_scalar("select s::text from sessions s").fetch_one(tx.conn()).await.unwrap();
    assert!(!stored.contains(id), "{stored}");
}

#[tokio::test]
async fn a_changing_request_repeats_the_token_of_its_session() {
    let world = world_at(None).await;
    let browser = world.browser("jo@example.com").await;
    let other = world.browser("jo@example.com").await;
    let rename = json!({ "name": "Renamed" });
    let without = browser.with_cookie.patch("/api/v1/organization", rename.clone()).await;
    assert_eq!(without.problem(403), "csrf_token_invalid");
    for token in ["", "guess", other.me["csrf_token"].as_str().unwrap()] {
        let client = browser.with_cookie.clone().with_header("x-csrf-token", token);
        assert_eq!(
            client.patch("/api/v1/organization", rename.clone()).await.problem(403),
            "csrf_token_invalid"
        );
    }
    let elsewhere = browser.client.clone().with_header("origin", "https://evil.example");
    assert_eq!(elsewhere.patch("/api/v1/organization", rename.clone()).await.problem(403), "origin_refused");
    browser.with_cookie.get("/api/v1/organization").await.expect(200);
    browser.client.patch("/api/v1/organization", rename).await.expect(200);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let world = world_at(None).await;
    let browser = world.browser("jo@example.com").await;
    world.db.clock.advance(IDLE - TimeDelta::seconds(1));
    browser.client.get("/api/v1/me").await.expect(200);
    world.db.clock.advance(IDLE - TimeDelta::seconds(1));
    browser.client.get("/api/v1/me").await.expect(200);
    world.db.clock.advance(IDLE);
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
}

#[tokio::test]
async fn a_session_ends_after_a_week_in_any_case() {
    let world = world_at(None).await;
    let browser = world.browser("jo@example.com").await;
    let mut left = LONGEST;
    while left > TimeDelta::zero() {
        browser.client.get("/api/v1/me").await.expect(200);
        world.db.clock.advance(TimeDelta::hours(8));
        left -= TimeDelta::hours(8);
    }
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let world = world_at(None).await;
    let (browser, other) = (world.browser("jo@example.com").await, world.browser("jo@example.com").await);
    let unproven = browser.with_cookie.post("/api/v1/auth/sign-out", json!({})).await;
    assert_eq!(unproven.problem(403), "csrf_token_invalid");
    let left = browser.client.post("/api/v1/auth/sign-out", json!({})).await;
    assert_eq!(left.headers["set-cookie"], "steward_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    left.expect(204);
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
    other.client.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_session_moves_to_another_organization_of_its_person() {
    let world = world_at(None).await;
    let (other, foreign) = (world.db.org("other").await, world.db.org("foreign").await);
    world.join(&other, "jo@example.com", Role::Viewer).await;
    let browser = world.browser("jo@example.com").await;
    let switch = async |slug: &str| {
        browser.client.post("/api/v1/me/organization", json!({ "organization": slug })).await
    };
    let me = switch("other").await.expect(200);
    assert_eq!((&me["organization"]["slug"], &me["role"]), (&json!("other"), &json!("viewer")));
    assert_eq!(me["csrf_token"], browser.me["csrf_token"]);
    assert_eq!(browser.client.get("/api/v1/me").await.expect(200), me);
    assert_eq!(switch(&foreign.slug).await.problem(403), "no_membership");
    assert_eq!(switch("acme").await.expect(200)["role"], "admin");
}

#[tokio::test]
async fn a_session_in_a_suspended_organization_opens_nothing_but_the_ways_out() {
    let world = world_at(None).await;
    let other = world.db.org("other").await;
    world.join(&other, "jo@example.com", Role::Viewer).await;
    let (leaves, moves) = (world.browser("jo@example.com").await, world.browser("jo@example.com").await);
    admin::set_org_status(&world.deps.app, "acme", OrganizationStatus::Suspended).await.unwrap();
    assert_eq!(moves.client.get("/api/v1/me/sessions").await.problem(403), "organization_suspended");

    // A page that was loaded anew does not know the token against forgery: `/me` is closed to it.
    let forged = leaves.with_cookie.clone().with_header("origin", "https://evil.example");
    assert_eq!(forged.post("/api/v1/auth/sign-out", json!({})).await.problem(403), "origin_refused");
    let left = leaves.with_cookie.post("/api/v1/auth/sign-out", json!({})).await;
    assert_eq!(left.headers["set-cookie"], "steward_session=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    left.expect(204);
    assert_eq!(leaves.client.get("/api/v1/me").await.problem(401), "session_expired");

    let switch = async |slug: &str| {
        moves.client.post("/api/v1/me/organization", json!({ "organization": slug })).await
    };
    assert_eq!(switch("acme").await.problem(403), "organization_suspended");
    assert_eq!(switch("other").await.expect(200)["organization"]["slug"], "other");
    assert_eq!(moves.client.get("/api/v1/me").await.expect(200)["role"], "viewer");
}

#[tokio::test]
async fn a_token_of_a_suspended_organization_opens_no_way_out() {
    let world = world_at(None).await;
    let org = world.db.org("other").await;
    let token = world.token(&org, Role::Admin, &[crate::TokenScope::Api]).await;
    let browser = world.browser("jo@example.com").await;
    admin::set_org_status(&world.deps.app, "other", OrganizationStatus::Suspended).await.unwrap();
    let both = browser.client.clone().with_header("authorization", &format!("Bearer {token}"));
    let refused = both.post("/api/v1/auth/sign-out", json!({})).await;
    assert_eq!(refused.problem(403), "organization_suspended");
    browser.client.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_token_has_no_session_to_move() {
    let world = world_at(None).await;
    let org = world.db.org("other").await;
    let holder = world.bearer(&world.token(&org, Role::Admin, &[crate::TokenScope::Api]).await);
    let moved = holder.post("/api/v1/me/organization", json!({ "organization": "acme" })).await;
    assert_eq!(moved.problem(409), "no_session");
}

#[tokio::test]
async fn sessions_that_ended_are_removed() {
    let world = world_at(None).await;
    let cron = crate::domain(&world.deps).cron;
    let browser = world.browser("jo@example.com").await;
    let count = async || {
        let mut tx = world.db.db.system("a test counts sessions").await.unwrap();
        sqlx::query_scalar::<_, i64>("select count(*) from sessions").fetch_one(tx.conn()).await.unwrap()
    };
    world.db.clock.advance(IDLE - TimeDelta::minutes(1));
    browser.client.get("/api/v1/me").await.expect(200);
    world.browser("jo@example.com").await;
    cron.fire_due(&world.db.db).await;
    assert_eq!(count().await, 2);
    world.db.clock.advance(IDLE);
    cron.fire_due(&world.db.db).await;
    assert_eq!(count().await, 0);
}
