//! How many jobs a second that do nothing: from the first handler's start to the last end that is committed.

use std::time::{Duration, Instant};

use kernel::Result;
use serde_json::{Value, json};

use crate::bench::{Bench, Count, Ends};

#[derive(serde::Deserialize)]
pub struct Options {
    jobs: usize,
    ends: Ends,
}

pub async fn drain(bench: &Bench, options: Options) -> Result<Value> {
    bench.put_many(options.jobs).await?;
    bench.settle().await?;
    let count = Count::to(options.jobs);
    let worker = bench.work(count.handlers(options.ends), options.ends.ahead());
    let first: Instant = count.reached().await;
    while !bench.is_empty().await? {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = first.elapsed();
    worker.end().await;
    Ok(json!({ "rate": options.jobs as f64 / took.as_secs_f64() }))
}
