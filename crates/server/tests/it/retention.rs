//! What is over goes, what is not stays, and nothing grows without an end.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use server::process::compose;
use testkit::TestDb;

use crate::product::{Member, TestProduct};

/// Tables that hold what is said about an issue, and how many rows an issue of this test has in each at least.
const OF_ISSUES: [&str; 7] =
    ["issues", "issue_alert_bindings", "runs", "run_steps", "im_messages", "deliveries", "subject_keys"];

/// Leads to an issue in progress.
const SOP: &str = "1. Look.\n   - run: `look(text=title)` as `found`\n\n## Verdict\n\n\
    - real if `found.seen == true`: \"It is real\"\n  - cause: \"because\"\n";

async fn count(product: &TestProduct, slug: &str, table: &str) -> i64 {
    let mut tx = product.db.db.system("a test counts rows").await.unwrap();
    let query =
        format!("select count(*) from {table} t join organizations o on o.id = t.org_id where o.slug = $1");
    sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(slug).fetch_one(tx.conn()).await.unwrap()
}

async fn counts(product: &TestProduct, slug: &str) -> Vec<(&'static str, i64)> {
    let mut counts = Vec::new();
    for table in OF_ISSUES {
        counts.push((table, count(product, slug, table).await));
    }
    counts
}

/// Every periodic task, once its time has come.
async fn periodic_tasks(product: &TestProduct) {
    // What was not followed yet stays.
    product.follow().await;
    product.product.cron.fire_due(&product.db.db).await;
}

async fn keep(admin: &Member, key: &str, days: u32) {
    admin.client.put(&format!("/api/v1/settings/{key}"), json!({ "value": days })).await.expect(200);
}

async fn prepare(admin: &Member) {
    admin.add_tool("look", "export default async ({ text }) => ({ seen: true, text })").await;
    admin.add_skill("Anything", SOP).await;
    let receiver = json!({ "name": "Ops", "receiver_im": "ops", "im_type": "lark", "transport": "webhook",
        "webhook_url": "http://127.0.0.1:9/", "is_default": true });
    admin.client.post("/api/v1/receivers", receiver).await.expect(201);
}

/// An issue that was looked into; its path.
async fn issue(product: &TestProduct, admin: &Member, title: &str) -> String {
    let posted = admin.client.post("/hooks/generic", json!({ "title": title })).await.expect(202);
    product.settle().await;
    let alert = format!("/api/v1/alerts/{}", posted["alerts"][0]["id"].as_str().unwrap());
    let alert = admin.client.get(&alert).await.expect(200);
    format!("/api/v1/issues/{}", alert["issues"][0]["id"].as_str().unwrap())
}

async fn close(admin: &Member, issue: &str) {
    admin.client.post(&format!("{issue}/resolve"), json!({ "reason": "done" })).await.expect(200);
}

async fn titles(admin: &Member, list: &str) -> BTreeSet<String> {
    let page = admin.client.get(&format!("/api/v1/{list}")).await.expect(200);
    let text = |row: &Value| row["title"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(text).collect()
}

/// Deliveries to nowhere are tried again and again: here they are given up, so that nothing waits.
async fn give_deliveries_up(product: &TestProduct) {
    let mut tx = product.db.db.system("a test gives up").await.unwrap();
    sqlx::query("update deliveries set status = 'failed' where status = 'pending'")
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn every_time_tells_what_would_go_with_it() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let list = admin.client.get("/api/v1/settings").await.expect(200);
    let all = list["items"].as_array().unwrap().iter().map(|one| (one["key"].as_str().unwrap(), one));
    for (key, setting) in all.filter(|(key, _)| key.ends_with("kept_days")) {
        let path = format!("/api/v1/settings/{key}/preview?value={}", setting["schema"]["maximum"]);
        let preview = admin.client.get(&path).await.expect(200);
        assert_eq!(preview["over"], json!({ "count": 0, "oldest": null }), "{key}");
    }
}

#[tokio::test]
async fn a_closed_issue_goes_with_all_that_is_about_it_and_an_open_one_stays() {
    let product = TestProduct::new().await;
    let (admin, other) = (product.member("acme", "admin").await, product.member("other", "admin").await);
    for member in [&admin, &other] {
        prepare(member).await;
        for title in ["old", "open"] {
            let path = issue(&product, member, title).await;
            if title == "old" {
                close(member, &path).await;
            }
        }
    }
    product.db.clock.advance(TimeDelta::days(20));
    let young = issue(&product, &admin, "young").await;
    close(&admin, &young).await;
    product.settle().await;
    let before = counts(&product, "other").await;
    assert!(before.iter().all(|(_, rows)| *rows > 0), "{before:?}");
    periodic_tasks(&product).await;
    assert_eq!(titles(&admin, "issues").await.len(), 3, "nothing goes by itself");

    let preview = admin.client.get("/api/v1/settings/issues.kept_days/preview?value=10").await.expect(200);
    assert_eq!(preview["over"]["count"], 1, "the old one: {preview}");
    keep(&admin, "issues.kept_days", 10).await;
    keep(&admin, "alerts.kept_days", 10).await;
    product.db.clock.advance(TimeDelta::hours(7));
    periodic_tasks(&product).await;
    let rest: BTreeSet<String> = ["open", "young"].map(String::from).into();
    assert_eq!(titles(&admin, "issues").await, rest);
    product.db.clock.advance(TimeDelta::hours(2));
    periodic_tasks(&product).await;
    assert_eq!(titles(&admin, "alerts").await, rest);
    for (table, rows) in counts(&product, "acme").await {
        let of_two = before.iter().find(|(name, _)| *name == table).unwrap().1;
        assert_eq!(rows, of_two, "{table}: as many as of the two of the other organization");
    }
    assert_eq!(counts(&product, "other").await, before);
    periodic_tasks(&product).await;
    assert_eq!(counts(&product, "acme").await, before, "a second round finds nothing");
}

#[tokio::test]
async fn an_issue_that_nobody_could_resolve_stays_while_its_alert_fires_and_for_its_time_after_that() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    // No skill and no model: nobody can tell.
    let path = issue(&product, &admin, "firing").await;
    let unresolved = issue(&product, &admin, "muted").await;
    assert_eq!(admin.client.get(&path).await.expect(200)["status"], "unable_to_resolve");
    let muted = json!({ "reason": "noise" });
    admin.client.post(&format!("{unresolved}/false-positive"), muted).await.expect(200);
    keep(&admin, "issues.kept_days", 10).await;
    let after = async |days: i64| {
        product.db.clock.advance(TimeDelta::days(days));
        periodic_tasks(&product).await;
        titles(&admin, "issues").await
    };
    let both: BTreeSet<String> = ["firing", "muted"].map(String::from).into();
    assert_eq!(after(400).await, both, "what fires is not over");

    for title in ["firing", "muted"] {
        let again = json!({ "title": title });
        let repeated = admin.client.post("/hooks/generic", again).await.expect(202);
        assert_eq!(repeated["alerts"][0]["outcome"], "repeated");
        let over = json!({ "title": title, "status": "resolved" });
        admin.client.post("/hooks/generic", over).await.expect(202);
    }
    product.settle().await;
    assert_eq!(after(9).await, both, "its time begins when its alerts end");
    assert_eq!(after(2).await, BTreeSet::new());
}

#[tokio::test]
async fn each_kind_goes_when_its_own_time_is_over() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    prepare(&admin).await;
    let path = issue(&product, &admin, "old").await;
    close(&admin, &path).await;
    product.settle().await;
    give_deliveries_up(&product).await;
    let invitation = json!({ "email": "al@acme.example", "role": "viewer" });
    admin.client.post("/api/v1/invitations", invitation).await.expect(201);
    let mut tx = product.db.db.system("a test puts rows where the product would").await.unwrap();
    let bury = "insert into dead_letters (org_id, id, source, event_type, payload, error, created_at)
        select id, id, 'job', 'x', '{}', '', $1 from organizations";
    sqlx::query(bury).bind(product.db.db.clock().now()).execute(tx.conn()).await.unwrap();
    let used = "insert into llm_usage (org_id, id, model, tokens_in, tokens_out, cost_usd, created_at)
        select id, id, 'm', 1, 1, 1, $1 from organizations";
    sqlx::query(used).bind(product.db.db.clock().now()).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let kinds = [
        ("events.kept_days", "event_log"),
        ("audit.kept_days", "audit_logs"),
        ("audit.kept_days", "change_reasons"),
        ("messages.kept_days", "im_messages"),
        ("messages.kept_days", "deliveries"),
        ("usage.kept_days", "llm_usage"),
        ("jobs.dead_kept_days", "dead_letters"),
        ("invitations.kept_days", "invitations"),
    ];
    product.db.clock.advance(TimeDelta::days(50));
    for (key, table) in kinds {
        assert!(count(&product, "acme", table).await > 0, "{table}");
        keep(&admin, key, 60).await;
    }
    let counted = async || {
        let mut counted = Vec::new();
        for (_, table) in kinds {
            counted.push(count(&product, "acme", table).await);
        }
        counted
    };
    let before = counted().await;
    periodic_tasks(&product).await;
    assert_eq!(counted().await, before, "not yet");
    for (key, _) in kinds {
        keep(&admin, key, 40).await;
    }
    let written_since = (kinds.len() * 2) as i64;
    let told = kinds.iter().map(|(key, _)| key).collect::<BTreeSet<_>>().len() as i64;
    product.db.clock.advance(TimeDelta::hours(7));
    periodic_tasks(&product).await;
    assert_eq!(counted().await, [written_since + told, written_since, 0, 0, 0, 0, 0, 0]);
    assert_eq!(titles(&admin, "issues").await.len(), 1, "for ever, as nobody said otherwise");
}

/// The names in backticks in the first column of the table below a heading.
fn listed(page: &str, heading: &str) -> BTreeSet<String> {
    let (_, section) = page.split_once(heading).expect("the heading");
    let rows =
        section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| {
        let first = row.split('|').nth(1).unwrap_or_default();
        first.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
}

/// The tables of the database that the page does not list, and those that it lists and that are none.
async fn unlisted(db: &TestDb, page: &str) -> (Vec<String>, Vec<String>) {
    let mut tx = db.db.system("a test lists tables").await.unwrap();
    let query = "select relname::text from pg_catalog.pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
            and relname <> '_sqlx_migrations'";
    let tables: Vec<String> = sqlx::query_scalar(query).fetch_all(tx.conn()).await.unwrap();
    let tables: BTreeSet<_> = tables.into_iter().collect();
    let listed = listed(page, "## What is kept for how long");
    (tables.difference(&listed).cloned().collect(), listed.difference(&tables).cloned().collect())
}

#[tokio::test]
async fn every_table_is_listed_with_how_long_it_is_kept() {
    let page = include_str!("../../../../docs/operations.md");
    let db = TestDb::new().await;
    assert_eq!(unlisted(&db, page).await, (vec![], vec![]));
    let mut tx = db.db.system("a test adds a table that grows").await.unwrap();
    sqlx::query("create table footprints (id uuid primary key)").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(unlisted(&db, page).await, (vec!["footprints".to_owned()], vec![]));
}

/// Settings of times that the page does not name, and those that it names and nobody declares. Other settings are not its matter.
fn unnamed<'a>(page: &'a str, declared: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (_, section) = page.split_once("## What is kept for how long").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let time = |word: &&str| word.ends_with("kept_days");
    let named: BTreeSet<&str> = section.split('`').skip(1).step_by(2).filter(time).collect();
    let declared: BTreeSet<&str> = declared.iter().copied().filter(time).collect();
    (declared.difference(&named).copied().collect(), named.difference(&declared).copied().collect())
}

#[tokio::test]
async fn every_time_of_the_page_is_a_setting_and_the_other_way_round() {
    let page = include_str!("../../../../docs/operations.md");
    let mut declared: Vec<&str> =
        compose::disconnected().unwrap().settings.iter().map(|setting| setting.key()).collect();
    assert_eq!(unnamed(page, &declared), (vec![], vec![]));
    declared.push("runs.at_once");
    assert_eq!(unnamed(page, &declared), (vec![], vec![]), "a setting that is about something else");
    declared.push("weather.kept_days");
    declared.retain(|key| *key != "events.kept_days");
    assert_eq!(unnamed(page, &declared), (vec!["weather.kept_days"], vec!["events.kept_days"]));
}
