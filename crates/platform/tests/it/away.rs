//! The database goes away and comes back: nobody waits for it, and nothing is lost.

use std::{sync::Arc, time::Duration};

use futures::FutureExt;
use platform::{
    db::{Db, watch_over},
    jobs::{self, JobContext, NewJob, Outcome, Queue, Registry, Worker},
};
use serde_json::{Value, json};
use testkit::{Gateway, TestDb, Way};
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A process that reaches its database through a gateway, and watches over it.
struct Process {
    here: TestDb,
    gateway: Gateway,
    db: Db,
    _stop: DropGuard,
}

impl Process {
    async fn start() -> Self {
        let here = TestDb::new().await;
        let gateway = here.gateway().await;
        let db = here.through(&gateway).await;
        let stop = CancellationToken::new();
        tokio::spawn(watch_over(db.clone(), stop.clone()));
        Self { here, gateway, db, _stop: stop.drop_guard() }
    }

    async fn lose(&mut self, way: Way) {
        self.gateway.make(way).await;
        while self.db.is_there() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn recover(&mut self) {
        self.gateway.make(Way::Open).await;
        self.db.comes_back().await;
    }

    async fn ask(&self) -> kernel::Result<i32> {
        let mut tx = self.db.system("a test asks").await?;
        Ok(sqlx::query_scalar("select 1").fetch_one(tx.conn()).await?)
    }
}

/// Leaves several connections idle in the pool.
async fn warm_up(process: &Process) {
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(process.db.system("a test connects").await.unwrap());
    }
    drop(open);
    while process.db.connections().idle < 4 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn nobody_waits_for_a_database_that_is_away_and_all_goes_on_when_it_comes_back() {
    let mut process = Process::start().await;
    for way in [Way::Closed, Way::Silent] {
        warm_up(&process).await;
        process.lose(way).await;
        let refused = process.ask().now_or_never().expect("an answer at once");
        assert_eq!(refused.unwrap_err().code().0, "unavailable", "{way:?}");
        process.recover().await;
        for _ in 0..8 {
            assert_eq!(process.ask().await.unwrap(), 1, "after {way:?}");
        }
    }
}

#[tokio::test]
async fn whoever_waits_for_a_connection_is_told_when_the_database_is_away() {
    let mut process = Process::start().await;
    let mut taken = Vec::new();
    for _ in 0..process.db.connections().most {
        taken.push(process.db.system("a test takes every connection").await.unwrap());
    }
    let mut waiting = Box::pin(process.db.system("a test waits"));
    assert!(futures::poll!(&mut waiting).is_pending());
    process.gateway.make(Way::Silent).await;
    assert_eq!(waiting.await.err().unwrap().to_string(), "the database is away");
}

#[tokio::test]
async fn sessions_that_were_ended_fail_nobody() {
    let process = Process::start().await;
    warm_up(&process).await;
    let end = "select count(*) filter (where pg_terminate_backend(pid, 10000)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    let mut tx = process.here.db.system("a test ends sessions").await.unwrap();
    assert!(sqlx::query_scalar::<_, i64>(end).fetch_one(tx.conn()).await.unwrap() >= 4);
    for _ in 0..8 {
        assert_eq!(process.ask().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn every_connection_notices_that_the_other_side_is_gone() {
    let process = Process::start().await;
    warm_up(&process).await;
    // Address, other side, state (01: established), queues, and the timer (02: the keep-alive's) with its end.
    let other = format!("0100007F:{:04X}", process.gateway.address.port());
    let open = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let timers: Vec<&str> = open
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|fields| fields.get(2) == Some(&other.as_str()) && fields[3] == "01")
        .map(|fields| &fields[5][..2])
        .collect();
    assert!(timers.len() >= 4 && timers.iter().all(|timer| *timer == "02"), "{timers:?}");
}

#[tokio::test]
async fn what_ends_while_the_database_is_away_is_written_down_when_it_comes_back() {
    let mut process = Process::start().await;
    let org = process.here.org("acme").await;
    let (entered, leave) = (Arc::new(Semaphore::new(0)), CancellationToken::new());
    let mut registry = Registry::default();
    let (signal, gate) = (entered.clone(), leave.clone());
    registry.add("work", move |_: Value, _: JobContext| {
        let (signal, gate) = (signal.clone(), gate.clone());
        async move {
            signal.add_permits(1);
            gate.cancelled().await;
            Ok(Outcome::Done)
        }
    });
    let options = jobs::Options {
        worker: "one".into(),
        queues: vec![Queue { name: "default", slots: 4, ahead: 0 }],
        lease: Duration::from_secs(60),
        poll: Duration::from_secs(3600),
        grace: Duration::from_secs(10),
    };
    let stop = CancellationToken::new();
    let worker = tokio::spawn(Worker::new(process.db.clone(), registry, options).run(stop.clone()));
    let enqueue = async |lane: Option<&str>| {
        let mut tx = org.tx().await;
        tx.enqueue(NewJob { lane: lane.map(Into::into), ..NewJob::new("work", json!({})) }).await.unwrap();
        tx.commit().await.unwrap();
    };
    // One that is written down by itself, and one together with others.
    enqueue(Some("lane")).await;
    enqueue(None).await;
    // Nothing wakes a worker of another process here but that the database is back.
    process.lose(Way::Closed).await;
    process.recover().await;
    entered.acquire_many(2).await.unwrap().forget();

    process.lose(Way::Closed).await;
    leave.cancel();
    process.recover().await;
    while org.count("jobs").await > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(org.count("dead_letters").await, 0);
}
