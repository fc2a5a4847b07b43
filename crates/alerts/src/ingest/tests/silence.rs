//! Another replica is lost in the middle of a transaction: its locks stay with a session that says nothing any more.

use std::time::Duration;

use platform::db::{TenantTx, Work};
use testkit::{TestDb, TestOrg};

use super::{client, fire};
use crate::issues;

/// Ends a hang; the limits of a transaction are far below it.
const NEVER: Duration = Duration::from_secs(40);

/// A transaction as ingest on another replica has it.
async fn elsewhere(db: &TestDb, org: &TestOrg) -> TenantTx {
    db.db.working(Work::Intake).tenant(org.caller().scope()).await.unwrap()
}

/// While the lost one is still there: its connection is open, and nothing was rolled back.
async fn next_alert_is_stored(db: &TestDb, org: &TestOrg, fingerprint: &str) {
    let (client, titles) = (client(db, org), [fingerprint]);
    let stored = tokio::time::timeout(NEVER, fire(&client, &titles)).await;
    stored.expect("the organization waits for a replica that is gone");
}

#[tokio::test]
async fn a_replica_lost_with_the_intake_lock_delays_its_organization_by_seconds() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut lost = elsewhere(&db, &org).await;
    crate::store::lock_intake(&mut lost).await.unwrap();
    next_alert_is_stored(&db, &org, "disk").await;
    drop(lost);
}

#[tokio::test]
async fn a_replica_lost_with_an_issue_delays_its_alerts_by_seconds() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    fire(&client(&db, &org), &["disk"]).await;
    let mut lost = elsewhere(&db, &org).await;
    issues::store::lock_concerned(&mut lost, None, &[], &["disk"]).await.unwrap();
    next_alert_is_stored(&db, &org, "disk").await;
    drop(lost);
}
