//! How long a claim takes while many jobs wait: the statements that the worker sends, with the way there and back, as the database's
//! driver notes them.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kernel::Result;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::bench::{Bench, Count, Ends};

/// What only the statement that claims says.
const CLAIM: &str = "state = 'running', attempt = attempt + 1";

#[derive(serde::Deserialize)]
pub struct Options {
    /// That wait; in so many organizations, half of them in lanes.
    jobs: usize,
    orgs: usize,
    lanes: usize,
    /// How many of them are done while claims are watched.
    done: usize,
}

pub async fn claims(bench: &Bench, options: Options, watch: Watch) -> Result<Value> {
    load(bench, &options).await?;
    bench.settle().await?;
    watch.take();
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
pub struct Watch(Arc<Mutex<Vec<f64>>>);

impl Watch {
    pub fn begin() -> Self {
        let watch = Self::default();
        let statements = Targets::new().with_target("sqlx::query", Level::DEBUG);
        tracing_subscriber::registry().with(watch.clone().with_filter(statements)).init();
        watch
    }

    fn take(&self) -> Vec<f64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Subscriber> Layer<S> for Watch {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        if statement.claims {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(statement.took.as_secs_f64() * 1_000.0);
        }
    }
}

#[derive(Default)]
struct Statement {
    claims: bool,
    took: Duration,
}

impl Visit for Statement {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        self.claims |= field.name() == "db.statement" && value.contains(CLAIM);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.took = Duration::from_secs_f64(value);
        }
    }
}
