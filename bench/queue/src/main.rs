//! The product's queue, measured as `graphile.mjs` and `pgboss.mjs` measure theirs: `bench-queue URL MEASUREMENT OPTIONS` prints the
//! figures as one line of JSON. It drives the worker of the product with all of its bookkeeping, on a database that
//! `steward migrate` has prepared. bench/scale.py starts it, and says what each measurement is.

mod bench;
mod claims;
mod drain;
mod enqueue;
mod held;
mod pickup;

use std::time::Duration;

use kernel::{Error, Result};
use platform::{jobs::Registry, telemetry};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use bench::Bench;

#[expect(clippy::print_stdout, reason = "the figures")]
fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(name), Some(options)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err(Error::invalid("invalid_setting", "usage: bench-queue URL MEASUREMENT OPTIONS"));
    };
    if name != "claims" {
        // As the server says and counts what it does.
        let log = telemetry::Options {
            log: "info".into(),
            format: telemetry::LogFormat::Text,
            otlp_endpoint: None,
        };
        telemetry::init(&log)?;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)?;
    let figures = runtime.block_on(async {
        let bench = Bench::open(url).await?;
        match name.as_str() {
            "drain" => drain::drain(&bench, read(&options)?).await,
            "enqueue" => enqueue::enqueue(&bench, read(&options)?).await,
            "pickup" => pickup::pickup(&bench, read(&options)?).await,
            "held" => held::held(&bench, read(&options)?).await,
            "claims" => claims::claims(&bench, read(&options)?).await,
            "idle" => idle(&bench, read(&options)?).await,
            _ => Err(Error::invalid("invalid_setting", format!("there is no measurement {name}"))),
        }
    })?;
    println!("{figures}");
    Ok(())
}

fn read<T: DeserializeOwned>(options: &str) -> Result<T> {
    Ok(serde_json::from_str(options)?)
}

#[derive(serde::Deserialize)]
struct Idle {
    seconds: f64,
}

/// A worker that has nothing to do.
async fn idle(bench: &Bench, options: Idle) -> Result<Value> {
    let worker = bench.work(Registry::default(), 0);
    tokio::time::sleep(Duration::from_secs_f64(options.seconds)).await;
    worker.end().await;
    Ok(json!({}))
}
