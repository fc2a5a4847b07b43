//! Which past alerts would match?

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};
use uuid::Uuid;

use crate::{BindingId, SkillId, testing::client};

async fn alert(db: &TestDb, org: &TestOrg, alert_type: &str, title: &str) -> Uuid {
    let now = db.db.clock().now();
    let id = kernel::uuid_v7(now);
    let mut tx = org.tx().await;
    sqlx::query(
        "insert into alerts (org_id, id, source, alert_type, severity, title, fingerprint, group_key, labels,
            annotations, raw_payload, status_changed_at, starts_at, received_at, last_seen_at, created_at, updated_at)
         values ($1, $2, 'test', $3, 'high', $4, $2::text, 'g', '{\"app\": \"shop\"}', '{}', '{}', $5, $5, $5, $5, $5, $5)",
    )
    .bind(org.id)
    .bind(id)
    .bind(alert_type)
    .bind(title)
    .bind(now)
    .execute(tx.conn())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// An issue about the alert that was investigated with this skill.
async fn issue(db: &TestDb, org: &TestOrg, alert: Uuid, skill: SkillId) {
    let now = db.db.clock().now();
    let id = kernel::uuid_v7(now);
    let mut tx = org.tx().await;
    sqlx::query(
        "insert into issues (org_id, id, skill_id, title, severity, group_key, created_at, updated_at)
         values ($1, $2, $3, 'i', 'high', 'g', $4, $4)",
    )
    .bind(org.id)
    .bind(id)
    .bind(skill)
    .bind(now)
    .execute(tx.conn())
    .await
    .unwrap();
    sqlx::query("insert into issue_alert_bindings (org_id, id, issue_id, alert_id, created_at) values ($1, $2, $3, $4, $5)")
        .bind(org.id)
        .bind(BindingId::new(now))
        .bind(id)
        .bind(alert)
        .bind(now)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn skill(client: &TestClient) -> SkillId {
    let skill = json!({ "name": "Disk filling up", "problem_description": "A filesystem runs out of space.", "sop": "" });
    let created = client.post("/api/v1/skills", skill).await.expect(201);
    created["id"].as_str().unwrap().parse().unwrap()
}

async fn dry_run(client: &TestClient, request: Value) -> Value {
    client.post("/api/v1/skills/dry-run", request).await.expect(200)
}

#[tokio::test]
async fn a_pattern_is_tried_on_the_alerts_of_the_last_days() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    alert(&db, &org, "Disk", "old").await;
    db.clock.advance(TimeDelta::days(3));
    let first = alert(&db, &org, "Disk", "disk is full").await;
    db.clock.advance(TimeDelta::hours(1));
    alert(&db, &org, "Cpu", "cpu is hot").await;
    let second = alert(&db, &org, "Disk", "disk is slow").await;
    issue(&db, &org, first, skill(&client).await).await;

    let found = dry_run(&client, json!({ "pattern": "/disk/i", "days": 2 })).await;
    let ids: Vec<_> = found["matched"].as_array().unwrap().iter().map(|m| m["alert_id"].clone()).collect();
    assert_eq!((&found["checked"], ids), (&json!(3), vec![json!(second), json!(first)]));
    assert_eq!(found["matched"][1]["current"]["name"], "Disk filling up");
    assert_eq!(found["matched"][0]["current"], json!(null));
    assert_eq!(
        dry_run(&client, json!({ "pattern": "app=shop disk" })).await["matched"].as_array().unwrap().len(),
        3
    );
}

#[tokio::test]
async fn a_skill_is_tried_by_its_bindings_and_by_meaning() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let skill = skill(&client).await;
    client.post("/api/v1/bindings", json!({ "alert_pattern": "raid", "skill_id": skill })).await.expect(201);
    alert(&db, &org, "NodeFilesystemAlmostOutOfSpace", "Filesystem has less than 5% space left").await;
    alert(&db, &org, "Cpu", "cpu is hot").await;
    alert(&db, &org, "Raid", "raid is rebuilt").await;
    let found = dry_run(&client, json!({ "skill_id": skill })).await;
    let how: Vec<_> = found["matched"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["alert_type"].clone(), m["how"].clone()))
        .collect();
    let expected = [("Raid", "binding"), ("NodeFilesystemAlmostOutOfSpace", "semantic")];
    assert_eq!(how, expected.map(|(alert, how)| (json!(alert), json!(how))));
    assert_eq!((&found["checked"], &found["matched"][0]["score"]), (&json!(3), &json!(1.0)));
}

#[tokio::test]
async fn a_dry_run_needs_one_question() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let refused = async |request: Value, status: u16| {
        client.post("/api/v1/skills/dry-run", request).await.problem(status)
    };
    let nobody = SkillId::new(testkit::start_of_time());
    assert_eq!(refused(json!({}), 422).await, "invalid_dry_run");
    assert_eq!(refused(json!({ "pattern": "a", "skill_id": nobody }), 422).await, "invalid_dry_run");
    assert_eq!(refused(json!({ "pattern": "a", "days": 91 }), 422).await, "invalid_dry_run");
    assert_eq!(refused(json!({ "pattern": "/(/" }), 422).await, "invalid_pattern");
    assert_eq!(refused(json!({ "skill_id": nobody }), 404).await, "not_found");
}

#[tokio::test]
async fn the_match_of_an_alert_can_be_tried() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let skill = skill(&client).await;
    let found = client
        .post("/api/v1/skills/match", json!({ "title": "Filesystem is out of space" }))
        .await
        .expect(200);
    let matched = json!({ "skill_id": skill, "name": "Disk filling up", "how": "semantic" });
    assert_eq!((&found["matched"], &found["threshold"]), (&matched, &json!(0.3)));
    let nothing = client.post("/api/v1/skills/match", json!({ "title": "Lunch is ready" })).await.expect(200);
    assert_eq!(nothing["matched"], json!(null));
    assert_eq!(nothing["candidates"].as_array().unwrap().len(), 1, "what was considered is shown");
}
