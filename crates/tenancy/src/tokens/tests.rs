use chrono::TimeDelta;
use kernel::Secret;
use proptest::prelude::*;
use serde_json::json;
use testkit::start_of_time;

use super::{cache::KEPT, text};
use crate::{
    OrganizationStatus, Role, TokenScope, admin,
    testing::{Browser, World, access},
};

const API: &[TokenScope] = &[TokenScope::Api];
const INGEST: &[TokenScope] = &[TokenScope::Ingest];
const SLUG: &str = "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?";

proptest! {
    #[test]
    fn a_token_starts_with_its_organization_and_team_and_is_whole(org in SLUG, team in proptest::option::of(SLUG)) {
        let token = text::generate(&org, team.as_deref());
        let start = match &team {
            Some(team) => format!("{org}.{team}."),
            None => format!("{org}."),
        };
        prop_assert!(token.expose().starts_with(&start));
        prop_assert!(text::is_whole(token.expose()));
        prop_assert!(text::hint(token.expose()).starts_with(&start));
        prop_assert_eq!(text::hint(token.expose()).chars().count(), start.len() + 5);
    }

    #[test]
    fn a_token_with_one_character_changed_or_lost_is_refused_without_asking(at in 0_usize..45, other in "[a-zA-Z0-9.]") {
        let token = text::generate("acme", None).expose().clone();
        let mut changed = token.clone();
        changed.replace_range(at..=at, &other);
        prop_assert!(changed == token || !text::is_whole(&changed));
        let mut shorter = token;
        shorter.remove(at);
        prop_assert!(!text::is_whole(&shorter));
    }

    #[test]
    fn no_text_makes_the_check_fail_loudly(text in any::<String>()) {
        prop_assert!(!text::is_whole(&text));
        let _ = text::hint(&text);
    }
}

#[test]
fn tokens_differ_and_their_macs_depend_on_the_pepper() {
    let [one, other] = [text::generate("acme", None), text::generate("acme", None)];
    assert_ne!(one.expose(), other.expose());
    assert_ne!(text::mac(b"pepper", one.expose()).unwrap(), text::mac(b"salt", one.expose()).unwrap());
}

#[tokio::test]
async fn a_token_is_shown_once_and_lets_its_holder_in() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let team = admin
        .post("/api/v1/nodes", json!({ "kind": "team", "slug": "sre", "name": "SRE" }))
        .await
        .expect(201);
    let body = json!({ "name": "Prometheus", "scopes": ["ingest", "api", "api"], "node_id": team["id"] });
    let created = admin.post("/api/v1/tokens", body).await;
    assert_eq!(created.headers["cache-control"], "no-store");
    let created = created.expect(201);
    let token = created["token"].as_str().unwrap();
    assert!(token.starts_with("acme.sre."), "{token}");
    assert_eq!(created["role"], "api");
    assert_eq!(created["scopes"], json!(["api", "ingest"]));
    assert_eq!(created["node"], json!({ "id": team["id"], "name": "SRE" }));

    let me = world.bearer(token).get("/api/v1/me").await.expect(200);
    assert_eq!(me["token"], json!({ "id": created["id"], "name": "Prometheus" }));
    assert_eq!((&me["user"], &me["csrf_token"]), (&json!(null), &json!(null)));
    assert_eq!(me["organization"]["slug"], "acme");

    let list = admin.get("/api/v1/tokens").await.expect(200);
    assert_eq!(list["items"][0]["id"], created["id"]);
    assert!(!list.to_string().contains(token), "only the answer to its maker holds it");
    let audit = admin.get("/api/v1/audit?action=token.created").await.expect(200);
    assert!(!audit.to_string().contains(token));
    assert_eq!(audit["items"][0]["after"]["name"], "Prometheus");
}

#[tokio::test]
async fn only_a_mac_of_a_token_is_stored() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let token = world.token(&org, Role::Api, API).await;
    let mut tx = world.db.db.system("a test looks at what is stored").await.unwrap();
    let stored: String =
        sqlx::query_scalar("select t::text from access_tokens t").fetch_one(tx.conn()).await.unwrap();
    assert!(!stored.contains(&token[10..]), "{stored}");
    let mac = text::mac(world.deps.app.keyring.pepper(), &token).unwrap();
    assert!(stored.contains(&hex::encode(mac)), "{stored}");
}

#[tokio::test]
async fn a_scope_limits_what_a_token_may_do() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let ingest = world.bearer(&world.token(&org, Role::Admin, INGEST).await);
    assert_eq!(ingest.get("/api/v1/me").await.expect(200)["permissions"], json!(["ingest:write"]));
    ingest.post("/hooks/test", json!({})).await.expect(200);
    assert_eq!(ingest.get("/api/v1/tokens").await.problem(403), "forbidden");
    let viewer = world.bearer(&world.token(&org, Role::Viewer, API).await);
    assert_eq!(viewer.post("/hooks/test", json!({})).await.problem(403), "forbidden");
}

#[tokio::test]
async fn a_revoked_token_is_refused_at_once() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let created = admin.post("/api/v1/tokens", json!({ "name": "x", "scopes": ["api"] })).await.expect(201);
    let holder = world.bearer(created["token"].as_str().unwrap());
    holder.get("/who").await.expect(200);
    let path = format!("/api/v1/tokens/{}", created["id"].as_str().unwrap());
    admin.delete(&path).await.expect(204);
    assert_eq!(holder.get("/who").await.problem(401), "token_revoked");
    admin.delete(&path).await.expect(204);
    let revoked = admin.get("/api/v1/audit?action=token.revoked").await.expect(200);
    assert_eq!(revoked["items"].as_array().unwrap().len(), 1, "revoking again changes nothing");
}

#[tokio::test]
async fn another_process_follows_a_revocation_within_two_seconds() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let holder = world.bearer(&world.token(&org, Role::Api, API).await);
    holder.get("/who").await.expect(200);
    world.sql("update access_tokens set revoked_at = created_at").await;
    world.db.clock.advance(KEPT - TimeDelta::milliseconds(1));
    holder.get("/who").await.expect(200);
    world.db.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(holder.get("/who").await.problem(401), "token_revoked");
}

#[tokio::test]
async fn a_look_up_that_was_overtaken_by_a_revocation_is_not_kept() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let token = Secret::new(world.token(&org, Role::Api, API).await);
    let (cache, now) = (&world.deps.tokens, start_of_time());
    let mac = text::mac(world.deps.app.keyring.pepper(), token.expose()).unwrap();
    let before = cache.generation();
    let grant = super::actions::redeem(&world.deps, &token).await.unwrap();
    assert!(cache.get(&mac, now).is_some());
    cache.forget();
    assert!(cache.get(&mac, now).is_none());
    cache.keep(mac, grant, now, before);
    assert!(cache.get(&mac, now).is_none());
}

#[tokio::test]
async fn an_expired_token_is_refused_even_when_it_was_just_used() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let expires_at = start_of_time() + TimeDelta::seconds(1);
    let body = json!({ "name": "x", "scopes": ["api"], "expires_at": expires_at });
    let created = world.admin_of(&org).post("/api/v1/tokens", body).await.expect(201);
    let holder = world.bearer(created["token"].as_str().unwrap());
    holder.get("/who").await.expect(200);
    world.db.clock.advance(TimeDelta::seconds(1));
    assert_eq!(holder.get("/who").await.problem(401), "token_expired");
    let past = json!({ "name": "x", "scopes": ["api"], "expires_at": start_of_time() });
    assert_eq!(world.admin_of(&org).post("/api/v1/tokens", past).await.problem(422), "invalid_expiry");
}

#[tokio::test]
async fn the_last_use_is_kept_to_the_minute() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let holder = world.bearer(&world.token(&org, Role::Api, API).await);
    let admin = world.admin_of(&org);
    let last_used =
        async || admin.get("/api/v1/tokens").await.expect(200)["items"][0]["last_used_at"].clone();
    assert_eq!(last_used().await, json!(null));
    holder.get("/who").await.expect(200);
    assert_eq!(last_used().await, json!(start_of_time()));
    world.db.clock.advance(TimeDelta::seconds(59));
    holder.get("/who").await.expect(200);
    assert_eq!(last_used().await, json!(start_of_time()));
    world.db.clock.advance(TimeDelta::seconds(2));
    holder.get("/who").await.expect(200);
    assert_eq!(last_used().await, json!(start_of_time() + TimeDelta::seconds(61)));
}

#[tokio::test]
async fn nobody_makes_a_token_that_may_do_more_than_they() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let maker = world.as_caller(org.caller_with(&["tokens:write", "alerts:read", "ingest:write"]));
    let check = async |role: &str, scope: &str, expected: Option<&str>| {
        let made =
            maker.post("/api/v1/tokens", json!({ "name": "x", "role": role, "scopes": [scope] })).await;
        match expected {
            Some(code) => assert_eq!(made.problem(403), code, "{role} {scope}"),
            None => assert!(made.expect(201)["token"].is_string()),
        }
    };
    check("admin", "api", Some("token_exceeds_rights")).await;
    check("api", "api", Some("token_exceeds_rights")).await;
    check("viewer", "api", Some("token_exceeds_rights")).await;
    check("api", "ingest", None).await;
    check("admin", "ingest", None).await;
}

#[tokio::test]
async fn a_token_that_could_do_nothing_is_not_made() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let other = world.db.org("other").await;
    let admin = world.admin_of(&org);
    let foreign = json!({ "kind": "team", "slug": "sre", "name": "SRE" });
    let foreign = world.admin_of(&other).post("/api/v1/nodes", foreign).await.expect(201);
    let root = admin.get("/api/v1/nodes").await.expect(200)["items"][0]["id"].clone();
    let check = async |body: serde_json::Value, code: &str| {
        assert_eq!(admin.post("/api/v1/tokens", body.clone()).await.problem(422), code, "{body}");
    };
    check(json!({ "name": "x", "scopes": [] }), "invalid_scopes").await;
    check(json!({ "name": "x", "role": "viewer", "scopes": ["ingest"] }), "invalid_scopes").await;
    check(json!({ "name": "x", "scopes": ["everything"] }), "invalid_body").await;
    check(json!({ "name": " ", "scopes": ["api"] }), "invalid_name").await;
    check(json!({ "name": "x", "scopes": ["api"], "node_id": foreign["id"] }), "invalid_node").await;
    check(json!({ "name": "x", "scopes": ["api"], "node_id": root }), "invalid_node").await;
    assert_eq!(org.count("access_tokens").await, 0);
}

#[tokio::test]
async fn another_tenants_token_is_not_there() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    let created = world
        .admin_of(&acme)
        .post("/api/v1/tokens", json!({ "name": "x", "scopes": ["api"] }))
        .await
        .expect(201);
    let stranger = world.admin_of(&other);
    let path = format!("/api/v1/tokens/{}", created["id"].as_str().unwrap());
    assert_eq!(stranger.delete(&path).await.problem(404), "not_found");
    assert_eq!(stranger.get("/api/v1/tokens").await.expect(200)["items"], json!([]));
    world.bearer(created["token"].as_str().unwrap()).get("/who").await.expect(200);
}

#[tokio::test]
async fn tokens_are_listed_newest_first_page_by_page() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    for name in ["one", "two", "three"] {
        admin.post("/api/v1/tokens", json!({ "name": name, "scopes": ["api"] })).await.expect(201);
    }
    let first = admin.get("/api/v1/tokens?limit=2").await.expect(200);
    let rest = format!("/api/v1/tokens?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let rest = admin.get(&rest).await.expect(200);
    let names: Vec<_> = [&first, &rest]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|row| &row["name"])
        .collect();
    assert_eq!(names, ["three", "two", "one"]);
    assert_eq!(rest.get("next_cursor"), None);
}

#[tokio::test]
async fn a_token_of_a_suspended_organization_opens_nothing() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let holder = world.bearer(&world.token(&org, Role::Api, API).await);
    admin::set_org_status(&world.deps.app, "acme", OrganizationStatus::Suspended).await.unwrap();
    assert_eq!(holder.get("/who").await.problem(403), "organization_suspended");
    admin::set_org_status(&world.deps.app, "acme", OrganizationStatus::Active).await.unwrap();
    holder.get("/who").await.expect(200);
}

/// An admin with a token of their own, and one that posts alerts.
async fn admin_with_tokens(world: &World, org: &testkit::TestOrg) -> (String, [String; 2]) {
    let jo = world.person(org, "jo@example.com", Role::Admin).await;
    let browser = world.browser("jo@example.com").await;
    (
        format!("/api/v1/members/{jo}"),
        [make(&browser, "admin", "api").await, make(&browser, "api", "ingest").await],
    )
}

async fn make(browser: &Browser, role: &str, scope: &str) -> String {
    let token = json!({ "name": scope, "role": role, "scopes": [scope] });
    let made = browser.client.post("/api/v1/tokens", token).await.expect(201);
    assert_eq!(made["owner"], if scope == "api" { "person" } else { "organization" });
    made["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_may_never_do_what_its_maker_may_not_any_more() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let (jo, [api, ingest]) = admin_with_tokens(&world, &org).await;
    let replica = World::beside(&world);
    for server in [&world, &replica] {
        server.bearer(&api).get("/api/v1/configurations").await.expect(200);
    }
    let admin = world.admin_of(&org);
    admin.patch(&jo, json!({ "role": "viewer" })).await.expect(200);
    assert_eq!(world.bearer(&api).get("/api/v1/configurations").await.problem(403), "forbidden");
    world.db.clock.advance(KEPT);
    let holder = replica.bearer(&api);
    assert_eq!(holder.get("/api/v1/configurations").await.problem(403), "forbidden");
    let may = holder.get("/api/v1/me").await.expect(200)["permissions"].clone();
    assert_eq!(may, json!(*access().of_role(Role::Viewer)));
    // Whoever demotes an admin must not silence what posts alerts.
    replica.bearer(&ingest).post("/hooks/test", json!({})).await.expect(200);

    admin.patch(&jo, json!({ "role": "admin" })).await.expect(200);
    world.bearer(&api).get("/api/v1/configurations").await.expect(200);
}

#[tokio::test]
async fn a_token_rests_while_its_maker_is_inactive_and_ends_when_they_leave() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let (jo, [api, ingest]) = admin_with_tokens(&world, &org).await;
    let admin = world.admin_of(&org);
    let who = async || world.bearer(&api).get("/who").await;
    admin.patch(&jo, json!({ "status": "inactive" })).await.expect(200);
    assert_eq!(who().await.problem(401), "token_owner_gone");
    admin.patch(&jo, json!({ "status": "active" })).await.expect(200);
    who().await.expect(200);
    admin.delete(&jo).await.expect(204);
    assert_eq!(who().await.problem(401), "token_revoked");
    world.join(&org, "jo@example.com", Role::Admin).await;
    assert_eq!(who().await.problem(401), "token_revoked", "it does not come back with its maker");
    world.bearer(&ingest).post("/hooks/test", json!({})).await.expect(200);
    let audit = admin.get("/api/v1/audit?action=token.revoked").await.expect(200);
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_what_posts_alerts_is_the_organizations_unless_the_operator_makes_it() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Admin).await;
    let jo = world.browser("jo@example.com").await.client;
    let program = world.bearer(&world.token(&org, Role::Admin, API).await);
    let make = async |maker: &testkit::TestClient, scopes: &[&str], owner: Option<&str>| {
        let body = json!({ "name": "x", "role": "admin", "scopes": scopes, "owner": owner });
        let made = maker.post("/api/v1/tokens", body).await;
        (made.status.as_u16(), made.body["owner"].as_str().or(made.body["code"].as_str()).unwrap().to_owned())
    };
    let check = |found: (u16, String), status: u16, text: &str| assert_eq!(found, (status, text.to_owned()));
    check(make(&jo, &["api"], None).await, 201, "person");
    check(make(&jo, &["ingest"], None).await, 201, "organization");
    check(make(&jo, &["ingest"], Some("person")).await, 201, "person");
    check(make(&jo, &["api", "ingest"], None).await, 201, "person");
    check(make(&jo, &["api"], Some("organization")).await, 403, "token_exceeds_rights");
    check(make(&program, &["api"], None).await, 201, "organization");
    check(make(&program, &["api"], Some("person")).await, 422, "invalid_owner");
}

#[tokio::test]
async fn whoever_was_let_in_is_asked_about_again() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let (jo, [api, _]) = admin_with_tokens(&world, &org).await;
    let browser = world.browser("jo@example.com").await;
    let standing = world.token(&org, Role::Api, API).await;
    let callers = [
        world.caller(&world.bearer(&api)).await,
        world.caller(&world.bearer(&standing)).await,
        world.caller(&browser.client).await,
    ];
    let authenticator = crate::authenticator(World::beside(&world).deps.clone());
    let check = async |expected: [bool; 3], what: &str| {
        assert_eq!(authenticator.recheck(&callers).await.unwrap(), expected, "{what}");
    };
    check([true, true, true], "nothing happened").await;
    let admin = world.admin_of(&org);
    admin.patch(&jo, json!({ "role": "engineer" })).await.expect(200);
    check([false, true, false], "other rights than before").await;
    admin.patch(&jo, json!({ "role": "admin" })).await.expect(200);
    check([true, true, true], "the same rights again").await;
    browser.client.post("/api/v1/auth/sign-out", json!({})).await.expect(204);
    check([true, true, false], "signed out").await;
    admin.delete(&jo).await.expect(204);
    check([false, true, false], "removed").await;
    world.sql("update organizations set status = 'suspended'").await;
    check([false, false, false], "suspended").await;
}
