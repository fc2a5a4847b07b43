//! Sealed values open only where they were sealed.

use kernel::Secret;
use platform::{
    key_check,
    secrets::{self, Keyring, Name},
};
use testkit::TestDb;

const NAME: Name<'static> = Name { config_type: "slack", config_key: "token" };

#[tokio::test]
async fn a_value_comes_back_and_is_nowhere_in_clear() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let keyring = Keyring::new(&[Keyring::generate()]).unwrap();
    let mut tx = org.tx().await;
    secrets::put(&mut tx, &keyring, NAME, &Secret::new("canary-7f3a".to_owned())).await.unwrap();
    let opened = secrets::get(&mut tx, &keyring, NAME).await.unwrap().unwrap();
    assert_eq!(opened.expose(), "canary-7f3a");
    let stored: Vec<u8> =
        sqlx::query_scalar("select config_value from configurations").fetch_one(tx.conn()).await.unwrap();
    assert!(!stored.windows(6).any(|bytes| bytes == b"canary"));
    assert!(secrets::delete(&mut tx, NAME).await.unwrap());
    assert!(secrets::get(&mut tx, &keyring, NAME).await.unwrap().is_none());
}

#[tokio::test]
async fn a_sealed_value_copied_to_another_name_does_not_open() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let keyring = Keyring::new(&[Keyring::generate()]).unwrap();
    let mut tx = org.tx().await;
    secrets::put(&mut tx, &keyring, NAME, &Secret::new("canary".to_owned())).await.unwrap();
    sqlx::query("update configurations set config_key = 'other'").execute(tx.conn()).await.unwrap();
    let moved = secrets::get(&mut tx, &keyring, Name { config_key: "other", ..NAME }).await;
    assert!(moved.is_err());
}

#[tokio::test]
async fn rotation_lets_the_old_master_key_go() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (old, new) = (Keyring::generate(), Keyring::generate());
    let before = Keyring::new(std::slice::from_ref(&old)).unwrap();
    let mut tx = org.tx().await;
    secrets::put(&mut tx, &before, NAME, &Secret::new("kept".to_owned())).await.unwrap();
    tx.commit().await.unwrap();

    let both = Keyring::new(&[new.clone(), old]).unwrap();
    assert_eq!(secrets::rotate(&db.db, &both).await.unwrap(), 1);
    assert_eq!(secrets::rotate(&db.db, &both).await.unwrap(), 0);
    let after = Keyring::new(&[new]).unwrap();
    let mut tx = org.tx().await;
    assert_eq!(secrets::get(&mut tx, &after, NAME).await.unwrap().unwrap().expose(), "kept");
    assert!(secrets::get(&mut tx, &before, NAME).await.is_err());
}

#[test]
fn a_key_of_the_wrong_length_is_refused_with_the_remedy() {
    let error = Keyring::new(&[Secret::new("c2hvcnQ=".to_owned())]).err().unwrap();
    assert!(error.to_string().contains("openssl rand"), "{error}");
}

#[tokio::test]
async fn a_process_with_other_keys_than_the_first_is_told_so() {
    let db = TestDb::new().await;
    let (one, other) = (Keyring::generate(), Keyring::generate());
    let pepper = || Secret::new(b"a pepper".to_vec());
    let ring = |keys: &[Secret<String>]| Keyring::new(keys).unwrap().with_pepper(pepper());
    let first = ring(std::slice::from_ref(&one));
    key_check::compare(&db.db, &first).await.unwrap();
    key_check::compare(&db.db, &first).await.unwrap();
    let stranger = ring(std::slice::from_ref(&other));
    let refused = key_check::compare(&db.db, &stranger).await.unwrap_err();
    assert_eq!(refused.code().0, "invalid_master_key");
    let peppered = ring(std::slice::from_ref(&one)).with_pepper(Secret::new(b"another".to_vec()));
    let refused = key_check::compare(&db.db, &peppered).await.unwrap_err();
    assert!(refused.to_string().contains("pepper"), "{refused}");

    let both = ring(&[other, one]);
    key_check::compare(&db.db, &both).await.unwrap();
    key_check::accept(&db.db, &both).await.unwrap();
    key_check::compare(&db.db, &stranger).await.unwrap();
    assert!(
        key_check::compare(&db.db, &first).await.is_err(),
        "the key that was rotated away does not serve"
    );
}
