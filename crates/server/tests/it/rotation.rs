//! Keys are changed while what rests on them goes on.

use kernel::Secret;
use platform::secrets::{self, Keyring};
use serde_json::json;
use server::{
    http::router,
    process::compose::{self, Product},
    reactions::subscriptions,
};
use testkit::{TestClient, TestDb};

use crate::product::TestProduct;

const SETTINGS: &str = "/api/v1/configurations";

/// Another start of the server, with these master keys and no pepper among its settings.
async fn started(first: &TestProduct, master: &[&Secret<String>]) -> (Product, TestClient) {
    let master: Vec<_> = master.iter().map(|key| (*key).clone()).collect();
    let keyring = secrets::keep_pepper(&first.db.db, Keyring::new(&master).unwrap()).await.unwrap();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    let product = compose::compose(&first.settings, first.db.db.clone(), keyring, metrics).unwrap();
    let router = router::build(&first.settings, &product).unwrap();
    (product, TestClient::bare(router))
}

#[tokio::test]
async fn an_access_token_goes_on_when_the_master_key_that_it_was_made_under_is_gone() {
    let (old, new) = (Keyring::generate(), Keyring::generate());
    let first = TestProduct::over(TestDb::with_subscriptions(subscriptions()).await, old.clone(), |_| {});
    let admin = first.member("acme", "admin").await.client;
    admin.put(&format!("{SETTINGS}/general/token"), json!({ "value": "sealed" })).await.expect(204);
    let token = admin.headers()["authorization"].to_str().unwrap();

    for keys in [&[&old][..], &[&new, &old]] {
        let (_, client) = started(&first, keys).await;
        client.with_header("authorization", token).get(SETTINGS).await.expect(200);
    }
    let (both, _) = started(&first, &[&new, &old]).await;
    let rotated = secrets::rotate(&both.app.db, &both.app.keyring).await.unwrap();
    assert_eq!((rotated.data_keys, rotated.pepper), (1, true));
    let (_, client) = started(&first, &[&new]).await;
    client.with_header("authorization", token).get(SETTINGS).await.expect(200);
}
