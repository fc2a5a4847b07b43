//! Settings: declared by a domain, set by people, read where they are obeyed.

use axum::Router;
use chrono::TimeDelta;
use platform::{
    db::TenantTx,
    settings::{self, AnySetting, Counted, Setting, Settings},
};
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};

const COUNT: Setting<u32> = Setting {
    key: "things.count",
    title: "Things",
    help: "So many are counted.",
    unit: "things",
    default: 5,
    bounds: (1, 9),
    over: None,
};
const KEPT: Setting<Option<u32>> = Setting {
    key: "things.kept_days",
    title: "Old things",
    help: "Then they go.",
    unit: "days",
    default: None,
    bounds: (7, 90),
    over: Some(|tx, before| Box::pin(counted(tx, before))),
};
/// As many as the days that it is asked about.
async fn counted(tx: &mut TenantTx, before: chrono::DateTime<chrono::Utc>) -> kernel::Result<Counted> {
    Ok(Counted { count: (tx.now() - before).num_days(), oldest: Some(before) })
}

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

#[tokio::test]
async fn whoever_shortens_a_time_is_told_first_what_is_over_with_it() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let admin = admin(&db, &org);
    let preview = async |query: &str| admin.get(&format!("/api/v1/settings/{query}")).await;
    let told = preview("things.kept_days/preview?value=30").await.expect(200);
    let before = db.db.clock().now() - TimeDelta::days(30);
    assert_eq!(told["over"]["count"], 30);
    assert_eq!(told["over"]["oldest"], json!(before));
    let for_ever = preview("things.kept_days/preview").await.expect(200);
    assert_eq!(for_ever, json!({ "over": { "count": 0, "oldest": null } }));
    let about_no_time = preview("things.count/preview?value=3").await.expect(200);
    assert_eq!(about_no_time, json!({ "over": null }));
    assert_eq!(preview("things.kept_days/preview?value=6").await.problem(422), "invalid_setting_value");
    assert_eq!(preview("things.colour/preview?value=6").await.problem(404), "not_found");
    assert_eq!(org.count("node_configurations").await, 0, "nothing was set");
}

#[tokio::test]
async fn a_list_has_the_tags_with_which_its_settings_are_changed() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let admin = admin(&db, &org);
    let tag = async || {
        let list = admin.get("/api/v1/settings").await.expect(200);
        list["items"][0]["etag"].as_str().unwrap().to_owned()
    };
    let never_set = tag().await;
    let seen = admin.clone().with_header("if-match", &never_set);
    put(&seen, "things.count", json!(6)).await.expect(200);
    assert_eq!(put(&seen, "things.count", json!(7)).await.problem(412), "changed_meanwhile");
    let now = admin.get("/api/v1/settings/things.count").await.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(tag().await, now);
}

#[tokio::test]
async fn what_the_operator_limits_is_kept_so_long_without_a_setting_and_no_longer_with_one() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    put(&admin(&db, &org), "things.kept_days", json!(60)).await.expect(200);
    let settings = Settings::new(db.db.clone(), ALL).limited(&[&KEPT], 30);
    let limited = TestClient::new(Router::from(settings::routes(settings)), Some(org.caller()));
    let state = limited.get("/api/v1/settings/things.kept_days").await.expect(200);
    assert_eq!((&state["value"], &state["default"]), (&json!(30), &json!(30)), "whatever was set before");
    assert_eq!(state["schema"], json!({ "type": ["integer"], "minimum": 7, "maximum": 30 }));
    for longer in [json!(31), json!(null)] {
        assert_eq!(put(&limited, "things.kept_days", longer).await.problem(422), "invalid_setting_value");
    }
    put(&limited, "things.kept_days", json!(20)).await.expect(200);
    limited.delete("/api/v1/settings/things.kept_days").await.expect(204);
    let list = limited.get("/api/v1/settings").await.expect(200);
    assert_eq!((&list["items"][0]["value"], &list["items"][1]["value"]), (&json!(5), &json!(30)));
}
