//! Settings: declared by a domain, set by people, read where they are obeyed.

use axum::Router;
use platform::settings::{self, AnySetting, Setting, Settings};
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};

const COUNT: Setting<u32> = Setting {
    key: "things.count",
    title: "Things",
    help: "So many are counted.",
    unit: "things",
    default: 5,
    bounds: (1, 9),
};
const KEPT: Setting<Option<u32>> = Setting {
    key: "things.kept_days",
    title: "Old things",
    help: "Then they go.",
    unit: "days",
    default: None,
    bounds: (7, 90),
};
const ALL: [&dyn AnySetting; 2] = [&KEPT, &COUNT];

fn admin(db: &TestDb, org: &TestOrg) -> TestClient {
    TestClient::new(Router::from(settings::routes(Settings::new(db.db.clone(), ALL))), Some(org.caller()))
}

async fn in_force(org: &TestOrg) -> (u32, Option<u32>) {
    let mut tx = org.tx().await;
    (settings::read(&mut tx, &COUNT).await.unwrap(), settings::read(&mut tx, &KEPT).await.unwrap())
}

async fn put(client: &TestClient, key: &str, value: Value) -> testkit::Response {
    client.put(&format!("/api/v1/settings/{key}"), json!({ "value": value })).await
}

#[tokio::test]
async fn every_setting_is_listed_with_what_it_is_and_may_be() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let list = admin(&db, &org).get("/api/v1/settings").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!((&items[0]["key"], &items[1]["key"]), (&json!("things.count"), &json!("things.kept_days")));
    assert_eq!(items[0]["schema"], json!({ "type": ["integer"], "minimum": 1, "maximum": 9 }));
    let shown = |field: &str| items[1][field].clone();
    assert_eq!((shown("value"), shown("default"), shown("is_set")), (json!(null), json!(null), json!(false)));
    assert_eq!((shown("title"), shown("unit")), (json!("Old things"), json!("days")));
    assert_eq!((shown("changed_at"), shown("changed_by")), (json!(null), json!(null)));
}

#[tokio::test]
async fn what_is_set_is_in_force_in_its_organization_until_it_is_reset() {
    let db = TestDb::new().await;
    let (org, other) = (db.org("acme").await, db.org("other").await);
    let admin = admin(&db, &org);
    assert_eq!(in_force(&org).await, (5, None));
    assert_eq!(put(&admin, "things.count", json!(7)).await.expect(200)["value"], 7);
    let kept = put(&admin, "things.kept_days", json!(30)).await.expect(200);
    assert_eq!((&kept["is_set"], &kept["changed_by"]), (&json!(true), &json!("Admin")));
    assert_eq!((in_force(&org).await, in_force(&other).await), ((7, Some(30)), (5, None)));
    put(&admin, "things.kept_days", json!(null)).await.expect(200);
    for _ in 0..2 {
        admin.delete("/api/v1/settings/things.count").await.expect(204);
    }
    assert_eq!(in_force(&org).await, (5, None));
    let list = admin.get("/api/v1/settings").await.expect(200);
    assert_eq!((&list["items"][0]["is_set"], &list["items"][1]["is_set"]), (&json!(false), &json!(true)));
    let mut tx = org.tx().await;
    let actions: Vec<String> =
        sqlx::query_scalar("select action from audit_logs order by id").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(actions, ["setting.set", "setting.set", "setting.set", "setting.reset"]);
    let change: Value = sqlx::query_scalar("select after from audit_logs order by id limit 1")
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert_eq!(change, json!({ "key": "things.count", "value": 7 }));
}

#[tokio::test]
async fn a_value_that_cannot_be_is_refused_and_names_its_place() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let admin = admin(&db, &org);
    for (key, value) in [
        ("things.count", json!(0)),
        ("things.count", json!(10)),
        ("things.count", json!(null)),
        ("things.count", json!(-1)),
        ("things.count", json!(1.5)),
        ("things.count", json!("7")),
        ("things.kept_days", json!(6)),
        ("things.kept_days", json!([])),
    ] {
        let refused = put(&admin, key, value.clone()).await.expect(422);
        let told = (&refused["code"], &refused["errors"][0]["pointer"]);
        assert_eq!(told, (&json!("invalid_setting_value"), &json!("/value")), "{key} {value}");
    }
    assert_eq!(put(&admin, "things.colour", json!(1)).await.problem(404), "not_found");
    assert_eq!(admin.delete("/api/v1/settings/things").await.problem(404), "not_found");
    assert_eq!(org.count("node_configurations").await, 0);
}

#[tokio::test]
async fn an_edit_replaces_what_its_author_saw() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let admin = admin(&db, &org);
    let seen = admin.get("/api/v1/settings/things.count").await;
    let tag = seen.headers["etag"].to_str().unwrap().to_owned();
    let late = admin.clone().with_header("if-match", &tag);
    put(&late, "things.count", json!(6)).await.expect(200);
    db.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(put(&late, "things.count", json!(7)).await.problem(412), "changed_meanwhile");
    assert_eq!(late.delete("/api/v1/settings/things.count").await.problem(412), "changed_meanwhile");
    put(&late, "things.kept_days", json!(7)).await.expect(200);
    assert_eq!(in_force(&org).await, (6, Some(7)));
}

#[tokio::test]
async fn what_a_newer_version_wrote_is_left_alone_and_counts_as_the_default() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let admin = admin(&db, &org);
    put(&admin, "things.kept_days", json!(30)).await.expect(200);
    let newer = r#"{"things": {"count": {"each": 3}, "kept_days": 7}, "spells": 1}"#;
    let mut tx = org.tx().await;
    sqlx::query("update node_configurations set config_json = $1::jsonb where org_id = $2")
        .bind(newer)
        .bind(org.id)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(in_force(&org).await, (5, Some(7)));
    assert_eq!(admin.get("/api/v1/settings/things.count").await.expect(200)["value"], 5);
    put(&admin, "things.kept_days", json!(8)).await.expect(200);
    let mut tx = org.tx().await;
    let stored: Value =
        sqlx::query_scalar("select config_json from node_configurations").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(stored, json!({ "things": { "count": { "each": 3 }, "kept_days": 8 }, "spells": 1 }));
}
