//! Milliseconds from the call that enqueues a job to its handler's start, one job after the other, while nothing else waits.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use kernel::Result;
use platform::{
    db::exchange_hints,
    jobs::{Outcome, Registry},
};
use rand::Rng;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::bench::Bench;

#[derive(serde::Deserialize)]
pub struct Options {
    samples: usize,
    /// Enqueued as another process does, which wakes the worker by a notification.
    across: bool,
}

pub async fn pickup(bench: &Bench, options: Options) -> Result<Value> {
    let (began, mut begun) = mpsc::unbounded_channel();
    let worker = bench.work(handlers(began), 0);
    let stop = CancellationToken::new();
    let other = bench.as_another().await?;
    if options.across {
        tokio::spawn(exchange_hints(bench.db.clone(), "worker".into(), stop.clone()));
        tokio::spawn(exchange_hints(other.db.clone(), "other".into(), stop.clone()));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (from, mut took) = (if options.across { &other } else { bench }, Vec::new());
    for org in bench.orgs.iter().cycle().take(options.samples) {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(20..120))).await;
        let called = Instant::now();
        from.put(*org, 1).await?;
        let Some(began) = begun.recv().await else { break };
        took.push((began - called).as_secs_f64() * 1_000.0);
    }
    stop.cancel();
    worker.end().await;
    Ok(json!({ "ms": took }))
}

fn handlers(began: mpsc::UnboundedSender<Instant>) -> Registry {
    let (began, mut registry) = (Arc::new(began), Registry::default());
    registry.add("noop", move |_: Value, _| {
        let began = began.clone();
        async move {
            let _ = began.send(Instant::now());
            Ok(Outcome::Done)
        }
    });
    registry
}
