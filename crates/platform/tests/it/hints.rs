//! A commit in one process wakes the workers of another.

use std::{sync::Arc, time::Duration};

use kernel::Secret;
use platform::{
    db::{self, Db, exchange_hints},
    jobs::{self, JobContext, NewJob, Outcome, Queue, Registry, Worker},
};
use serde_json::{Value, json};
use testkit::TestDb;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_job_committed_here_is_worked_on_there_without_a_poll() {
    let here = TestDb::new().await;
    let org = here.org("acme").await;
    let options = db::Options {
        url: Secret::new(here.url.clone()),
        max_connections: 4,
        clock: Arc::new(here.clock.clone()),
        subscriptions: Vec::new(),
    };
    let there = Db::connect(options).await.unwrap();
    let (worked, mut registry) = (Arc::new(Notify::new()), Registry::default());
    let signal = worked.clone();
    registry.add("greet", move |_: Value, _: JobContext| {
        signal.notify_one();
        std::future::ready(Ok(Outcome::Done))
    });
    let options = jobs::Options {
        worker: "there".into(),
        queues: vec![Queue { name: "default", slots: 1, ahead: 0 }],
        lease: Duration::from_secs(60),
        poll: Duration::from_secs(3600),
        grace: Duration::ZERO,
    };
    let stop = CancellationToken::new();
    let worker = tokio::spawn(Worker::new(there.clone(), registry, options).run(stop.clone()));
    let tasks = [(here.db.clone(), "here"), (there, "there")]
        .map(|(db, name)| tokio::spawn(exchange_hints(db, name.into(), stop.clone())));
    // Until the other one listens, its hint would be lost. A transaction sees the same activity all along: ask in new ones.
    let listens =
        "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen%'";
    loop {
        let mut tx = here.db.system("a test waits for listeners").await.unwrap();
        if sqlx::query_scalar::<_, i64>(listens).fetch_one(tx.conn()).await.unwrap() == 2 {
            break;
        }
    }
    let mut tx = org.tx().await;
    tx.enqueue(NewJob::new("greet", json!({}))).await.unwrap();
    tx.commit().await.unwrap();
    worked.notified().await;
    stop.cancel();
    worker.await.unwrap();
    for task in tasks {
        task.await.unwrap();
    }
}
