//! How many jobs a second some clients enqueue that each wait for their commit.

use std::time::{Duration, Instant};

use futures::future::try_join_all;
use kernel::{OrgId, Result};
use serde_json::{Value, json};

use crate::bench::Bench;

#[derive(serde::Deserialize)]
pub struct Options {
    clients: usize,
    /// Jobs in a transaction.
    per: usize,
    seconds: f64,
}

pub async fn enqueue(bench: &Bench, options: Options) -> Result<Value> {
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(options.seconds);
    let clients = bench.orgs.iter().cycle().take(options.clients);
    let enqueued = try_join_all(clients.map(|org| client(bench, *org, options.per, until))).await?;
    let jobs: usize = enqueued.iter().sum();
    Ok(json!({ "rate": jobs as f64 / began.elapsed().as_secs_f64() }))
}

async fn client(bench: &Bench, org: OrgId, per: usize, until: Instant) -> Result<usize> {
    let mut jobs = 0;
    while Instant::now() < until {
        bench.put(org, per).await?;
        jobs += per;
    }
    Ok(jobs)
}
