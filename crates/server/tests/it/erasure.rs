//! What was said can be made unreadable for ever, although what happened stays.

mod columns;
mod meanwhile;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::product::{Member, TestProduct};
use testkit::TestDb;

/// In everything that is said here; in nothing that the product itself writes.
const SAID: &str = "zebrafish";

const SOP: &str = "1. Look.\n   - run: `look(text=title)` as `found`\n\n## Verdict\n\n\
    - real if `found.seen == true`: \"{{ title }} is real\"\n  - cause: \"because of {{ found.text }}\"\n";

/// An issue that was looked into, told and closed with a reason, with words in every place that there is; its path and its run.
async fn concluded(product: &TestProduct, admin: &Member) -> (String, String) {
    admin.add_tool("look", "export default async ({ text }) => ({ seen: true, text })").await;
    admin.add_skill("Anything", SOP).await;
    let slack = MockServer::start().await;
    // A platform that repeats what it is told.
    let answer = ResponseTemplate::new(200)
        .set_body_json(json!({ "code": 1, "msg": format!("bad word in: The {SAID} is ill") }));
    Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&slack).await;
    let receiver = json!({ "name": "Ops", "receiver_im": "ops", "im_type": "lark", "transport": "webhook",
        "webhook_url": slack.uri() });
    admin.client.post("/api/v1/receivers", receiver).await.expect(201);
    let alert = json!({ "title": format!("The {SAID} is ill"), "description": SAID, "group_key": format!("g-{SAID}"),
        "labels": { "who": SAID }, "annotations": { "note": SAID }, "fingerprint": format!("{SAID} Jane Doe, room 12"),
        "type": format!("of {SAID}"), "source": format!("the {SAID}'s door"), "url": format!("https://{SAID}.example/") });
    let posted = admin.client.post("/hooks/generic?receiver_im=ops", alert).await.expect(202);
    product.settle().await;
    let alert = format!("/api/v1/alerts/{}", posted["alerts"][0]["id"].as_str().unwrap());
    let issue = admin.client.get(&alert).await.expect(200)["issues"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/issues/{issue}");
    let runs = admin.client.get(&format!("{path}/runs")).await.expect(200);
    let run = format!("/api/v1/runs/{}", runs["items"][0]["id"].as_str().unwrap());
    (path, run)
}

async fn close(admin: &Member, path: &str) {
    let client = admin.client.clone().with_header("idempotency-key", "closing");
    client
        .post(&format!("{path}/resolve"), json!({ "reason": format!("the {SAID} recovered") }))
        .await
        .expect(200);
}

/// The tables in which the word stands, as text or as bytes.
async fn said_in(product: &TestProduct) -> Vec<String> {
    let mut tx = product.db.db.system("a test looks into every row").await.unwrap();
    let tables = "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'";
    let hex: String = SAID.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut found = Vec::new();
    for table in sqlx::query(tables).fetch_all(tx.conn()).await.unwrap() {
        let name: String = table.get("name");
        let query =
            format!("select count(*) from {name} t where t::text like '%{SAID}%' or t::text like '%{hex}%'");
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(tx.conn()).await.unwrap();
        if rows > 0 {
            found.push(name);
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn the_record_and_the_steps_hold_no_word_that_was_said() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let (path, run) = concluded(&product, &admin).await;
    close(&admin, &path).await;
    product.settle().await;
    let shown = admin.client.get(&run).await.expect(200);
    assert!(shown["steps"].to_string().contains(SAID) && shown["output"].to_string().contains(SAID));
    let history = admin.client.get(&format!("{path}/history")).await.expect(200);
    assert_eq!(history["items"][0]["reason"], format!("the {SAID} recovered"));
    // Where it is overwritten when it is erased; everywhere else there is none of it in the open.
    let found = said_in(&product).await;
    let open = ["alerts", "change_reasons", "deliveries", "idempotency_keys", "issues"];
    let beyond: Vec<_> =
        found.iter().filter(|table| !open.iter().any(|open| table.starts_with(open))).collect();
    assert_eq!(beyond, Vec::<&String>::new());
}

/// Whether the word stands in a column; for a sealed one, whether anything does.
async fn stands_in(product: &TestProduct, column: &str, sealed: bool) -> bool {
    let (table, column) = column.split_once('.').unwrap();
    let hex: String = SAID.bytes().map(|byte| format!("{byte:02x}")).collect();
    let stands = match sealed {
        true => format!("{column} is not null"),
        false => format!("{column}::text like '%{SAID}%' or {column}::text like '%{hex}%'"),
    };
    let mut tx = product.db.db.system("a test looks into a column").await.unwrap();
    let query = format!("select exists (select from {table} where {stands})");
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn of_every_column_that_can_hold_words_it_is_known_whether_it_is_erased() {
    let db = TestDb::new().await;
    let mut tx = db.db.system("a test adds columns that nobody thought of").await.unwrap();
    assert_eq!(columns::unlisted(&mut tx).await, (vec![], vec![]));
    let added = "alter table alerts add column remark text; alter table issues rename column cause to reason;
        create table rumours (id uuid primary key, words jsonb, heard timestamptz)";
    sqlx::raw_sql(added).execute(tx.conn()).await.unwrap();
    let new = ["alerts.remark", "issues.reason", "rumours.words"].map(String::from).to_vec();
    assert_eq!(columns::unlisted(&mut tx).await, (new, vec!["issues.cause".to_owned()]));
}

#[tokio::test]
async fn an_erased_issue_is_read_nowhere_and_what_happened_stays() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let (path, run) = concluded(&product, &admin).await;
    let erase = format!("{path}/erase");
    assert_eq!(admin.client.post(&erase, json!({})).await.problem(409), "still_open");
    close(&admin, &path).await;
    let before = admin.client.get(&run).await.expect(200);
    let mut tx = product.db.db.system("a test lets a run have failed").await.unwrap();
    sqlx::query("update runs set error = $1").bind(SAID).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    for column in columns::OVERWRITTEN {
        assert!(stands_in(&product, column, false).await, "nothing was said in {column}");
    }
    for column in columns::SEALED {
        assert!(stands_in(&product, column, true).await, "nothing was sealed in {column}");
    }
    let lead = product.member("acme", "supervisor").await;
    assert_eq!(lead.client.post(&erase, json!({})).await.problem(403), "forbidden");
    let stranger = product.member("other", "admin").await;
    assert_eq!(stranger.client.post(&erase, json!({})).await.problem(404), "not_found");
    for _ in 0..2 {
        admin.client.post(&erase, json!({})).await.expect(204);
    }
    product.settle().await;

    let issue = admin.client.get(&path).await.expect(200);
    assert_eq!((&issue["title"], &issue["status"]), (&json!("Erased"), &json!("resolved")));
    assert!(issue["erased_at"].is_string() && issue["ai_conclusion"].is_null(), "{issue}");
    let after = admin.client.get(&run).await.expect(200);
    assert!(after["erased_at"].is_string() && after["output"].is_null(), "{after}");
    let steps = |run: &Value| {
        run["steps"].as_array().unwrap().iter().map(|step| step["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(steps(&after), steps(&before));
    assert!(after["steps"].as_array().unwrap().iter().all(|step| step["content"] == "This was erased."));
    let history = admin.client.get(&format!("{path}/history")).await.expect(200);
    let actions: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|line| line["action"].clone()).collect();
    assert_eq!(actions, ["issue.erased", "issue.erased", "issue.changed"]);
    assert_eq!(admin.client.post(&format!("{path}/reprocess"), json!({})).await.problem(409), "erased");
    for path in ["/api/v1/alerts", "/api/v1/issues", "/api/v1/audit", "/api/v1/overview", &path, &run] {
        assert!(!admin.client.get(path).await.expect(200).to_string().contains(SAID), "{path}");
    }
    let client = admin.client.clone().with_header("idempotency-key", "closing");
    let again =
        client.post(&format!("{path}/resolve"), json!({ "reason": format!("the {SAID} recovered") })).await;
    assert!(!again.body.to_string().contains(SAID), "{}", again.body);
    assert_eq!(said_in(&product).await, Vec::<String>::new());
    let verdicts = admin.client.get("/api/v1/overview").await.expect(200)["verdicts"].clone();
    assert_eq!(verdicts["real"], 1, "what became of it still counts");
}

#[tokio::test]
async fn with_all_keys_that_remain_an_erased_step_cannot_be_opened() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let (path, run) = concluded(&product, &admin).await;
    close(&admin, &path).await;
    admin.client.post(&format!("{path}/erase"), json!({})).await.expect(204);
    let mut tx = product.db.db.system("a test looks for keys").await.unwrap();
    let keys = "select count(*) from subject_keys where wrapped is not null";
    let left: i64 = sqlx::query_scalar(keys).fetch_one(tx.conn()).await.unwrap();
    let sealed: i64 = sqlx::query_scalar("select count(*) from run_steps where sealed is not null")
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert!(left == 0 && sealed > 0, "{left} {sealed}");
    // A key of another subject, put in its place, opens nothing.
    let other = admin.client.post("/hooks/generic", json!({ "title": "another" })).await.expect(202);
    assert!(other["alerts"][0]["id"].is_string());
    drop(tx);
    product.settle().await;
    let mut tx = product.db.db.system("a thief who may write the database").await.unwrap();
    let swap =
        "update subject_keys erased set wrapped = k.wrapped, data_key_id = k.data_key_id, destroyed_at = null
        from subject_keys k where k.wrapped is not null and erased.wrapped is null";
    assert_eq!(sqlx::query(swap).execute(tx.conn()).await.unwrap().rows_affected(), 1);
    tx.commit().await.unwrap();
    assert!(admin.client.get(&run).await.status.is_server_error());
}

#[tokio::test]
async fn a_run_that_works_on_an_erased_issue_ends_without_a_word() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let posted = admin.client.post("/hooks/generic", json!({ "title": SAID })).await.expect(202);
    let alert = format!("/api/v1/alerts/{}", posted["alerts"][0]["id"].as_str().unwrap());
    let issue = admin.client.get(&alert).await.expect(200)["issues"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/issues/{issue}");
    // Closed and erased before its run began: reactions and jobs are still waiting.
    close(&admin, &path).await;
    admin.client.post(&format!("{path}/erase"), json!({})).await.expect(204);
    product.settle().await;
    assert_eq!(admin.client.get(&format!("{path}/runs")).await.expect(200)["items"], json!([]));
    assert_eq!(admin.client.get("/api/v1/dead-letters").await.expect(200)["items"], json!([]));
    assert_eq!(admin.client.get(&path).await.expect(200)["status"], "resolved");
    assert_eq!(said_in(&product).await, Vec::<String>::new());
}
