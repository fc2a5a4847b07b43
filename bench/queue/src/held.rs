//! Jobs come at a steady rate while a transaction of long ago is open, which keeps what they leave behind from being cleaned up: how many
//! were done a second in each window of time.

use std::time::{Duration, Instant};

use kernel::Result;
use serde_json::{Value, json};

use crate::bench::{Bench, Count, ENOUGH, Ends};

#[derive(serde::Deserialize)]
pub struct Options {
    seconds: f64,
    window: f64,
    /// Jobs a second.
    rate: f64,
    ends: Ends,
}

pub async fn held(bench: &Bench, options: Options) -> Result<Value> {
    let mut old = bench.owner().await?;
    sqlx::raw_sql("begin isolation level repeatable read; select 1").execute(&mut old).await?;
    let count = Count::to(usize::MAX);
    let worker = bench.work(count.handlers(options.ends), options.ends.ahead());
    let began = Instant::now();
    let (enqueued, windows) =
        tokio::try_join!(produce(bench, began, &options), windows(&count, began, &options))?;
    worker.end().await;
    sqlx::raw_sql("rollback").execute(&mut old).await?;
    Ok(json!({ "windows": windows, "waiting": enqueued - count.begun() }))
}

async fn produce(bench: &Bench, began: Instant, options: &Options) -> Result<usize> {
    let (mut enqueued, mut orgs) = (0, bench.orgs.iter().cycle());
    while began.elapsed().as_secs_f64() < options.seconds {
        let due = (options.rate * began.elapsed().as_secs_f64()) as usize;
        let owed = (due - enqueued).min(ENOUGH);
        if let Some(org) = orgs.next().filter(|_| owed > 0) {
            bench.put(*org, owed).await?;
            enqueued += owed;
        }
        if owed < ENOUGH {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(enqueued)
}

async fn windows(count: &Count, began: Instant, options: &Options) -> Result<Vec<f64>> {
    let (mut windows, mut past) = (Vec::new(), 0.0);
    while past < options.seconds {
        past += options.window;
        let before = count.begun();
        tokio::time::sleep_until((began + Duration::from_secs_f64(past)).into()).await;
        windows.push((count.begun() - before) as f64 / options.window);
    }
    Ok(windows)
}
