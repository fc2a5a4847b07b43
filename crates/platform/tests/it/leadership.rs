//! One process leads, until it resigns or dies.

use chrono::TimeDelta;
use platform::jobs::Leadership;
use testkit::TestDb;

#[tokio::test]
async fn one_process_leads_until_it_resigns_or_its_lease_runs_out() {
    let db = TestDb::new().await;
    let lease = TimeDelta::seconds(15);
    let [mut one, mut two] = ["one", "two"].map(|name| Leadership::over("test".into(), name.into(), lease));
    assert!(one.hold(&db.db).await.unwrap());
    assert!(!two.hold(&db.db).await.unwrap());
    one.resign(&db.db).await.unwrap();
    assert!(two.hold(&db.db).await.unwrap());
    db.clock.advance(lease + TimeDelta::seconds(1));
    assert!(one.hold(&db.db).await.unwrap());
    assert!(!two.hold(&db.db).await.unwrap());
}
