//! What is over goes, in small numbers, of each organization by itself.

use axum::Router;
use chrono::TimeDelta;
use kernel::{Error, OrgId};
use platform::{
    db::TenantTx,
    jobs,
    retention::{self, Expired},
    settings::{self, Settings},
};
use serde_json::json;
use testkit::{TestClient, TestDb, TestOrg};

/// Puts so many jobs of an organization among the dead letters, all at this moment.
async fn bury(org: &TestOrg, jobs: i32) {
    let mut tx = org.tx().await;
    let (id, now) = (tx.org(), tx.now());
    let query = "insert into dead_jobs (org_id, id, queue, kind, args, priority, attempt, max_attempts, errors,
            correlation_id, created_at, finished_at)
        select $1, (left(uuid_v7_floor($2)::text, 24) || lpad(n::text, 12, '0'))::uuid, 'default', 'x', '{}', 0, 1, 1, '[]', $1, $2, $2
        from generate_series(1, $3) n";
    sqlx::query(query).bind(id).bind(now).bind(jobs).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn keep(db: &TestDb, org: &TestOrg, days: u32) {
    let settings = Settings::new(db.db.clone(), retention::SETTINGS.iter().copied());
    let admin = TestClient::new(Router::from(settings::routes(settings)), Some(org.caller()));
    admin.put("/api/v1/settings/jobs.dead_kept_days", json!({ "value": days })).await.expect(200);
}

#[tokio::test]
async fn all_that_is_over_goes_in_batches_and_what_another_organization_keeps_longer_stays() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    for org in [&acme, &other] {
        bury(org, 1200).await;
    }
    keep(&db, &other, 365).await;
    db.clock.advance(TimeDelta::days(100));
    bury(&acme, 1).await;
    jobs::forget_dead_jobs(&db.db).await.unwrap();
    assert_eq!((acme.count("dead_jobs").await, other.count("dead_jobs").await), (1, 1200));
}

/// Takes ten, and fails after that for this organization.
async fn take_ten(tx: &mut TenantTx, expired: Expired, broken: OrgId) -> kernel::Result<u64> {
    assert_eq!(expired.rows, 500);
    let query = "delete from dead_jobs where id = any (array(select id from dead_jobs order by id limit 10))";
    let gone = sqlx::query(query).execute(tx.conn()).await?.rows_affected();
    if tx.org() == broken { Err(Error::unavailable("not now")) } else { Ok(gone) }
}

#[tokio::test]
async fn a_batch_that_fails_takes_nothing_with_it_and_the_next_turn_goes_on() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    for org in [&acme, &other] {
        bury(org, 25).await;
    }
    retention::sweep(&db.db, "dead_jobs", &jobs::DEAD_JOBS_KEPT, |tx, expired| {
        Box::pin(take_ten(tx, expired, acme.id))
    })
    .await
    .unwrap();
    assert_eq!((acme.count("dead_jobs").await, other.count("dead_jobs").await), (25, 0));
    db.clock.advance(TimeDelta::days(100));
    jobs::forget_dead_jobs(&db.db).await.unwrap();
    assert_eq!(acme.count("dead_jobs").await, 0);
}
