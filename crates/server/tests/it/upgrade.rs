//! A server's data survives the way up from an older schema, and the way back down.

mod jobs;

use chrono::TimeDelta;
use kernel::Secret;
use serde_json::{Value, json};
use server::{process::migrations, reactions};
use sqlx::{Connection, PgConnection};
use testkit::{TestClient, TestDb};

use crate::product::TestProduct;

/// The schema that the data in upgrade/before.sql is of, and what its server was told to keep: its master key and tokens.
const BEFORE: i64 = 20261125180200;
const DATA: &str = include_str!("upgrade/before.sql");
const MASTER_KEY: &str = "CYdg0BSO+9KEbaQLIvTH+Mtc7hSdXMmuBdRRhn+X34k=";
const ADMIN: &str = "demo.GCJRCWrxc1heOEKPcS8z2bLzFhG9Beo876c826fc";
const SCRIPT: &str = "demo.Iuy0Rg7KHS0NdmURXWrJL9L5GbNwMXlg50e8c93d";
const INGEST: &str = "demo.AIN2MCxbma6c14mKLmWeR7vCyi1mHkm99c067942";
const TEAM: &str = "demo.payments.BUfTca7tyCCA3qiFIWFPuzdjD8V8eIFs8a25ba3e";
const PAYMENTS: &str = "01a21841-7c83-74e8-a38a-0e53d1bbce0f";
const OTHER: &str = "other.AoHgBgzxRBKgvfAotwVK0hsrI65H0vY1027c5de9";
const SESSION: &str = "steward_session=5CI2ItG5YXQZoBSofYqTGhTMiwjk2c8J4Lnse_8INcE";

/// Tables whose rows the way up leaves as many as there were.
const KEPT: [&str; 15] = [
    "organizations",
    "org_nodes",
    "access_tokens",
    "skills",
    "alert_skill_bindings",
    "tools",
    "alerts",
    "open_alerts",
    "issues",
    "issue_alert_bindings",
    "runs",
    "run_steps",
    "im_receivers",
    "deliveries",
    "audit_logs",
];

async fn to_before(db: &TestDb) {
    let newer = migrations::MIGRATIONS
        .iter()
        .filter(|migration| migration.migration_type.is_up_migration() && migration.version > BEFORE);
    migrations::down(&db.db, newer.count()).await.unwrap();
}

async fn counts(db: &TestDb) -> Vec<(&'static str, i64)> {
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    let mut counts = Vec::new();
    for table in KEPT {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        counts.push((table, sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()));
    }
    counts
}

/// The data of the older version, and what a statement has added to it, in the schema of this one.
async fn upgraded_data(more: &'static str) -> TestDb {
    let db = TestDb::with_subscriptions(reactions::subscriptions()).await;
    to_before(&db).await;
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    sqlx::raw_sql(DATA).execute(&mut connection).await.unwrap();
    sqlx::raw_sql(more).execute(&mut connection).await.unwrap();
    let before = counts(&db).await;
    assert!(before.iter().all(|(_, rows)| *rows > 0), "{before:?}");
    migrations::up(&db.db).await.unwrap();
    assert_eq!(counts(&db).await, before);
    db
}

/// A server of this version on the data of the older one.
async fn upgraded() -> TestProduct {
    let db = upgraded_data("select 1").await;
    db.clock.advance(TimeDelta::days(7));
    TestProduct::over(db, Secret::new(MASTER_KEY.into()), |_| {})
}

fn bearer(product: &TestProduct, token: &str) -> TestClient {
    product.anonymous().with_header("authorization", &format!("Bearer {token}"))
}

async fn items(client: &TestClient, path: &str) -> Vec<Value> {
    let page = client.get(path).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

async fn sign_in(
    product: &TestProduct,
    email: &str,
    password: &str,
    organization: Option<&str>,
) -> testkit::Response {
    let body = json!({ "email": email, "password": password, "organization": organization });
    product.anonymous().post("/api/v1/auth/sign-in", body).await
}

#[tokio::test]
async fn everything_that_was_kept_can_still_be_read() {
    let product = upgraded().await;
    let admin = bearer(&product, ADMIN);
    let issues = items(&admin, "/api/v1/issues").await;
    assert_eq!(issues.len(), 3);
    for issue in &issues {
        let id = issue["id"].as_str().unwrap();
        assert_eq!(admin.get(&format!("/api/v1/issues/{id}")).await.expect(200)["node_id"], Value::Null);
        let run = &items(&admin, &format!("/api/v1/issues/{id}/runs")).await[0];
        let run = admin.get(&format!("/api/v1/runs/{}", run["id"].as_str().unwrap())).await.expect(200);
        assert!(!run["steps"].as_array().unwrap().is_empty());
    }
    for list in ["alerts", "skills", "tools", "receivers", "bindings", "audit", "members", "tokens", "nodes"]
    {
        assert!(!items(&admin, &format!("/api/v1/{list}")).await.is_empty(), "{list}");
    }
    let receiver = &items(&admin, "/api/v1/receivers").await[0];
    let changed = json!({ "name": "Renamed", "receiver_im": receiver["receiver_im"], "im_type": "slack", "transport": "bot",
        "destination_id": "C0DEVOPS" });
    let path = format!("/api/v1/receivers/{}", receiver["id"].as_str().unwrap());
    admin.put(&path, changed).await.expect(200);
}

#[tokio::test]
async fn what_happened_before_the_upgrade_is_not_told_again() {
    let product = upgraded().await;
    let mut connection = PgConnection::connect(&product.db.url).await.unwrap();
    let query = "select c.position > 0 and c.position = (select max(position) from event_log)
        from feed_cursors c where c.name = 'reactions'";
    let at_the_end: bool = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
    assert!(at_the_end);
}

#[tokio::test]
async fn a_password_that_somebody_else_chose_opens_the_organization_that_chose_it_and_no_other() {
    let product = upgraded().await;
    sign_in(&product, "demo@steward.example", "a password of Dana", None).await.expect(200);
    let with_session = product.anonymous().with_header("cookie", SESSION);
    assert_eq!(with_session.get("/api/v1/me").await.problem(401), "session_expired");

    let chosen = "a password that Dana chose";
    sign_in(&product, "made@steward.example", chosen, Some("demo")).await.expect(200);
    sign_in(&product, "made@steward.example", chosen, Some("other")).await.problem(401);
    sign_in(&product, "made@steward.example", chosen, None).await.problem(401);

    let other = bearer(&product, OTHER);
    let members = items(&other, "/api/v1/members").await;
    assert!(members.iter().all(|member| member["email"] != "made@steward.example"), "{members:?}");
    let invited = items(&other, "/api/v1/invitations").await;
    assert_eq!(invited[0]["email"], "made@steward.example");
    assert_eq!((&invited[0]["role"], &invited[0]["state"]), (&json!("admin"), &json!("expired")));
}

#[tokio::test]
async fn who_was_invited_and_never_came_has_an_invitation_to_send_anew() {
    let product = upgraded().await;
    let admin = bearer(&product, ADMIN);
    let invited = items(&admin, "/api/v1/invitations").await;
    assert_eq!((invited.len(), &invited[0]["email"]), (1, &json!("never@steward.example")));
    let resend = format!("/api/v1/invitations/{}/resend", invited[0]["id"].as_str().unwrap());
    let link = admin.post(&resend, json!({ "delivery": "link" })).await.expect(200)["link"].clone();
    let (_, secret) = link.as_str().unwrap().split_once('#').unwrap();
    let accepted = json!({ "token": secret, "password": "a password of their own" });
    assert_eq!(
        product.anonymous().post("/api/v1/auth/invitation/accept", accepted).await.expect(200)["role"],
        "viewer"
    );
}

#[tokio::test]
async fn tokens_go_on_as_the_organizations_own_and_a_teams_token_is_held_to_its_team() {
    let product = upgraded().await;
    let (script, ingest, team) = (bearer(&product, SCRIPT), bearer(&product, INGEST), bearer(&product, TEAM));
    let tokens = items(&script, "/api/v1/tokens").await;
    assert!(tokens.iter().all(|token| token["owner"] == "organization"), "{tokens:?}");
    let alert = |name: &str| json!({ "alerts": [{ "status": "firing", "labels": { "alertname": name, "namespace": name } }] });
    ingest.post("/hooks/alertmanager", alert("OfAll")).await.expect(202);

    assert_eq!(items(&team, "/api/v1/alerts").await, Vec::<Value>::new());
    team.get("/api/v1/tokens").await.problem(403);
    team.post("/hooks/alertmanager", alert("OfPayments")).await.expect(202);
    let seen = items(&team, "/api/v1/alerts").await;
    assert_eq!((seen.len(), &seen[0]["node_id"]), (1, &json!(PAYMENTS)));
    assert!(items(&script, "/api/v1/alerts").await.len() > 4);
}

#[tokio::test]
async fn the_way_back_down_gives_what_nodes_owned_to_the_organization_and_the_way_up_again_keeps_it() {
    let product = upgraded().await;
    let (admin, team) = (bearer(&product, ADMIN), bearer(&product, TEAM));
    let alert = json!({ "alerts": [{ "status": "firing", "labels": { "alertname": "Same" } }] });
    for client in [&admin, &team] {
        client.post("/hooks/alertmanager", alert.clone()).await.expect(202);
    }
    product.settle().await;
    let alerts = items(&admin, "/api/v1/alerts").await.len();
    let before = counts(&product.db).await;

    to_before(&product.db).await;
    let down = counts(&product.db).await;
    // One fingerprint is open once in the whole organization there; nothing else is gone.
    let differs = |(there, here): &(&(&str, i64), &(&str, i64))| there != here;
    let gone: Vec<_> = before.iter().zip(&down).filter(differs).map(|(there, _)| there.0).collect();
    assert_eq!(gone, ["open_alerts"]);

    migrations::up(&product.db.db).await.unwrap();
    assert_eq!(items(&admin, "/api/v1/alerts").await.len(), alerts);
    assert_eq!(items(&team, "/api/v1/alerts").await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_was_said_before_there_were_keys_is_erased_as_well() {
    let product = upgraded().await;
    let admin = bearer(&product, ADMIN);
    let issues = items(&admin, "/api/v1/issues").await;
    let issue = issues.iter().find(|issue| issue["ai_conclusion"].is_string()).unwrap();
    let path = format!("/api/v1/issues/{}", issue["id"].as_str().unwrap());
    if ["analyzing", "in_progress"].contains(&issue["status"].as_str().unwrap()) {
        admin.post(&format!("{path}/resolve"), json!({})).await.expect(200);
    }
    let run = &items(&admin, &format!("{path}/runs")).await[0];
    let run = format!("/api/v1/runs/{}", run["id"].as_str().unwrap());
    assert!(admin.get(&run).await.expect(200)["output"].is_object());
    admin.post(&format!("{path}/erase"), json!({})).await.expect(204);
    let erased = admin.get(&run).await.expect(200);
    assert!(erased["output"].is_null() && erased["erased_at"].is_string(), "{erased}");
    let mut connection = PgConnection::connect(&product.db.url).await.unwrap();
    let words = "select count(*) from run_steps s join runs r on r.org_id = s.org_id and r.id = s.run_id
        where r.subject_id = $1::uuid and (s.content <> 'This was erased.' or s.metadata <> '{}')";
    let id = issue["id"].as_str().unwrap();
    let left: i64 = sqlx::query_scalar(words).bind(id).fetch_one(&mut connection).await.unwrap();
    assert_eq!(left, 0);
    // The way down and up again brings nothing back.
    to_before(&product.db).await;
    migrations::up(&product.db.db).await.unwrap();
    assert_eq!(admin.get(&path).await.expect(200)["title"], "Erased");
    assert_eq!(admin.get(&run).await.expect(200)["output"]["summary"], "");
}
