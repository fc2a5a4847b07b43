use platform::http::IfMatch;
use serde_json::{Value, json};
use testkit::{TestDb, TestOrg};

use super::{SkillInput, Status, actions, embed_stale};
use crate::{
    SkillId,
    testing::{Broken, client, deps, embedder},
};

const SOP: &str = "1. **Look.**\n   - run: `disk(path='/')` as `d`\n\n- real if `d.free < 5`: \"full\"\n";

fn body(name: &str) -> Value {
    json!({ "name": name, "problem_description": "The disk is full.", "sop": SOP })
}

async fn embedding_model(org: &TestOrg, id: SkillId) -> Option<String> {
    super::views::get(&mut org.tx().await, id).await.unwrap().row.embedding_model
}

#[tokio::test]
async fn a_skill_is_created_with_its_steps_and_its_embedding() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let skill = client(&db, org.caller()).post("/api/v1/skills", body("Disk full")).await.expect(201);
    assert_eq!(skill["steps"], json!([{ "line": 2, "label": "Look", "tool": "disk" }]));
    assert_eq!(
        (&skill["version"], &skill["executable"], &skill["status"]),
        (&json!(1), &json!(true), &json!("active"))
    );
    assert_eq!(skill["embedding_model"], embedder().model());
    assert_eq!(skill["created_by"], json!(org.admin));
    assert_eq!((org.count("event_log").await, org.count("audit_logs").await), (1, 1));
}

#[tokio::test]
async fn a_wrong_sop_is_refused_with_its_lines() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let mut wrong = body("Disk full");
    wrong["sop"] = json!("1. Look\n   - run: `disk(`\n\n- real if `x`: \"y\"");
    let problem = client.post("/api/v1/skills", wrong).await.expect(422);
    assert_eq!(problem["code"], "invalid_sop");
    let pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/sop:2", "/sop:4"]);
    let empty = json!({ "name": " ", "problem_description": "", "sop": "" });
    assert_eq!(client.post("/api/v1/skills", empty).await.problem(422), "invalid_skill");
    assert_eq!(org.count("skills").await, 0);
}

#[tokio::test]
async fn checking_an_sop_stores_nothing() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let good = client.post("/api/v1/skills/check", json!({ "sop": SOP })).await.expect(200);
    assert_eq!(good["rules"], json!([{ "line": 4, "verdict": "real" }]));
    assert_eq!((&good["ok"], &good["errors"]), (&json!(true), &json!([])));
    let bad = client.post("/api/v1/skills/check", json!({ "sop": "- run: `a(`" })).await.expect(200);
    let errors = json!([{ "line": 1, "detail": "the call is not closed: `)` is missing" }]);
    assert_eq!((&bad["ok"], &bad["errors"]), (&json!(false), &errors));
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    client.post("/api/v1/skills", body("Disk full")).await.expect(201);
    assert_eq!(client.post("/api/v1/skills", body(" Disk full ")).await.problem(409), "skill_name_taken");
    let other = client.post("/api/v1/skills", body("Disk slow")).await.expect(201);
    let path = format!("/api/v1/skills/{}", other["id"].as_str().unwrap());
    assert_eq!(client.put(&path, body("Disk full")).await.problem(409), "skill_name_taken");
}

#[tokio::test]
async fn the_version_grows_with_a_change_and_only_then() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let skill = client.post("/api/v1/skills", body("Disk full")).await.expect(201);
    let path = format!("/api/v1/skills/{}", skill["id"].as_str().unwrap());
    assert_eq!(client.put(&path, body("Disk full")).await.expect(200)["version"], 1);
    let mut changed = body("Disk full");
    changed["status"] = json!("inactive");
    assert_eq!(client.put(&path, changed).await.expect(200)["version"], 2);
    let kept = client.put(&path, body("Disk really full")).await.expect(200);
    assert_eq!((&kept["version"], &kept["status"]), (&json!(3), &json!("inactive")));
    assert_eq!(org.count("event_log").await, 3);
}

#[tokio::test]
async fn deleting_a_skill_deletes_its_bindings_and_the_audit_says_so() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let skill = client.post("/api/v1/skills", body("Disk full")).await.expect(201);
    let binding = json!({ "alert_pattern": "/disk/i", "skill_id": skill["id"] });
    client.post("/api/v1/bindings", binding).await.expect(201);
    let path = format!("/api/v1/skills/{}", skill["id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.expect(200)["bindings"], 1);
    client.delete(&path).await.expect(204);
    assert_eq!(client.get(&path).await.problem(404), "not_found");
    assert_eq!(org.count("alert_skill_bindings").await, 0);
    let mut tx = org.tx().await;
    let query = "select before -> 'deleted_bindings' from audit_logs where action = 'skill.deleted'";
    let deleted: Value = sqlx::query_scalar(query).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(deleted, json!(["/disk/i"]));
}

#[tokio::test]
async fn lists_are_filtered_and_walked_by_name() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    for name in ["b", "a", "c_d"] {
        client.post("/api/v1/skills", body(name)).await.expect(201);
    }
    let names = |page: &Value| {
        page["items"].as_array().unwrap().iter().map(|s| s["name"].clone()).collect::<Vec<_>>()
    };
    let first = client.get("/api/v1/skills?limit=2").await.expect(200);
    assert_eq!(names(&first), ["a", "b"]);
    let next = format!("/api/v1/skills?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(names(&client.get(&next).await.expect(200)), ["c_d"]);
    assert_eq!(names(&client.get("/api/v1/skills?q=C_d").await.expect(200)), ["c_d"]);
    assert_eq!(names(&client.get("/api/v1/skills?q=DISK&limit=1").await.expect(200)), ["a"]);
    assert!(names(&client.get("/api/v1/skills?status=inactive").await.expect(200)).is_empty());
}

#[tokio::test]
async fn permissions_and_tenants_are_kept_apart() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let skill = client(&db, org.caller()).post("/api/v1/skills", body("Disk full")).await.expect(201);
    let path = format!("/api/v1/skills/{}", skill["id"].as_str().unwrap());
    let reader = client(&db, org.caller_with(&["skills:read"]));
    reader.get(&path).await.expect(200);
    assert_eq!(reader.delete(&path).await.problem(403), "forbidden");
    let stranger = client(&db, db.org("stranger").await.caller());
    assert_eq!(stranger.get(&path).await.problem(404), "not_found");
    assert_eq!(stranger.put(&path, body("Mine")).await.problem(404), "not_found");
    assert_eq!(stranger.delete(&path).await.problem(404), "not_found");
}

#[tokio::test]
async fn an_edit_of_an_older_state_overwrites_nothing() {
    let db = TestDb::new().await;
    let client = client(&db, db.org("acme").await.caller());
    let skill = client.post("/api/v1/skills", body("Disk full")).await.expect(201);
    let path = format!("/api/v1/skills/{}", skill["id"].as_str().unwrap());
    let seen = client.get(&path).await.headers["etag"].to_str().unwrap().to_owned();
    let editor = client.clone().with_header("if-match", &seen);
    db.clock.advance(chrono::TimeDelta::seconds(1));
    let saved = editor.put(&path, body("Disk is full")).await;
    assert_ne!(saved.headers["etag"], *seen);
    saved.expect(200);
    assert_eq!(editor.put(&path, body("The disk is full")).await.problem(412), "changed_meanwhile");
    assert_eq!(client.get(&path).await.expect(200)["name"], "Disk is full");
    client.put(&path, body("The disk is full")).await.expect(200);
}

#[tokio::test]
async fn another_model_embeds_every_skill_again() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let deps = deps(&db.db);
    let mut ids = Vec::new();
    for at in 0..3 {
        let input = SkillInput::new(&format!("skill {at}"), "A problem.", "");
        ids.push(actions::create(&deps, &org.caller(), input).await.unwrap());
    }
    let mut tx = db.db.system("a test makes embeddings old").await.unwrap();
    sqlx::query("update skills set embedding_model = 'old' where id <> $1")
        .bind(ids[0])
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(embed_stale(&db.db, &*embedder()).await.unwrap(), 2);
    assert_eq!(embed_stale(&db.db, &*embedder()).await.unwrap(), 0);
    for id in ids {
        assert_eq!(embedding_model(&org, id).await.as_deref(), Some(embedder().model()));
    }
}

#[tokio::test]
async fn a_change_of_the_sop_alone_keeps_the_embedding() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut deps = deps(&db.db);
    let caller = org.caller();
    let id = actions::create(&deps, &caller, SkillInput::new("a", "b", "")).await.unwrap();
    deps.embedder = std::sync::Arc::new(Broken);
    actions::update(&deps, &caller, id, &IfMatch::ANY, SkillInput::new("a", "b", "Look.")).await.unwrap();
    assert!(embedding_model(&org, id).await.is_some());
    let other =
        SkillInput { status: Some(Status::Inactive), ..SkillInput::new("a", "another problem", "Look.") };
    actions::update(&deps, &caller, id, &IfMatch::ANY, other).await.unwrap();
    assert_eq!(embedding_model(&org, id).await, None, "an embedding of another text would be wrong");
    assert_eq!(embed_stale(&db.db, &*embedder()).await.unwrap(), 1);
}
