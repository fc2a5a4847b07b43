//! How long a claim takes while many jobs wait, with the way there and back: as the worker's own measurement says.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Error, Result};
use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::bench::{Bench, Count, Ends};

const CLAIM: &str = "steward_job_claim_seconds";

#[derive(serde::Deserialize)]
pub struct Options {
    /// That wait; in so many organizations, half of them in lanes.
    jobs: usize,
    orgs: usize,
    lanes: usize,
    /// How many of them are done while claims are watched.
    done: usize,
}

pub async fn claims(bench: &Bench, options: Options) -> Result<Value> {
    let watch = Watch::default();
    metrics::set_global_recorder(watch.clone()).map_err(Error::internal)?;
    load(bench, &options).await?;
    bench.settle().await?;
    let count = Count::to(options.done);
    let worker = bench.work(count.handlers(Ends::Singly), Ends::Singly.ahead());
    let first = count.reached().await;
    let rate = options.done as f64 / first.elapsed().as_secs_f64();
    let claims = watch.take();
    worker.end().await;
    Ok(json!({ "ms": claims, "rate": rate }))
}

async fn load(bench: &Bench, options: &Options) -> Result<()> {
    let script = include_str!("backlog.sql")
        .replace("@JOBS@", &options.jobs.to_string())
        .replace("@ORGS@", &options.orgs.to_string())
        .replace("@LANES@", &options.lanes.to_string());
    sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut bench.owner().await?).await?;
    Ok(())
}

/// Notes the duration of each claim, in milliseconds.
#[derive(Clone, Default)]
struct Watch(Arc<Claims>);

#[derive(Default)]
struct Claims(Mutex<Vec<f64>>);

impl Watch {
    fn take(&self) -> Vec<f64> {
        std::mem::take(&mut *self.0.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HistogramFn for Claims {
    fn record(&self, seconds: f64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seconds * 1_000.0);
    }
}

impl Recorder for Watch {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        if key.name() == CLAIM { Histogram::from_arc(self.0.clone()) } else { Histogram::noop() }
    }
}
