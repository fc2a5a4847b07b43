use serde_json::{Value, json};
use testkit::{TestDb, TestOrg};

use crate::{
    SkillId,
    skills::{self, SkillInput},
    testing::{client, deps},
};

async fn skill(org: &TestOrg) -> SkillId {
    skills::create(&deps(&org.db), &org.caller(), SkillInput::new("a", "b", "")).await.unwrap()
}

fn patterns(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().filter_map(|binding| binding["alert_pattern"].as_str()).collect()
}

#[tokio::test]
async fn bindings_are_listed_in_the_order_they_are_tried() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (client, skill) = (client(&db, org.caller()), skill(&org).await);
    for (pattern, priority) in [("low", -1), ("first", 5), ("second", 5), ("default", 0)] {
        let new = json!({ "alert_pattern": pattern, "skill_id": skill, "priority": priority });
        client.post("/api/v1/bindings", new).await.expect(201);
    }
    let first = client.get("/api/v1/bindings?limit=3").await.expect(200);
    assert_eq!(patterns(&first), ["first", "second", "default"]);
    assert_eq!(first["items"][0]["skill"], json!({ "id": skill, "name": "a" }));
    let next = format!("/api/v1/bindings?cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(patterns(&client.get(&next).await.expect(200)), ["low"]);
}

#[tokio::test]
async fn a_binding_is_checked_changed_and_deleted() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (client, skill) = (client(&db, org.caller()), skill(&org).await);
    let new = |pattern: &str, skill: SkillId| json!({ "alert_pattern": pattern, "skill_id": skill });
    let refused = client.post("/api/v1/bindings", new("/(/", skill)).await.expect(422);
    assert_eq!(
        (&refused["code"], &refused["errors"][0]["pointer"]),
        (&json!("invalid_pattern"), &json!("/alert_pattern"))
    );
    let nobody = SkillId::new(testkit::start_of_time());
    assert_eq!(client.post("/api/v1/bindings", new("disk", nobody)).await.problem(422), "unknown_skill");

    let binding = client.post("/api/v1/bindings", new("disk", skill)).await.expect(201);
    let path = format!("/api/v1/bindings/{}", binding["id"].as_str().unwrap());
    let changed = client.patch(&path, json!({ "priority": 7 })).await.expect(200);
    assert_eq!((&changed["priority"], &changed["alert_pattern"]), (&json!(7), &json!("disk")));
    assert_eq!(client.patch(&path, json!({ "alert_pattern": "" })).await.problem(422), "invalid_pattern");
    assert_eq!(client.patch(&path, json!({ "skill_id": nobody })).await.problem(422), "unknown_skill");
    client.delete(&path).await.expect(204);
    assert_eq!(client.delete(&path).await.problem(404), "not_found");
    // created skill and binding, changed and deleted binding
    assert_eq!(org.count("audit_logs").await, 4);
}

#[tokio::test]
async fn another_organization_s_skill_cannot_be_bound() {
    let db = TestDb::new().await;
    let theirs = skill(&db.org("acme").await).await;
    let client = client(&db, db.org("stranger").await.caller());
    let new = json!({ "alert_pattern": "disk", "skill_id": theirs });
    assert_eq!(client.post("/api/v1/bindings", new).await.problem(422), "unknown_skill");
}
