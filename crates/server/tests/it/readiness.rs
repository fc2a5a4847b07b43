//! What the machine that runs this is told.

use std::time::Duration;

use crate::product::TestProduct;

#[tokio::test]
async fn a_server_is_ready_while_requests_hold_every_connection() {
    let product = TestProduct::new().await;
    let db = &product.db.db;
    let mut taken = Vec::new();
    for _ in 0..db.connections().most {
        taken.push(db.system("a test takes every connection").await.unwrap());
    }
    assert_eq!(product.anonymous().get("/readyz").await.expect(200), "ready");
}

#[tokio::test]
async fn however_many_ask_whether_a_server_is_ready_the_database_is_asked_once_a_second() {
    let product = TestProduct::new().await;
    let anonymous = product.anonymous();
    tokio::time::pause();
    // A clock that stands goes on when nothing is to be done but to wait: always something is.
    let busy = tokio::spawn(async {
        loop {
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(anonymous.get("/readyz").await.expect(200), "ready");
    product.product.app.db.close().await;
    assert_eq!(anonymous.get("/readyz").await.expect(200), "ready", "nobody was asked");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(anonymous.get("/readyz").await.status, 503);
    busy.abort();
}
