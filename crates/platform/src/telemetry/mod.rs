//! Logs, traces and metrics of the server itself.

mod struck;
#[cfg(test)]
mod tests;

use std::{io, time::Duration};

use kernel::{Error, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchSpanProcessor, SdkTracerProvider},
};
pub use struck::Struck;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// How a process tells what it does.
#[derive(Clone, Debug)]
pub struct Options {
    /// A filter as of `tracing-subscriber`: `info,sqlx=warn`.
    pub log: String,
    pub format: LogFormat,
    /// The base URL of an OpenTelemetry collector (OTLP over HTTP); no traces are sent without it.
    pub otlp_endpoint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Keeps the exporters alive; flushes traces when dropped.
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    pub metrics: PrometheusHandle,
}

/// Installs the process's logger and recorder. Call it once, outside the async runtime: the exporter's own thread
/// must not be one of the runtime's.
pub fn init(options: &Options) -> Result<Telemetry> {
    let filter = EnvFilter::try_new(&options.log)
        .map_err(|error| Error::field("invalid_setting", "log", format!("is no log filter: {error}")))?;
    let traces = options.otlp_endpoint.as_deref().map(exporter).transpose()?;
    let otel = traces
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("steward")));
    let writer = tracing_subscriber::fmt::layer().with_writer(|| Struck(io::stderr()));
    let writer = match options.format {
        LogFormat::Text => writer.with_target(false).boxed(),
        LogFormat::Json => writer.json().boxed(),
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(otel)
        .with(writer)
        .try_init()
        .map_err(Error::internal)?;
    Ok(Telemetry { traces, metrics: recorder()? })
}

fn exporter(endpoint: &str) -> Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(Duration::from_secs(5))
        .with_headers(std::collections::HashMap::new())
        .build()
        .map_err(Error::internal)?;
    let resource = Resource::builder().with_service_name("steward").build();
    Ok(SdkTracerProvider::builder()
        .with_span_processor(Struck(BatchSpanProcessor::builder(exporter).build()))
        .with_resource(resource)
        .build())
}

/// Whoever holds the handle has to run its upkeep.
fn recorder() -> Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Suffix("_seconds".into()),
            &[
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
                300.0,
            ],
        )
        .and_then(|builder| builder.install_recorder())
        .map_err(Error::internal)
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(traces) = self.traces.take() {
            let _ = traces.shutdown();
        }
    }
}
