use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{TestClient, start_of_time};

use crate::testing::World;

fn rfc3339(minutes: i64) -> String {
    (start_of_time() + TimeDelta::minutes(minutes)).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// One rename each minute.
async fn renamed(world: &World, names: &[&str]) -> TestClient {
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    for name in names {
        admin.patch("/api/v1/organization", json!({ "name": name })).await.expect(200);
        world.db.clock.advance(TimeDelta::minutes(1));
    }
    admin
}

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|line| line["after"]["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_line_says_who_did_what_from_where() {
    let world = World::new().await;
    let admin = renamed(&world, &["One"]).await;
    let line = admin.get("/api/v1/audit").await.expect(200)["items"][0].clone();
    assert_eq!(line["actor_type"], "user");
    assert_eq!(line["actor_name"], "Admin");
    assert_eq!(line["action"], "organization.renamed");
    assert_eq!(line["ip"], "192.0.2.1");
    assert_eq!(line["user_agent"], "test");
    assert_eq!(line["occurred_at"], json!(start_of_time()));
}

#[tokio::test]
async fn the_log_is_read_newest_first_page_by_page() {
    let world = World::new().await;
    let admin = renamed(&world, &["One", "Two", "Three"]).await;
    let first = admin.get("/api/v1/audit?limit=2").await.expect(200);
    assert_eq!(names(&first), ["Three", "Two"]);
    let rest = format!("/api/v1/audit?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(names(&admin.get(&rest).await.expect(200)), ["One"]);
}

#[tokio::test]
async fn a_filter_shows_what_fits_it() {
    let world = World::new().await;
    let admin = renamed(&world, &["One", "Two", "Three"]).await;
    let id =
        admin.get("/api/v1/audit").await.expect(200)["items"][0]["actor_id"].as_str().unwrap().to_owned();
    let check = async |query: String, expected: &[&str]| {
        assert_eq!(
            names(&admin.get(&format!("/api/v1/audit?{query}")).await.expect(200)),
            expected,
            "{query}"
        );
    };
    let all: &[&str] = &["Three", "Two", "One"];
    check("actor=ADM".into(), all).await;
    check(format!("actor={id}"), all).await;
    check("actor=%25".into(), &[]).await;
    check("action=organization".into(), all).await;
    check("action=organization.renamed".into(), all).await;
    check("action=organ".into(), &[]).await;
    check("subject_type=skill".into(), &[]).await;
    check(format!("subject_id={id}"), &[]).await;
    check(format!("since={}", rfc3339(1)), &["Three", "Two"]).await;
    check(format!("until={}", rfc3339(1)), &["One"]).await;
    check("since=0001-01-01T00:00:00Z&until=9999-01-01T00:00:00Z".into(), all).await;
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_is_refused() {
    let world = World::new().await;
    let admin = renamed(&world, &[]).await;
    for query in ["actor=%00", "action=a%00", "subject_id=x", "since=yesterday", "limit=0", "cursor=x"] {
        assert_eq!(admin.get(&format!("/api/v1/audit?{query}")).await.status.as_u16(), 400, "{query}");
    }
}

#[tokio::test]
async fn another_tenants_lines_are_not_there() {
    let world = World::new().await;
    renamed(&world, &["One"]).await;
    let stranger = world.admin_of(&world.db.org("other").await);
    assert_eq!(stranger.get("/api/v1/audit").await.expect(200)["items"], json!([]));
}
