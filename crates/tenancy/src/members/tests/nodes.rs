use kernel::UserId;
use serde_json::{Value, json};
use testkit::{TestClient, TestOrg};

use crate::{
    Role,
    testing::{Browser, World},
};

/// An organization with a team, an admin, and Jo who is signed in and has a role in neither.
struct Team {
    world: World,
    org: TestOrg,
    admin: TestClient,
    jo: UserId,
    browser: Browser,
    team: String,
    path: String,
}

async fn team() -> Team {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let team = json!({ "kind": "team", "slug": "web", "name": "Web" });
    let team = admin.post("/api/v1/nodes", team).await.expect(201)["id"].as_str().unwrap().to_owned();
    let jo = world.person(&org, "jo@example.com", Role::Viewer).await;
    let member = admin.patch(&format!("/api/v1/members/{jo}"), json!({ "role": null })).await.expect(200);
    assert_eq!((&member["role"], &member["nodes"]), (&Value::Null, &json!([])));
    let browser = world.browser("jo@example.com").await;
    let path = format!("/api/v1/members/{jo}/nodes/{team}");
    Team { world, org, admin, jo, browser, team, path }
}

#[tokio::test]
async fn who_has_no_role_anywhere_may_do_nothing_but_be_here() {
    let team = team().await;
    let me = team.browser.client.get("/api/v1/me").await.expect(200);
    assert_eq!((&me["role"], &me["permissions"], &me["nodes"]), (&Value::Null, &json!([]), &json!([])));
    assert_eq!(team.browser.client.get("/api/v1/nodes").await.problem(403), "forbidden");
}

#[tokio::test]
async fn a_role_at_a_node_counts_there_from_the_next_request_on_and_is_on_record() {
    let team = team().await;
    let set = json!({ "role": "engineer", "permissions": ["audit:read"] });
    let member = team.admin.put(&team.path, set).await.expect(200);
    let expected =
        json!([{ "node_id": team.team, "name": "Web", "role": "engineer", "permissions": ["audit:read"] }]);
    assert_eq!(member["nodes"], expected);
    let me = team.browser.client.get("/api/v1/me").await.expect(200);
    let held = me["nodes"][0]["permissions"].as_array().unwrap();
    assert_eq!((&me["permissions"], &me["nodes"][0]["id"]), (&json!([]), &json!(team.team)));
    assert!(held.contains(&json!("issues:write")) && held.contains(&json!("audit:read")), "{held:?}");
    // What is the whole organization's stays closed.
    assert_eq!(team.browser.client.get("/api/v1/tokens").await.problem(403), "forbidden");

    team.admin.put(&team.path, json!({ "role": "viewer", "permissions": [] })).await.expect(200);
    let me = team.browser.client.get("/api/v1/me").await.expect(200);
    assert!(!me["nodes"][0]["permissions"].as_array().unwrap().contains(&json!("issues:write")));
    let audit = team.admin.get("/api/v1/audit?action=member.node_set").await.expect(200);
    let line = |role: &str, permissions: Value| json!({ "node_id": team.team, "role": role, "permissions": permissions });
    let (before, after) = (line("engineer", json!(["audit:read"])), line("viewer", json!([])));
    assert_eq!((&audit["items"][0]["before"], &audit["items"][0]["after"]), (&before, &after));
    assert_eq!(audit["items"][1]["before"], Value::Null);

    assert_eq!(team.admin.delete(&team.path).await.expect(200)["nodes"], json!([]));
    assert_eq!(team.browser.client.get("/api/v1/me").await.expect(200)["nodes"], json!([]));
    let audit = team.admin.get("/api/v1/audit?action=member.node_removed").await.expect(200);
    assert_eq!((&audit["items"][0]["before"], &audit["items"][0]["after"]), (&after, &Value::Null));
    assert_eq!(team.admin.delete(&team.path).await.problem(404), "not_found");
}

#[tokio::test]
async fn a_role_at_a_node_is_refused_with_its_place_when_it_says_nothing() {
    let team = team().await;
    let refused = async |body: Value| team.admin.put(&team.path, body).await.problem(422);
    assert_eq!(refused(json!({ "role": null, "permissions": [] })).await, "invalid_permissions");
    assert_eq!(
        refused(json!({ "role": "viewer", "permissions": ["everything"] })).await,
        "invalid_permissions"
    );
    let other = team.world.db.org("other").await;
    let foreign = team.world.admin_of(&other).get("/api/v1/nodes").await.expect(200);
    let root = foreign["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/members/{}/nodes/{root}", team.jo);
    assert_eq!(team.admin.put(&path, json!({ "role": "viewer" })).await.problem(404), "not_found");
    let stranger = team.world.admin_of(&other);
    assert_eq!(stranger.put(&team.path, json!({ "role": "viewer" })).await.problem(404), "not_found");
}

#[tokio::test]
async fn what_somebody_is_at_a_node_ends_with_their_membership() {
    let team = team().await;
    team.admin.put(&team.path, json!({ "role": "viewer" })).await.expect(200);
    let left = async || team.org.count("membership_nodes").await;
    assert_eq!(left().await, 1);
    team.admin.delete(&format!("/api/v1/members/{}", team.jo)).await.expect(204);
    assert_eq!(left().await, 0);
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_in_the_same_place() {
    let team = team().await;
    let root =
        team.admin.get("/api/v1/nodes").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let at_root = format!("/api/v1/members/{}/nodes/{root}", team.jo);
    team.admin
        .put(&at_root, json!({ "permissions": ["members:write", "members:read", "alerts:read"] }))
        .await
        .expect(200);
    let jo = &team.browser.client;
    let own = format!("/api/v1/members/{}", team.jo);
    let refused = "role_exceeds_rights";
    assert_eq!(jo.patch(&own, json!({ "role": "admin" })).await.problem(403), refused);
    assert_eq!(jo.put(&at_root, json!({ "role": "admin" })).await.problem(403), refused);
    assert_eq!(jo.put(&team.path, json!({ "permissions": ["tools:write"] })).await.problem(403), refused);
    let invitation = json!({ "email": "friend@example.com", "role": "viewer" });
    assert_eq!(jo.post("/api/v1/invitations", invitation).await.problem(403), refused);
    jo.put(&team.path, json!({ "permissions": ["alerts:read"] })).await.expect(200);
}
