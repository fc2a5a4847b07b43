//! What the machine that runs this is told.

use crate::product::TestProduct;

#[tokio::test]
async fn a_server_is_ready_while_requests_hold_every_connection() {
    let product = TestProduct::new().await;
    let db = &product.db.db;
    let mut taken = Vec::new();
    for _ in 0..db.pool().options().get_max_connections() {
        taken.push(db.system("a test takes every connection").await.unwrap());
    }
    assert_eq!(product.anonymous().get("/readyz").await.expect(200), "ready");
}
