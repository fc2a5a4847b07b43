use serde_json::{Value, json};

use crate::testing::World;

#[tokio::test]
async fn a_tree_grows_below_its_root() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let unit = json!({ "kind": "unit", "slug": "platform", "name": "Platform" });
    let unit = admin.post("/api/v1/nodes", unit).await.expect(201);
    let team = json!({ "kind": "team", "slug": "sre", "name": "SRE", "parent_id": unit["id"] });
    let team = admin.post("/api/v1/nodes", team).await.expect(201);
    let nodes = admin.get("/api/v1/nodes").await.expect(200);
    let nodes = nodes["items"].as_array().unwrap();
    assert_eq!(nodes[0]["kind"], "org");
    assert_eq!(nodes[0]["parent_id"], Value::Null);
    assert_eq!(unit["parent_id"], nodes[0]["id"]);
    assert_eq!(nodes[1..], [unit, team]);
}

#[tokio::test]
async fn a_node_that_does_not_fit_the_tree_is_refused() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let other = world.db.org("other").await;
    let admin = world.admin_of(&org);
    let team = json!({ "kind": "team", "slug": "sre", "name": "SRE" });
    let team = admin.post("/api/v1/nodes", team).await.expect(201);
    let foreign = world.admin_of(&other).get("/api/v1/nodes").await.expect(200)["items"][0]["id"].clone();
    let check = async |node: Value, status: u16, code: &str| {
        assert_eq!(admin.post("/api/v1/nodes", node.clone()).await.problem(status), code, "{node}");
    };
    check(json!({ "kind": "org", "slug": "two", "name": "Two" }), 422, "invalid_kind").await;
    check(json!({ "kind": "team", "slug": "sre", "name": "SRE" }), 409, "slug_taken").await;
    check(json!({ "kind": "team", "slug": "S R E", "name": "SRE" }), 422, "invalid_slug").await;
    check(json!({ "kind": "team", "slug": "x", "name": "" }), 422, "invalid_name").await;
    check(
        json!({ "kind": "unit", "slug": "x", "name": "X", "parent_id": team["id"] }),
        422,
        "invalid_parent",
    )
    .await;
    check(json!({ "kind": "unit", "slug": "x", "name": "X", "parent_id": foreign }), 422, "invalid_parent")
        .await;
    assert_eq!(org.count("org_nodes").await, 2);
}
