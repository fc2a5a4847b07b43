//! Requests have taken every connection: what the machine needs for itself goes on.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Secret;
use platform::{
    db::{Db, Options, SystemTx},
    jobs::{self, JobContext, Leadership, NewJob, Queue, Registry, Worker},
};
use serde_json::{Value, json};
use testkit::TestDb;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const CONNECTIONS: u32 = 2;

/// The same database, for a process with few connections.
async fn process(db: &TestDb) -> Db {
    let (url, clock) = (Secret::new(db.url.clone()), Arc::new(db.clock.clone()));
    Db::connect(Options { url, max_connections: CONNECTIONS, clock, subscriptions: Vec::new() })
        .await
        .unwrap()
}

async fn occupy(db: &Db) -> Vec<SystemTx> {
    let mut taken = Vec::new();
    for _ in 0..CONNECTIONS {
        taken.push(db.system("a test takes every connection").await.unwrap());
    }
    taken
}

async fn lease(db: &TestDb) -> DateTime<Utc> {
    let mut tx = db.db.system("a test looks at a lease").await.unwrap();
    sqlx::query_scalar("select lease_until from jobs").fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn leases_are_renewed_while_requests_hold_every_connection() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let process = process(&db).await;
    let (entered, mut registry) = (Arc::new(Notify::new()), Registry::default());
    let signal = entered.clone();
    registry.add("wait", move |_: Value, context: JobContext| {
        signal.notify_one();
        async move {
            context.cancelled.cancelled().await;
            Ok(jobs::Outcome::Snooze(Duration::ZERO))
        }
    });
    let options = jobs::Options {
        worker: "one".into(),
        queues: vec![Queue { name: "default", slots: 1, ahead: 0 }],
        lease: Duration::from_secs(1),
        poll: Duration::from_secs(1),
        grace: Duration::from_secs(10),
    };
    let stop = CancellationToken::new();
    let worker = tokio::spawn(Worker::new(process.clone(), registry, options).run(stop.clone()));
    let mut tx = org.tx().await;
    tx.enqueue(NewJob::new("wait", json!({}))).await.unwrap();
    tx.commit().await.unwrap();
    entered.notified().await;

    let _taken = occupy(&process).await;
    let first = lease(&db).await;
    db.clock.advance(TimeDelta::milliseconds(500));
    let renewed = async {
        while lease(&db).await == first {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), renewed).await.expect("the lease is renewed");
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(org.count("jobs").await, 1);
}

#[tokio::test]
async fn a_leader_leads_on_while_requests_hold_every_connection() {
    let db = TestDb::new().await;
    let process = process(&db).await;
    let _taken = occupy(&process).await;
    let mut leadership = Leadership::over("test".into(), "one".into(), TimeDelta::seconds(15));
    assert!(leadership.hold(&process).await.unwrap());
}
