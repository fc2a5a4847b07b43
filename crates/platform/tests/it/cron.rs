//! Periodic tasks fire once, whoever leads, and none waits for another.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::TimeDelta;
use platform::jobs::{Cron, Leadership};
use testkit::TestDb;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_periodic_task_fires_once_a_period_whoever_leads() {
    let db = TestDb::new().await;
    let fired = Arc::new(Mutex::new(0));
    let mut cron = Cron::default();
    let count = fired.clone();
    cron.every(TimeDelta::minutes(1), "tick", move |_| {
        *count.lock().unwrap() += 1;
        std::future::ready(Ok(()))
    });
    cron.fire_due(&db.db).await;
    cron.fire_due(&db.db).await;
    assert_eq!(*fired.lock().unwrap(), 1);
    db.clock.advance(TimeDelta::minutes(1));
    cron.fire_due(&db.db).await;
    assert_eq!(*fired.lock().unwrap(), 2);
}

#[tokio::test]
async fn one_process_leads_until_it_resigns_or_its_lease_runs_out() {
    let db = TestDb::new().await;
    let lease = TimeDelta::seconds(15);
    let mut one = Leadership::new("one".into(), lease);
    let mut two = Leadership::new("two".into(), lease);
    assert!(one.hold(&db.db).await.unwrap());
    assert!(!two.hold(&db.db).await.unwrap());
    one.resign(&db.db).await.unwrap();
    assert!(two.hold(&db.db).await.unwrap());
    db.clock.advance(lease + TimeDelta::seconds(1));
    assert!(one.hold(&db.db).await.unwrap());
    assert!(!two.hold(&db.db).await.unwrap());
}

/// Ends a test that would hang.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("it happens")
}

/// A leader with a task of every minute that never ends, and after it one of every second.
struct Leader {
    /// Has a word for each time that the long one began or was stopped.
    long: UnboundedReceiver<&'static str>,
    /// And one for each time that the short one fired.
    short: UnboundedReceiver<()>,
    stop: CancellationToken,
}

/// Says that it was stopped.
struct Stopped(mpsc::UnboundedSender<&'static str>);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _nobody_listens = self.0.send("stopped");
    }
}

impl Leader {
    fn start(db: &TestDb) -> Self {
        let (began, long) = mpsc::unbounded_channel();
        let (fired, short) = mpsc::unbounded_channel();
        let mut cron = Cron::default();
        cron.every(TimeDelta::minutes(1), "long", move |_| {
            began.send("began").unwrap();
            let stopped = Stopped(began.clone());
            async move {
                let _stopped = stopped;
                std::future::pending().await
            }
        });
        cron.every(TimeDelta::seconds(1), "short", move |_| {
            fired.send(()).unwrap();
            std::future::ready(Ok(()))
        });
        let stop = CancellationToken::new();
        tokio::spawn(cron.run(db.db.clone(), "one".into(), stop.clone()));
        Self { long, short, stop }
    }
}

#[tokio::test]
async fn a_long_task_delays_no_other_and_is_never_at_work_twice() {
    let db = TestDb::new().await;
    let mut leader = Leader::start(&db);
    assert_eq!(soon(leader.long.recv()).await, Some("began"));
    for _ in 0..10 {
        soon(leader.short.recv()).await.unwrap();
        // Within the lease.
        db.clock.advance(TimeDelta::seconds(10));
    }
    assert!(leader.long.try_recv().is_err(), "it is still at its first turn");
    leader.stop.cancel();
    assert_eq!(soon(leader.long.recv()).await, Some("stopped"), "the process waits for nobody when it ends");
}

#[tokio::test]
async fn the_lease_is_renewed_beside_a_long_task() {
    let db = TestDb::new().await;
    let mut leader = Leader::start(&db);
    assert_eq!(soon(leader.long.recv()).await, Some("began"));
    let mut other = Leadership::new("other".into(), TimeDelta::seconds(15));
    for _ in 0..3 {
        soon(leader.short.recv()).await.unwrap();
        assert!(!other.hold(&db.db).await.unwrap());
        db.clock.advance(TimeDelta::seconds(10));
    }
}

#[tokio::test]
async fn a_process_that_lost_the_lease_stops_what_it_has_under_way() {
    let db = TestDb::new().await;
    let mut leader = Leader::start(&db);
    assert_eq!(soon(leader.long.recv()).await, Some("began"));
    let mut tx = db.db.system("a test takes the lease").await.unwrap();
    let query = "update leaders set holder = 'other', lease_until = lease_until + interval '1 day'";
    sqlx::query(query).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    db.clock.advance(TimeDelta::seconds(10));
    assert_eq!(soon(leader.long.recv()).await, Some("stopped"));
}
