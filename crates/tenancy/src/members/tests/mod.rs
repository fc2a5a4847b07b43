mod nodes;

use kernel::OrgId;
use serde_json::{Value, json};
use testkit::start_of_time;

use super::model::{MemberStatus, Place, choose, normalize_email};
use crate::{
    OrganizationStatus, Role,
    testing::{PASSWORD, World},
};

#[test]
fn an_email_is_stored_in_one_form() {
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(normalize_email(text).ok().as_deref(), expected, "{text:?}");
    };
    check(" Jo.Doe+alerts@Example.COM ", Some("jo.doe+alerts@example.com"));
    check("admin@localhost", Some("admin@localhost"));
    check("o'brien@a-b.example", Some("o'brien@a-b.example"));
    for refused in [
        "",
        "@",
        "jo",
        "jo@",
        "@x.y",
        "jo@x..y",
        "jo..doe@x.y",
        "jo@-x.y",
        "jo@x y",
        "jo@x@y",
        "jo@x.y\0",
        "ü@x.y",
    ] {
        check(refused, None);
    }
    check(&format!("{}@x.y", "a".repeat(64)), Some(&format!("{}@x.y", "a".repeat(64))));
    check(&format!("{}@x.y", "a".repeat(65)), None);
    check(&format!("a@{}", ["b".repeat(63), "c".repeat(63), "d".repeat(63), "e".repeat(63)].join(".")), None);
}

#[test]
fn a_person_enters_the_first_place_that_lets_them_in() {
    let place = |slug: &str, organization_status, status| Place {
        org_id: OrgId::new(start_of_time()),
        slug: slug.into(),
        name: slug.into(),
        organization_status,
        role: Some(Role::Member),
        grants: sqlx::types::Json(Vec::new()),
        status,
    };
    let places = || {
        vec![
            place("suspended", OrganizationStatus::Suspended, MemberStatus::Active),
            place("left", OrganizationStatus::Active, MemberStatus::Inactive),
            place("home", OrganizationStatus::Active, MemberStatus::Active),
            place("second", OrganizationStatus::Active, MemberStatus::Active),
        ]
    };
    let check = |places: Vec<Place>, slug: Option<&str>, expected: Result<&str, &str>| {
        let chosen = choose(places, slug).map(|place| place.slug).map_err(|error| error.code().0);
        assert_eq!(chosen.as_deref().map_err(|code| *code), expected, "{slug:?}");
    };
    check(places(), None, Ok("home"));
    check(places(), Some("second"), Ok("second"));
    check(places(), Some("suspended"), Err("organization_suspended"));
    check(places(), Some("left"), Err("user_inactive"));
    check(places(), Some("elsewhere"), Err("no_membership"));
    check(places().drain(..2).collect(), None, Err("organization_suspended"));
    check(Vec::new(), None, Err("no_membership"));
}

#[tokio::test]
async fn a_member_shows_what_there_is_to_know() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let jo = world.person(&org, "Jo@Example.com", Role::Engineer).await;
    let admin = world.admin_of(&org);
    let member = admin.get("/api/v1/members").await.expect(200)["items"][1].clone();
    assert_eq!((&member["user_id"], &member["email"]), (&json!(jo), &json!("jo@example.com")));
    assert_eq!((&member["status"], &member["auth_provider"]), (&json!("active"), &json!("local")));
    assert_eq!((&member["email_verified"], &member["last_sign_in_at"]), (&json!(true), &Value::Null));
    let me = world.sign_in("JO@example.com", PASSWORD).await.expect(200);
    assert_eq!((&me["user"]["id"], &me["role"]), (&member["user_id"], &json!("engineer")));
    let listed = admin.get("/api/v1/members").await.expect(200);
    assert_eq!(listed["items"][1]["last_sign_in_at"], json!(start_of_time()));
    let audit = admin.get("/api/v1/audit?action=member.added").await.expect(200);
    assert_eq!(audit["items"][0]["after"], json!({ "email": "jo@example.com", "role": "engineer" }));
}

#[tokio::test]
async fn a_change_of_role_counts_from_the_next_request_on() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let jo = world.person(&org, "jo@example.com", Role::Admin).await;
    let browser = world.browser("jo@example.com").await;
    browser.client.get("/api/v1/tokens").await.expect(200);
    let path = format!("/api/v1/members/{jo}");
    let changed = world.admin_of(&org).patch(&path, json!({ "role": "viewer" })).await.expect(200);
    assert_eq!(changed["role"], "viewer");
    assert_eq!(browser.client.get("/api/v1/tokens").await.problem(403), "forbidden");
    assert_eq!(browser.client.get("/api/v1/me").await.expect(200)["role"], "viewer");
}

#[tokio::test]
async fn an_inactive_member_is_out_at_once_and_for_all_old_sessions() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let jo = world.person(&org, "jo@example.com", Role::Member).await;
    let browser = world.browser("jo@example.com").await;
    let admin = world.admin_of(&org);
    let path = format!("/api/v1/members/{jo}");
    admin.patch(&path, json!({ "status": "inactive" })).await.expect(200);
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(403), "user_inactive");
    admin.patch(&path, json!({ "status": "active" })).await.expect(200);
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
    world.sign_in("jo@example.com", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_inactive_person_gets_nothing_in_any_organization() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Admin).await;
    let browser = world.browser("jo@example.com").await;
    world.sql("update users set status = 'inactive' where email = 'jo@example.com'").await;
    assert_eq!(browser.client.get("/api/v1/me").await.problem(403), "user_inactive");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(403), "user_inactive");
}

#[tokio::test]
async fn a_removed_member_is_out_and_may_come_back() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let jo = world.person(&org, "jo@example.com", Role::Member).await;
    let browser = world.browser("jo@example.com").await;
    let admin = world.admin_of(&org);
    admin.delete(&format!("/api/v1/members/{jo}")).await.expect(204);
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(403), "no_membership");
    assert_eq!(admin.delete(&format!("/api/v1/members/{jo}")).await.problem(404), "not_found");
    world.join(&org, "jo@example.com", Role::Viewer).await;
    world.sign_in("jo@example.com", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_last_active_admin_stays() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let last = format!("/api/v1/members/{}", org.admin);
    let second = world.person(&org, "jo@example.com", Role::Admin).await;
    world.sql("update users set status = 'inactive' where email = 'jo@example.com'").await;
    assert_eq!(admin.delete(&last).await.problem(409), "last_admin");
    assert_eq!(admin.patch(&last, json!({ "role": "viewer" })).await.problem(409), "last_admin");
    assert_eq!(admin.patch(&last, json!({ "status": "inactive" })).await.problem(409), "last_admin");
    admin.patch(&last, json!({ "role": "admin", "status": "active" })).await.expect(200);
    world.sql("update users set status = 'active'").await;
    admin.patch(&last, json!({ "role": "viewer" })).await.expect(200);
    assert_eq!(admin.delete(&format!("/api/v1/members/{second}")).await.problem(409), "last_admin");
}

#[tokio::test]
async fn of_two_admins_who_demote_each_other_one_stays() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let second = world.person(&org, "jo@example.com", Role::Admin).await;
    let admin = world.admin_of(&org);
    for _ in 0..5 {
        let (one, other) = (format!("/api/v1/members/{}", org.admin), format!("/api/v1/members/{second}"));
        let demote = || json!({ "role": "viewer" });
        let (one, other) = tokio::join!(admin.patch(&one, demote()), admin.patch(&other, demote()));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        world.sql("update memberships set role = 'admin'").await;
    }
}

#[tokio::test]
async fn another_tenants_member_is_not_there() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    let stranger = world.admin_of(&other);
    let path = format!("/api/v1/members/{}", acme.admin);
    assert_eq!(stranger.patch(&path, json!({ "role": "viewer" })).await.problem(404), "not_found");
    assert_eq!(stranger.delete(&path).await.problem(404), "not_found");
    let listed = stranger.get("/api/v1/members").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(acme.count("memberships").await, 1);
}

#[tokio::test]
async fn members_are_listed_by_email_page_by_page() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    for name in ["zoe", "bob", "amy"] {
        org.member(&format!("{name}@acme.example"), "member").await;
    }
    let admin = world.admin_of(&org);
    let (mut seen, mut path) = (Vec::new(), "/api/v1/members?limit=3".to_owned());
    loop {
        let page = admin.get(&path).await.expect(200);
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/members?limit=3&cursor={cursor}");
    }
    assert_eq!(seen, ["admin@acme.example", "amy@acme.example", "bob@acme.example", "zoe@acme.example"]);
}
