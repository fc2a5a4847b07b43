use serde_json::json;

use crate::{OrganizationStatus, Role, admin, testing::World};

#[tokio::test]
async fn an_organization_is_renamed_and_keeps_its_slug() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let renamed = admin.patch("/api/v1/organization", json!({ "name": "  Acme & Sons " })).await.expect(200);
    assert_eq!((&renamed["name"], &renamed["slug"]), (&json!("Acme & Sons"), &json!("acme")));
    assert_eq!(admin.get("/api/v1/organization").await.expect(200), renamed);
    let line = &admin.get("/api/v1/audit?action=organization").await.expect(200)["items"][0];
    assert_eq!(
        (&line["before"], &line["after"]),
        (&json!({ "name": "Acme" }), &json!({ "name": "Acme & Sons" }))
    );
    for name in ["", "  ", "two\nlines", &"a".repeat(256)] {
        let refused = admin.patch("/api/v1/organization", json!({ "name": name })).await;
        assert_eq!(refused.problem(422), "invalid_name", "{name:?}");
    }
}

#[tokio::test]
async fn a_suspended_organization_lets_nobody_in_and_says_so() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    world.person(&acme, "jo@example.com", Role::Admin).await;
    world.person(&other, "al@example.com", Role::Admin).await;
    let (jo, al) = (world.browser("jo@example.com").await, world.browser("al@example.com").await);
    admin::set_org_status(&world.deps.app, "acme", OrganizationStatus::Suspended).await.unwrap();
    assert_eq!(jo.client.get("/api/v1/me").await.problem(403), "organization_suspended");
    let refused = world.sign_in("jo@example.com", crate::testing::PASSWORD).await;
    assert!(refused.headers.get("set-cookie").is_none());
    assert_eq!(refused.problem(403), "organization_suspended");
    al.client.get("/api/v1/me").await.expect(200);
    admin::set_org_status(&world.deps.app, "acme", OrganizationStatus::Active).await.unwrap();
    jo.client.get("/api/v1/me").await.expect(200);
}
