//! One process leads, until it resigns or dies.

use chrono::TimeDelta;
use platform::jobs::Leadership;
use testkit::TestDb;

use crate::queue::{Wrong, process};

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

#[tokio::test]
async fn a_process_whose_clock_is_ahead_does_not_take_over_from_one_that_leads() {
    let db = TestDb::new().await;
    let ahead = process(&db, Wrong(TimeDelta::hours(1))).await;
    let right = process(&db, Wrong(TimeDelta::zero())).await;
    let lease = TimeDelta::seconds(15);
    let [mut one, mut two] = ["one", "two"].map(|name| Leadership::over("test".into(), name.into(), lease));
    assert!(one.hold(&right).await.unwrap());
    assert!(!two.hold(&ahead).await.unwrap());
    one.resign(&right).await.unwrap();
    assert!(two.hold(&ahead).await.unwrap());
    assert!(!one.hold(&right).await.unwrap());
}
