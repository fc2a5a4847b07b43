//! Sealed values open only where they were sealed.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{NodeId, Secret};
use platform::{
    db::TenantTx,
    key_check,
    secrets::{self, Keyring, Name, Rotated},
};
use testkit::TestDb;

const NAME: Name<'static> = Name::new("slack", "token");

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
async fn a_sealed_value_copied_to_another_node_or_organization_does_not_open() {
    let db = TestDb::new().await;
    let (org, other) = (db.org("acme").await, db.org("other").await);
    let keyring = Keyring::new(&[Keyring::generate()]).unwrap();
    let mut tx = org.tx().await;
    let owned = Name { node: Some(NodeId::new(tx.now())), ..NAME };
    secrets::put(&mut tx, &keyring, owned, &Secret::new("canary".to_owned())).await.unwrap();
    for node in [None, Some(NodeId::new(tx.now()))] {
        assert!(secrets::get(&mut tx, &keyring, Name { node, ..NAME }).await.is_err());
    }
    assert_eq!(secrets::get(&mut tx, &keyring, owned).await.unwrap().unwrap().expose(), "canary");
    secrets::move_to(&mut tx, &keyring, owned, None).await.unwrap();
    assert_eq!(secrets::get(&mut tx, &keyring, NAME).await.unwrap().unwrap().expose(), "canary");
    assert!(secrets::get(&mut tx, &keyring, owned).await.is_err());
    tx.commit().await.unwrap();

    let mut tx = db.db.system("a thief who may write the database").await.unwrap();
    for table in ["data_keys", "configurations"] {
        let copy = format!("update {table} set org_id = '{}'", other.id.uuid());
        sqlx::query("set constraints all deferred").execute(tx.conn()).await.unwrap();
        sqlx::query("set session_replication_role = replica").execute(tx.conn()).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(copy)).execute(tx.conn()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(secrets::get(&mut other.tx().await, &keyring, NAME).await.is_err());
}

/// As values were sealed before they had a version: a nonce, and the organization and the name authenticated.
async fn seal_as_before(tx: &mut TenantTx, master: &Secret<String>, value: &str) -> Vec<u8> {
    let cipher = |key: &[u8]| Aes256Gcm::new_from_slice(key).unwrap();
    let query = "select wrapped from data_keys";
    let wrapped: Vec<u8> = sqlx::query_scalar(query).fetch_one(tx.conn()).await.unwrap();
    let org = tx.org().uuid();
    let master = cipher(&STANDARD.decode(master.expose()).unwrap());
    let nonce = Nonce::try_from(&wrapped[..12]).unwrap();
    let key = master.decrypt(&nonce, Payload { msg: &wrapped[12..], aad: org.as_bytes() }).unwrap();
    let aad = [org.as_bytes().as_slice(), b"slack\0token"].concat();
    // A nonce that begins as today's version does is no less one.
    let nonce = Nonce::from([1; 12]);
    let sealed = cipher(&key).encrypt(&nonce, Payload { msg: value.as_bytes(), aad: &aad }).unwrap();
    [nonce.as_slice(), &sealed].concat()
}

async fn stored(tx: &mut TenantTx) -> Vec<u8> {
    sqlx::query_scalar("select config_value from configurations").fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn a_value_in_the_format_of_before_opens_and_is_sealed_anew() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let master = Keyring::generate();
    let keyring = Keyring::new(std::slice::from_ref(&master)).unwrap();
    let mut tx = org.tx().await;
    secrets::put(&mut tx, &keyring, NAME, &Secret::new("another".to_owned())).await.unwrap();
    let before = seal_as_before(&mut tx, &master, "of before").await;
    let query = "update configurations set config_value = $1";
    sqlx::query(query).bind(&before).execute(tx.conn()).await.unwrap();

    for _ in 0..2 {
        let opened = secrets::get(&mut tx, &keyring, NAME).await.unwrap().unwrap();
        assert_eq!(opened.expose(), "of before");
        let stored = stored(&mut tx).await;
        assert!(stored != before && stored[0] == 1 && stored.len() == before.len() + 1);
    }
    // One that another took the place of before it was ever used is no different.
    sqlx::query(query).bind(&before).execute(tx.conn()).await.unwrap();
    let kept = "insert into earlier_secrets
            (org_id, id, configuration_id, version, sealed, data_key_id, set_at, replaced_at)
        select org_id, id, id, version, config_value, data_key_id, updated_at, updated_at from configurations";
    sqlx::query(kept).execute(tx.conn()).await.unwrap();
    for _ in 0..2 {
        let counting = secrets::counting(&mut tx, &keyring, NAME).await.unwrap();
        let values: Vec<_> = counting.iter().map(|version| version.value.expose().as_str()).collect();
        assert_eq!(values, ["of before", "of before"]);
        let query = "select sealed from earlier_secrets";
        let earlier: Vec<u8> = sqlx::query_scalar(query).fetch_one(tx.conn()).await.unwrap();
        assert!(earlier != before && earlier[0] == 1 && earlier.len() == before.len() + 1);
    }
    // From then on it is bound to its owner.
    let elsewhere = Name { node: Some(NodeId::new(tx.now())), ..NAME };
    assert!(secrets::get(&mut tx, &keyring, elsewhere).await.is_err());
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
    let rotated = |data_keys| Rotated { data_keys, pepper: false };
    assert_eq!(secrets::rotate(&db.db, &both).await.unwrap(), rotated(1));
    assert_eq!(secrets::rotate(&db.db, &both).await.unwrap(), rotated(0));
    let after = Keyring::new(&[new]).unwrap();
    let mut tx = org.tx().await;
    assert_eq!(secrets::get(&mut tx, &after, NAME).await.unwrap().unwrap().expose(), "kept");
    assert!(secrets::get(&mut tx, &before, NAME).await.is_err());
}

#[tokio::test]
async fn the_pepper_outlives_every_master_key() {
    let db = TestDb::new().await;
    let (old, new) = (Keyring::generate(), Keyring::generate());
    let keyring = |keys: &[&Secret<String>]| {
        let keys: Vec<_> = keys.iter().map(|key| (*key).clone()).collect();
        secrets::keep_pepper(&db.db, Keyring::new(&keys).unwrap())
    };
    let pepper = keyring(&[&old]).await.unwrap().pepper().to_vec();
    assert_eq!(pepper, Keyring::new(std::slice::from_ref(&old)).unwrap().pepper(), "tokens of before go on");
    assert_ne!(keyring(&[&new]).await.unwrap().pepper(), pepper, "a stranger's key opens nothing");

    let both = keyring(&[&new, &old]).await.unwrap();
    assert_eq!(both.pepper(), pepper);
    assert!(secrets::rotate(&db.db, &both).await.unwrap().pepper);
    assert_eq!(keyring(&[&new]).await.unwrap().pepper(), pepper);
    assert!(secrets::rotate(&db.db, &keyring(&[&old]).await.unwrap()).await.is_err());
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

#[tokio::test]
async fn a_pepper_whose_master_key_is_lost_gives_way_when_the_operator_says_so() {
    let db = TestDb::new().await;
    let keyring = || Keyring::new(&[Keyring::generate()]).unwrap();
    let first = secrets::keep_pepper(&db.db, keyring()).await.unwrap();
    key_check::compare(&db.db, &first).await.unwrap();

    let key = [Keyring::generate()];
    let second = secrets::keep_pepper(&db.db, Keyring::new(&key).unwrap()).await.unwrap();
    assert!(key_check::compare(&db.db, &second).await.is_err());
    assert!(secrets::rotate(&db.db, &second).await.is_err());
    key_check::accept(&db.db, &second).await.unwrap();

    let newest = Keyring::generate();
    let later = Keyring::new(&[newest, key[0].clone()]).unwrap();
    let later = secrets::keep_pepper(&db.db, later).await.unwrap();
    key_check::compare(&db.db, &later).await.unwrap();
    assert_eq!(later.pepper(), second.pepper());
    assert_eq!(secrets::rotate(&db.db, &later).await.unwrap(), Rotated { data_keys: 0, pepper: true });
}
