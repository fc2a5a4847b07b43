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
