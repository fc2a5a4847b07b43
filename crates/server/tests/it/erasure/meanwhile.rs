//! What goes on while an issue is erased.

use serde_json::json;

use super::{SAID, close, concluded, said_in};
use crate::product::TestProduct;

/// Waits until as many statements as this, which begin so, wait for a lock.
async fn blocked(product: &TestProduct, beginning: &str) {
    let query = "select exists (select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and starts_with(query, $1))";
    loop {
        let mut tx = product.db.db.system("a test looks at the server").await.unwrap();
        if sqlx::query_scalar(query).bind(beginning).fetch_one(tx.conn()).await.unwrap() {
            return;
        }
    }
}

#[tokio::test]
async fn what_is_being_told_meanwhile_is_erased_as_well() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let (path, _) = concluded(&product, &admin).await;
    close(&admin, &path).await;
    // The reaction has read the issue, and is held before it writes down what to tell.
    let mut held = product.db.db.system("a test holds messages").await.unwrap();
    sqlx::query("lock table im_messages in share mode").execute(held.conn()).await.unwrap();
    let erasing = async {
        blocked(&product, "insert into im_messages").await;
        let path = format!("{path}/erase");
        let erasing = admin.client.post(&path, json!({}));
        tokio::pin!(erasing);
        tokio::select! {
            answer = &mut erasing => panic!("erased while it is told: {}", answer.body),
            () = blocked(&product, "select group_key") => {}
        }
        held.commit().await.unwrap();
        erasing.await.expect(204);
    };
    tokio::join!(product.settle(), erasing);
    product.settle().await;
    assert_eq!(said_in(&product).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_is_on_its_way_is_not_kept() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let (path, _) = concluded(&product, &admin).await;
    // As between the commit of a request and that of its answer.
    let client = admin.client.clone().with_header("idempotency-key", "slow");
    let closing = format!("{path}/resolve");
    client.post(&closing, json!({ "reason": SAID })).await.expect(200);
    let mut tx = product.db.db.system("a test takes an answer back").await.unwrap();
    let query = "update idempotency_keys set status = null, headers = null, body = null where key = 'slow'";
    assert_eq!(sqlx::query(query).execute(tx.conn()).await.unwrap().rows_affected(), 1);
    tx.commit().await.unwrap();
    admin.client.post(&format!("{path}/erase"), json!({})).await.expect(204);
    let mut tx = product.db.db.system("a test looks whether it could be kept").await.unwrap();
    let query = "select locked_until > created_at from idempotency_keys where key = 'slow'";
    assert!(!sqlx::query_scalar::<_, bool>(query).fetch_one(tx.conn()).await.unwrap());
    drop(tx);
    assert_eq!(
        client.post(&closing, json!({ "reason": SAID })).await.problem(409),
        "idempotency_answer_lost"
    );
}

#[tokio::test]
async fn an_issue_that_waits_for_people_is_not_erased() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await;
    let posted = admin.client.post("/hooks/generic", json!({ "title": SAID })).await.expect(202);
    product.settle().await;
    let alert = format!("/api/v1/alerts/{}", posted["alerts"][0]["id"].as_str().unwrap());
    let shown = admin.client.get(&alert).await.expect(200);
    let path = format!("/api/v1/issues/{}", shown["issues"][0]["id"].as_str().unwrap());
    assert_eq!(admin.client.get(&path).await.expect(200)["status"], "unable_to_resolve");
    assert_eq!(admin.client.post(&format!("{path}/erase"), json!({})).await.problem(409), "still_open");
    assert_eq!(admin.client.get(&alert).await.expect(200)["status"], shown["status"]);
}
