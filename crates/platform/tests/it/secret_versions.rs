//! What is replaced stays for a while, counts, and can be used again.

use axum::Router;
use chrono::TimeDelta;
use kernel::{NodeId, Secret};
use platform::{
    db::TenantTx,
    retention,
    secrets::{self, EARLIER_SECRETS_KEPT, Keyring, Name, SecretVersion},
    settings::{self, Settings},
};
use serde_json::json;
use testkit::{TestClient, TestDb, TestOrg};

const NAME: Name<'static> = Name::new("slack", "token");

fn keyring() -> Keyring {
    Keyring::new(&[Keyring::generate()]).unwrap()
}

async fn put(org: &TestOrg, keyring: &Keyring, name: Name<'_>, value: &str) {
    let mut tx = org.tx().await;
    secrets::put(&mut tx, keyring, name, &Secret::new(value.into())).await.unwrap();
    tx.commit().await.unwrap();
}

/// The versions that count, with their numbers.
async fn opened(tx: &mut TenantTx, keyring: &Keyring, name: Name<'_>) -> Vec<(i32, String)> {
    let counting = secrets::counting(tx, keyring, name).await.unwrap();
    counting.iter().map(|version| (version.number, version.value.expose().clone())).collect()
}

async fn counting(org: &TestOrg, keyring: &Keyring) -> Vec<(i32, String)> {
    opened(&mut org.tx().await, keyring, NAME).await
}

fn told(versions: &[(i32, &str)]) -> Vec<(i32, String)> {
    versions.iter().map(|(number, value)| (*number, (*value).to_owned())).collect()
}

async fn keep(db: &TestDb, org: &TestOrg, days: u32) {
    let settings = Settings::new(db.db.clone(), retention::SETTINGS.iter().copied());
    let admin = TestClient::new(Router::from(settings::routes(settings)), Some(org.caller()));
    let path = format!("/api/v1/settings/{}", EARLIER_SECRETS_KEPT.key);
    admin.put(&path, json!({ "value": days })).await.expect(200);
}

async fn restore(org: &TestOrg, keyring: &Keyring, version: i32) -> kernel::Result<i32> {
    let mut tx = org.tx().await;
    let restored = secrets::restore(&mut tx, keyring, NAME, version).await?;
    tx.commit().await?;
    Ok(restored)
}

#[tokio::test]
async fn a_value_that_is_replaced_stays_with_when_and_by_whom_it_was_set() {
    let db = TestDb::new().await;
    let (org, keyring) = (db.org("acme").await, keyring());
    let first = db.db.clock().now();
    let mut tx = db.db.tenant(db.db.system_scope(org.id, "steward admin")).await.unwrap();
    secrets::put(&mut tx, &keyring, NAME, &Secret::new("one".into())).await.unwrap();
    tx.commit().await.unwrap();
    db.clock.advance(TimeDelta::hours(1));
    put(&org, &keyring, NAME, "two").await;
    let second = db.db.clock().now();
    let versions = secrets::versions(&mut org.tx().await, NAME).await.unwrap();
    let by_system = SecretVersion {
        version: 1,
        is_current: false,
        set_at: first,
        set_by: None,
        set_by_name: None,
        until: Some(second + TimeDelta::days(7)),
    };
    let by_admin = SecretVersion {
        version: 2,
        is_current: true,
        set_at: second,
        set_by: Some(org.admin),
        set_by_name: Some("admin".into()),
        until: None,
    };
    assert_eq!(versions, [by_admin, by_system]);
    assert_eq!(counting(&org, &keyring).await, told(&[(2, "two"), (1, "one")]));

    // Programs that set the same again and again push nothing out.
    put(&org, &keyring, NAME, "two").await;
    assert_eq!(counting(&org, &keyring).await, told(&[(2, "two"), (1, "one")]));
    let other = Name { config_key: "other", ..NAME };
    assert!(secrets::versions(&mut org.tx().await, other).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_version_that_is_used_again_becomes_a_new_one_and_no_number_comes_twice() {
    let db = TestDb::new().await;
    let (org, keyring) = (db.org("acme").await, keyring());
    put(&org, &keyring, NAME, "one").await;
    put(&org, &keyring, NAME, "two").await;
    assert_eq!(restore(&org, &keyring, 1).await.unwrap(), 3);
    assert_eq!(counting(&org, &keyring).await, told(&[(3, "one"), (2, "two")]));
    for gone in [1, 3, 4] {
        let refused = restore(&org, &keyring, gone).await.unwrap_err();
        assert_eq!(refused.code().0, "not_found", "{gone}");
    }
    let mut tx = org.tx().await;
    assert_eq!(secrets::forget_earlier(&mut tx, NAME).await.unwrap(), [2]);
    assert!(secrets::forget_earlier(&mut tx, NAME).await.unwrap().is_empty());
    tx.commit().await.unwrap();
    put(&org, &keyring, NAME, "four").await;
    assert_eq!(counting(&org, &keyring).await, told(&[(4, "four"), (3, "one")]));
}

#[tokio::test]
async fn what_is_over_counts_no_more_and_is_erased() {
    let db = TestDb::new().await;
    let (org, other, keyring) = (db.org("acme").await, db.org("other").await, keyring());
    for org in [&org, &other] {
        put(org, &keyring, NAME, "one").await;
        put(org, &keyring, NAME, "two").await;
    }
    keep(&db, &other, 30).await;
    db.clock.advance(TimeDelta::days(7));
    assert_eq!(counting(&org, &keyring).await, told(&[(2, "two")]));
    assert_eq!(secrets::versions(&mut org.tx().await, NAME).await.unwrap().len(), 1);
    assert_eq!(restore(&org, &keyring, 1).await.unwrap_err().code().0, "not_found");
    assert_eq!(org.count("earlier_secrets").await, 1);
    secrets::forget_earlier_secrets(&db.db).await.unwrap();
    assert_eq!((org.count("earlier_secrets").await, other.count("earlier_secrets").await), (0, 1));
    assert_eq!(counting(&other, &keyring).await, told(&[(2, "two"), (1, "one")]));
}

#[tokio::test]
async fn where_none_are_to_be_kept_none_are() {
    let db = TestDb::new().await;
    let (org, keyring) = (db.org("acme").await, keyring());
    put(&org, &keyring, NAME, "one").await;
    put(&org, &keyring, NAME, "two").await;
    keep(&db, &org, 0).await;
    assert_eq!(counting(&org, &keyring).await, told(&[(2, "two")]));
    put(&org, &keyring, NAME, "three").await;
    secrets::forget_earlier_secrets(&db.db).await.unwrap();
    assert_eq!(org.count("earlier_secrets").await, 0);
    assert_eq!(counting(&org, &keyring).await, told(&[(3, "three")]));
}

#[tokio::test]
async fn who_changes_a_secret_over_and_over_keeps_the_last_five() {
    let db = TestDb::new().await;
    let (org, keyring) = (db.org("acme").await, keyring());
    for value in 1..=9 {
        put(&org, &keyring, NAME, &value.to_string()).await;
    }
    let numbers: Vec<_> = counting(&org, &keyring).await.into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [9, 8, 7, 6, 5, 4]);
    assert_eq!(org.count("earlier_secrets").await, 5);
    let mut tx = org.tx().await;
    assert!(secrets::delete(&mut tx, NAME).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(org.count("earlier_secrets").await, 0);
}

#[tokio::test]
async fn two_who_set_a_secret_at_once_both_leave_a_version() {
    let db = TestDb::new().await;
    let (org, keyring) = (db.org("acme").await, keyring());
    for round in ["first", "second"] {
        let values = [format!("{round} a"), format!("{round} b"), format!("{round} c")];
        let [a, b, c] = &values;
        tokio::join!(
            put(&org, &keyring, NAME, a),
            put(&org, &keyring, NAME, b),
            put(&org, &keyring, NAME, c)
        );
    }
    let versions = counting(&org, &keyring).await;
    let numbers: Vec<_> = versions.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2, 1]);
    let mut values: Vec<_> = versions.into_iter().map(|(_, value)| value).collect();
    values.sort();
    assert_eq!(values, ["first a", "first b", "first c", "second a", "second b", "second c"]);
}

#[tokio::test]
async fn every_version_opens_after_the_master_key_that_sealed_it_is_gone() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (old, new) = (Keyring::generate(), Keyring::generate());
    let before = Keyring::new(std::slice::from_ref(&old)).unwrap();
    put(&org, &before, NAME, "one").await;
    put(&org, &before, NAME, "two").await;
    let both = Keyring::new(&[new.clone(), old]).unwrap();
    secrets::rotate(&db.db, &both).await.unwrap();
    let after = Keyring::new(&[new]).unwrap();
    assert_eq!(counting(&org, &after).await, told(&[(2, "two"), (1, "one")]));
    assert_eq!(restore(&org, &after, 1).await.unwrap(), 3);
    assert!(secrets::counting(&mut org.tx().await, &before, NAME).await.is_err());
}

#[tokio::test]
async fn versions_move_with_what_they_are_of_and_open_nowhere_else() {
    let db = TestDb::new().await;
    let (org, other, keyring) = (db.org("acme").await, db.org("other").await, keyring());
    let node = Some(NodeId::new(db.db.clock().now()));
    let owned = Name { node, ..NAME };
    put(&org, &keyring, owned, "one").await;
    put(&org, &keyring, owned, "two").await;
    assert!(secrets::versions(&mut other.tx().await, NAME).await.unwrap().is_empty());
    assert!(secrets::counting(&mut other.tx().await, &keyring, owned).await.unwrap().is_empty());
    assert!(secrets::restore(&mut other.tx().await, &keyring, owned, 1).await.is_err());

    let mut tx = org.tx().await;
    assert!(secrets::restore(&mut tx, &keyring, NAME, 1).await.is_err(), "bound to its node");
    drop(tx);
    let mut tx = org.tx().await;
    let before = secrets::versions(&mut tx, owned).await.unwrap();
    secrets::move_to(&mut tx, &keyring, owned, None).await.unwrap();
    assert_eq!(opened(&mut tx, &keyring, NAME).await, told(&[(2, "two"), (1, "one")]));
    assert!(secrets::counting(&mut tx, &keyring, owned).await.is_err());
    assert_eq!(secrets::versions(&mut tx, NAME).await.unwrap(), before, "nobody set anything");
}

#[tokio::test]
async fn an_earlier_version_that_does_not_open_keeps_nobody_from_the_current_one() {
    let db = TestDb::new().await;
    let (org, keyring) = (db.org("acme").await, keyring());
    put(&org, &keyring, NAME, "one").await;
    put(&org, &keyring, NAME, "two").await;
    let mut tx = org.tx().await;
    sqlx::query("update earlier_secrets set sealed = 'x'").execute(tx.conn()).await.unwrap();
    assert_eq!(opened(&mut tx, &keyring, NAME).await, told(&[(2, "two")]));
    secrets::move_to(&mut tx, &keyring, NAME, None).await.unwrap();
    assert!(secrets::restore(&mut tx, &keyring, NAME, 1).await.is_err());
}
