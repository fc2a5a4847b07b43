use platform::secrets::{self, Name};
use serde_json::json;

use crate::testing::World;

const VALUE: &str = "xoxb-canary-0123456789";

#[tokio::test]
async fn a_value_goes_in_and_never_comes_out() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let path = "/api/v1/configurations/general/prometheus%2Fpassword";
    admin.put(path, json!({ "value": "first" })).await.expect(204);
    admin.put(path, json!({ "value": VALUE })).await.expect(204);
    let list = admin.get("/api/v1/configurations").await.expect(200);
    let row = &list["items"][0];
    assert_eq!((&row["config_type"], &row["config_key"]), (&json!("general"), &json!("prometheus/password")));
    assert_eq!(row["updated_by"], json!(org.admin));
    let audit = admin.get("/api/v1/audit?action=configuration").await.expect(200);
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
    assert!(!format!("{list}{audit}").contains(VALUE));
    let mut tx = org.tx().await;
    let name = Name::new("general", "prometheus/password");
    let opened = secrets::get(&mut tx, &world.deps.app.keyring, name).await.unwrap().unwrap();
    assert_eq!(opened.expose(), VALUE);
}

#[tokio::test]
async fn a_value_is_removed() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    admin.put("/api/v1/configurations/slack/token", json!({ "value": VALUE })).await.expect(204);
    let stranger = world.admin_of(&world.db.org("other").await);
    assert_eq!(stranger.delete("/api/v1/configurations/slack/token").await.problem(404), "not_found");
    admin.delete("/api/v1/configurations/slack/token").await.expect(204);
    assert_eq!(admin.delete("/api/v1/configurations/slack/token").await.problem(404), "not_found");
    assert_eq!(org.count("configurations").await, 0);
}

#[tokio::test]
async fn a_setting_that_cannot_be_is_refused() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let check = async |path: &str, value: &str, status: u16, code: &str| {
        let path = format!("/api/v1/configurations/{path}");
        assert_eq!(admin.put(&path, json!({ "value": value })).await.problem(status), code, "{path}");
    };
    check("Teams/x", VALUE, 422, "invalid_config_type").await;
    check(&format!("slack/{}", "k".repeat(256)), VALUE, 422, "invalid_config_key").await;
    check("slack/a%00b", VALUE, 422, "invalid_config_key").await;
    check("slack/receiver%2F1%2Fbot_token", VALUE, 409, "managed_elsewhere").await;
    check("slack/x", "", 422, "invalid_config_value").await;
    check("slack/x", &"v".repeat((64 << 10) + 1), 422, "invalid_config_value").await;
    let managed = admin.delete("/api/v1/configurations/slack/receiver%2F1%2Fbot_token").await;
    assert_eq!(managed.problem(409), "managed_elsewhere");
    assert_eq!(org.count("configurations").await, 0);
}

#[tokio::test]
async fn settings_are_listed_by_name_page_by_page() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    for path in ["slack/b", "general/z", "slack/a"] {
        admin.put(&format!("/api/v1/configurations/{path}"), json!({ "value": VALUE })).await.expect(204);
    }
    let first = admin.get("/api/v1/configurations?limit=2").await.expect(200);
    let rest = format!("/api/v1/configurations?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let rest = admin.get(&rest).await.expect(200);
    let keys: Vec<_> = [&first, &rest]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|row| &row["config_key"])
        .collect();
    assert_eq!(keys, ["z", "a", "b"]);
}

#[tokio::test]
async fn an_earlier_value_is_used_again_or_forgotten() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let path = "/api/v1/configurations/general/token";
    assert_eq!(admin.get(&format!("{path}/versions")).await.problem(404), "not_found");
    for value in ["first", "second"] {
        admin.put(path, json!({ "value": value })).await.expect(204);
    }
    let versions = admin.get(&format!("{path}/versions")).await.expect(200)["items"].clone();
    let numbers: Vec<_> = versions.as_array().unwrap().iter().map(|one| one["version"].clone()).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(versions[1]["set_by"], json!(org.admin));

    admin.post(&format!("{path}/restore"), json!({ "version": 1 })).await.expect(204);
    let name = Name::new("general", "token");
    let opened = secrets::get(&mut org.tx().await, &world.deps.app.keyring, name).await.unwrap().unwrap();
    assert_eq!(opened.expose(), "first");
    assert_eq!(
        admin.post(&format!("{path}/restore"), json!({ "version": 1 })).await.problem(404),
        "not_found"
    );
    for _ in 0..2 {
        admin.post(&format!("{path}/forget-earlier"), json!({})).await.expect(204);
    }
    assert_eq!(org.count("earlier_secrets").await, 0);
    let audit = admin.get("/api/v1/audit?action=configuration").await.expect(200);
    let lines: Vec<_> = audit["items"].as_array().unwrap().iter().collect();
    assert_eq!(lines.len(), 4, "{audit}");
    assert_eq!(
        (&lines[0]["before"]["versions"], &lines[1]["after"]["restored"], &lines[1]["after"]["version"]),
        (&json!([2]), &json!(1), &json!(3))
    );
}

#[tokio::test]
async fn versions_are_for_who_may_set_values_and_those_of_receivers_for_who_keeps_receivers() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let path = "/api/v1/configurations/general/token";
    for value in ["first", "second"] {
        admin.put(path, json!({ "value": value })).await.expect(204);
    }
    let stranger = world.admin_of(&world.db.org("other").await);
    assert_eq!(stranger.get(&format!("{path}/versions")).await.problem(404), "not_found");
    let asked = json!({ "version": 1 });
    assert_eq!(stranger.post(&format!("{path}/restore"), asked.clone()).await.problem(404), "not_found");
    assert_eq!(stranger.post(&format!("{path}/forget-earlier"), json!({})).await.problem(404), "not_found");
    let managed = "/api/v1/configurations/slack/receiver%2F1%2Fbot_token";
    assert_eq!(admin.post(&format!("{managed}/restore"), asked).await.problem(409), "managed_elsewhere");
    assert_eq!(admin.get(&format!("{managed}/versions")).await.problem(409), "managed_elsewhere");
    let forget = format!("{managed}/forget-earlier");
    assert_eq!(admin.post(&forget, json!({})).await.problem(409), "managed_elsewhere");
    assert_eq!(org.count("earlier_secrets").await, 1);
}
