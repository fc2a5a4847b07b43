use chrono::TimeDelta;
use kernel::Secret;
use platform::db::{Actor, Origin};
use serde_json::{Value, json};

use super::{
    By,
    password::{Named, verify},
    prove::Proved,
};
use crate::{
    Role,
    testing::{Browser, PASSWORD, World},
};

const NEW: &str = "an entirely different one";

fn change(current: &str, new: &str) -> Value {
    json!({ "current_password": current, "password": new })
}

/// Somebody who followed a link that their inviter saw.
async fn unverified(world: &World, org: &testkit::TestOrg, email: &str) -> Browser {
    let link = world.invite(org, email, Role::Member).await["link"].clone();
    Browser::of(world, world.follow(link.as_str().unwrap()).await)
}

async fn prove(world: &World, email: &str, organization: &str) -> Proved {
    let by = By { actor: Actor::System { name: "a test".into() }, origin: &Origin::default() };
    let named = Named { email, organization: Some(organization) };
    verify(&world.deps.app, &by, &named, &Secret::new(NEW.to_owned())).await.unwrap()
}

#[tokio::test]
async fn a_person_changes_their_own_password_and_their_other_sessions_end() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Viewer).await;
    let (here, elsewhere) = (world.browser("jo@example.com").await, world.browser("jo@example.com").await);
    let put = async |body: Value| here.client.put("/api/v1/me/password", body).await;
    assert_eq!(put(change("not my password", NEW)).await.problem(422), "wrong_password");
    assert_eq!(put(change(PASSWORD, "short")).await.problem(422), "invalid_password");
    elsewhere.client.get("/api/v1/me").await.expect(200);
    put(change(PASSWORD, NEW)).await.expect(204);
    here.client.get("/api/v1/me").await.expect(200);
    assert_eq!(elsewhere.client.get("/api/v1/me").await.problem(401), "session_expired");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(401), "invalid_credentials");
    world.sign_in("jo@example.com", NEW).await.expect(200);
    let audit = world.admin_of(&org).get("/api/v1/audit?action=member.password_set").await.expect(200);
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
    assert!(!audit.to_string().contains(NEW));
}

#[tokio::test]
async fn whoever_found_an_open_browser_cannot_guess_the_password_for_ever() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Viewer).await;
    let browser = world.browser("jo@example.com").await;
    for _ in 0..5 {
        let refused = browser.client.put("/api/v1/me/password", change("a guess of mine", NEW)).await;
        assert_eq!(refused.problem(422), "wrong_password");
    }
    let locked = browser.client.put("/api/v1/me/password", change(PASSWORD, NEW)).await;
    assert_eq!(locked.problem(429), "sign_in_locked");
    world.sign_in("jo@example.com", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_token_does_not_become_the_person_whose_it_is() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Admin).await;
    let browser = world.browser("jo@example.com").await;
    let token = json!({ "name": "mine", "role": "admin", "scopes": ["api"] });
    let token = browser.client.post("/api/v1/tokens", token).await.expect(201);
    assert_eq!(token["owner"], "person");
    let holder = world.bearer(token["token"].as_str().unwrap());
    let asked = [
        holder.get("/api/v1/me/sessions").await,
        holder.delete("/api/v1/me/sessions").await,
        holder.get("/api/v1/me/invitations").await,
        holder.patch("/api/v1/me", json!({ "name": "Mallory" })).await,
        holder.put("/api/v1/me/password", change(PASSWORD, NEW)).await,
        holder.post("/api/v1/me/address-proof", json!({})).await,
    ];
    for response in asked {
        assert_eq!(response.problem(409), "no_session");
    }
    browser.client.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_person_renames_themselves() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Viewer).await;
    let browser = world.browser("jo@example.com").await;
    let me = browser.client.patch("/api/v1/me", json!({ "name": " Jo Doe " })).await.expect(200);
    assert_eq!(me["user"]["name"], "Jo Doe");
    let refused = browser.client.patch("/api/v1/me", json!({ "name": "two\nlines" })).await;
    assert_eq!(refused.problem(422), "invalid_name");
    let me = browser.client.patch("/api/v1/me", json!({ "name": null })).await.expect(200);
    assert_eq!(me["user"]["name"], Value::Null);
}

#[tokio::test]
async fn a_person_sees_their_sessions_everywhere_and_ends_them() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    world.person(&acme, "jo@example.com", Role::Viewer).await;
    world.join(&other, "jo@example.com", Role::Viewer).await;
    world.person(&acme, "al@example.com", Role::Admin).await;
    let (here, there, al) = (
        world.browser("jo@example.com").await,
        world.browser("jo@example.com").await,
        world.browser("al@example.com").await,
    );
    there.client.post("/api/v1/me/organization", json!({ "organization": "other" })).await.expect(200);
    let seen = here.client.get("/api/v1/me/sessions").await.expect(200);
    let seen = seen["items"].as_array().unwrap();
    let of = |current: bool| seen.iter().find(|session| session["current"] == current).unwrap();
    assert_eq!(
        (seen.len(), &of(true)["organization"], &of(false)["organization"]),
        (2, &json!("Acme"), &json!("Other"))
    );

    let path = format!("/api/v1/me/sessions/{}", of(false)["id"].as_str().unwrap());
    assert_eq!(al.client.delete(&path).await.problem(404), "not_found", "not even an admin ends another's");
    there.client.get("/api/v1/me").await.expect(200);
    here.client.delete(&path).await.expect(204);
    assert_eq!(there.client.get("/api/v1/me").await.problem(401), "session_expired");

    let third = world.browser("jo@example.com").await;
    here.client.delete("/api/v1/me/sessions").await.expect(204);
    assert_eq!(third.client.get("/api/v1/me").await.problem(401), "session_expired");
    here.client.get("/api/v1/me").await.expect(200);
    al.client.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_session_that_lasts_no_more_is_not_listed() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Viewer).await;
    world.browser("jo@example.com").await;
    world.db.clock.advance(TimeDelta::hours(13));
    let browser = world.browser("jo@example.com").await;
    let seen = browser.client.get("/api/v1/me/sessions").await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn proving_an_address_discards_what_opened_the_account_before() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let before = unverified(&world, &org, "jo@example.com").await;
    world.sql("update memberships set role = 'admin' where role = 'member'").await;
    let token = json!({ "name": "mine", "role": "viewer", "scopes": ["api"] });
    let token = before.client.post("/api/v1/tokens", token).await.expect(201);
    assert_eq!(prove(&world, "jo@example.com", "acme").await, Proved::Verified);
    assert_eq!(before.client.get("/api/v1/me").await.problem(401), "session_expired");
    let holder = world.bearer(token["token"].as_str().unwrap());
    assert_eq!(holder.get("/api/v1/me").await.problem(401), "token_revoked");
    let old = json!({ "email": "jo@example.com", "password": PASSWORD, "organization": "acme" });
    assert_eq!(world.nobody.post("/api/v1/auth/sign-in", old).await.problem(401), "invalid_credentials");
    let me = world.sign_in("jo@example.com", NEW).await.expect(200);
    assert_eq!((&me["user"]["email_verified"], &me["role"]), (&json!(true), &json!("admin")));
}

#[tokio::test]
async fn proving_an_address_that_has_an_account_gives_it_the_membership() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    let jo = world.person(&other, "jo@example.com", Role::Viewer).await;
    let before = unverified(&world, &acme, "jo@example.com").await;
    world.sql("update memberships set role = 'engineer' where role = 'member'").await;
    assert_eq!(prove(&world, "jo@example.com", "acme").await, Proved::Merged);
    assert_eq!(before.client.get("/api/v1/me").await.problem(401), "session_expired");
    assert_eq!(
        world.sign_in("jo@example.com", NEW).await.problem(401),
        "invalid_credentials",
        "the password stays"
    );
    let there = json!({ "email": "jo@example.com", "password": PASSWORD, "organization": "acme" });
    let me = world.nobody.post("/api/v1/auth/sign-in", there).await.expect(200);
    assert_eq!((&me["user"]["id"], &me["role"]), (&json!(jo), &json!("engineer")));
    assert_eq!(acme.count("memberships").await, 2);
}

#[tokio::test]
async fn one_address_may_be_unproved_in_many_organizations_and_proved_once() {
    let world = World::new().await;
    for slug in ["one", "two", "three"] {
        let org = world.db.org(slug).await;
        unverified(&world, &org, "jo@example.com").await;
    }
    assert_eq!(prove(&world, "jo@example.com", "two").await, Proved::Verified);
    assert_eq!(prove(&world, "jo@example.com", "one").await, Proved::Merged);
    let me = world.sign_in("jo@example.com", NEW).await.expect(200);
    let slugs: Vec<_> =
        me["organizations"].as_array().unwrap().iter().map(|org| org["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["one", "two"]);
    let third = json!({ "email": "jo@example.com", "password": PASSWORD, "organization": "three" });
    let me = world.nobody.post("/api/v1/auth/sign-in", third).await.expect(200);
    assert_eq!(me["user"]["email_verified"], false);
}

#[tokio::test]
async fn an_unproved_account_goes_with_its_membership() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let browser = unverified(&world, &org, "jo@example.com").await;
    let path = format!("/api/v1/members/{}", browser.me["user"]["id"].as_str().unwrap());
    world.admin_of(&org).delete(&path).await.expect(204);
    let there = json!({ "email": "jo@example.com", "password": PASSWORD, "organization": "acme" });
    assert_eq!(world.nobody.post("/api/v1/auth/sign-in", there).await.problem(401), "invalid_credentials");
    unverified(&world, &org, "jo@example.com").await;
}

#[tokio::test]
async fn the_database_keeps_an_unproved_account_where_it_is() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    unverified(&world, &acme, "jo@example.com").await;
    let mut tx = other.tx().await;
    let steal = "insert into memberships (org_id, user_id, role, created_at, updated_at)
        select $1, $2, 'admin', now(), now()";
    let mut system = world.db.db.system("a test finds an account").await.unwrap();
    let user: uuid::Uuid = sqlx::query_scalar("select id from users where email = 'jo@example.com'")
        .fetch_one(system.conn())
        .await
        .unwrap();
    drop(system);
    let refused = sqlx::query(steal).bind(other.id).bind(user).execute(tx.conn()).await.unwrap_err();
    assert_eq!(platform::db::violated(&refused), Some("memberships_home_org_check"), "{refused}");
}

#[tokio::test]
async fn a_forgotten_password_needs_mail_or_the_operator() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Viewer).await;
    for email in ["jo@example.com", "who@example.com"] {
        let refused = world.nobody.post("/api/v1/auth/password-reset", json!({ "email": email })).await;
        assert_eq!(refused.problem(409), "mail_not_configured");
    }
    let made_up = json!({ "token": "A".repeat(75), "password": NEW });
    assert_eq!(world.nobody.post("/api/v1/auth/password", made_up).await.problem(422), "invalid_link");
}

#[tokio::test]
async fn the_record_says_from_where_a_password_was_set() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Viewer).await;
    let client = world.browser("jo@example.com").await.client.with_header("user-agent", "Firefox");
    client.put("/api/v1/me/password", change(PASSWORD, NEW)).await.expect(204);
    let audit = world.admin_of(&org).get("/api/v1/audit").await.expect(200);
    let lines = audit["items"].as_array().unwrap();
    let set = lines.iter().find(|line| line.to_string().contains("member.password_set")).expect("a line");
    assert_eq!(set["user_agent"], "Firefox", "{set}");
}
