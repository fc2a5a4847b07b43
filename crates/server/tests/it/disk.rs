//! The disk of the database is full: nothing is stored, everything is shown.

use axum::{body::Body, http::Method};
use chrono::TimeDelta;
use kernel::Error;
use platform::db::watch_over;
use serde_json::json;
use server::http::router;
use tokio_util::sync::CancellationToken;

use crate::product::TestProduct;

/// Until somebody watches over the database: then it is tried again after a while.
fn fill(product: &TestProduct) {
    product.db.db.heed(&Error::disk_full("a test"));
}

#[tokio::test]
async fn while_the_disk_is_full_every_page_can_be_read_and_nothing_changed() {
    let product = TestProduct::new().await;
    tokio::spawn(product.product.live.clone().run());
    // A token that was never used, and a session that was not seen for a while: that they are used cannot be noted.
    let token = product.member("acme", "admin").await.client;
    product.person("acme", "dana@acme.example", "a long enough password").await;
    let credentials = json!({ "email": "dana@acme.example", "password": "a long enough password" });
    let signed_in = product.anonymous().post("/api/v1/auth/sign-in", credentials.clone()).await;
    let mut cookies = signed_in.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.rfind(|cookie| cookie.starts_with("steward_session=")).unwrap();
    let session = product.anonymous().with_header("cookie", cookie.split(';').next().unwrap());
    product.db.clock.advance(TimeDelta::hours(1));
    fill(&product);

    let document = serde_json::to_value(router::openapi(&product.product)).unwrap();
    let mut read = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace("{id}", &uuid::Uuid::from_u128(7).to_string());
            let path = path.replace("{type}", "general").replace("{key}", "token");
            for client in [&token, &session] {
                let status = client.status(method.clone(), &path, Body::empty()).await.as_u16();
                let expected =
                    if method == Method::GET { matches!(status, 200 | 404 | 409) } else { status == 503 };
                assert!(expected, "{} answered {status}", operation["operationId"]);
            }
            read += usize::from(method == Method::GET);
        }
    }
    assert!(read > 20, "{read}");
    assert_eq!(product.anonymous().post("/api/v1/auth/sign-in", credentials).await.problem(503), "disk_full");
    assert_eq!(
        product.anonymous().get("/readyz").await.expect(200),
        "ready for reading only: the disk is full"
    );
}

#[tokio::test]
async fn a_server_that_says_that_its_disk_is_full_is_believed_and_asked_again() {
    let product = TestProduct::new().await;
    let stop = CancellationToken::new();
    let watching = tokio::spawn(watch_over(product.db.db.clone(), stop.clone()));
    let token = product.member("acme", "admin").await.client;
    let change = async |statements: &'static str| {
        let mut tx = product.db.db.system("a test changes a table").await.unwrap();
        sqlx::raw_sql(statements).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    };
    change(
        "create function no_room() returns trigger language plpgsql as $$ begin
            raise exception 'could not extend file' using errcode = 'disk_full';
        end $$;
        create trigger no_room before insert on alerts for each row execute function no_room();",
    )
    .await;
    let alert = json!({ "title": "The disk is full" });
    let refused = token.post("/hooks/generic", alert.clone()).await;
    assert_eq!(refused.headers["retry-after"], "10");
    assert_eq!(refused.problem(503), "disk_full");
    assert!(product.db.db.disk_is_full());
    assert_eq!(token.post("/api/v1/issues", json!({})).await.problem(503), "disk_full");
    token.get("/api/v1/alerts").await.expect(200);

    product.db.db.comes_back().await;
    change("drop trigger no_room on alerts").await;
    token.post("/hooks/generic", alert).await.expect(202);
    stop.cancel();
    watching.await.unwrap();
}
