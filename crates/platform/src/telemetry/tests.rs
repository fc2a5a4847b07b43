use std::{
    io,
    sync::{Arc, Mutex},
};

use kernel::{HIDDEN, Redactor, Secret};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SimpleSpanProcessor};
use tracing_subscriber::layer::SubscriberExt;

use super::Struck;

const KEY: &str = "sk-live-0123456789abcdef";

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_secret_in_use_is_struck_out_of_logs_and_traces() {
    let (written, exporter) = (Written::default(), InMemorySpanExporter::default());
    let traces = SdkTracerProvider::builder()
        .with_span_processor(Struck(SimpleSpanProcessor::new(exporter.clone())))
        .build();
    let writer = written.clone();
    let subscriber = tracing_subscriber::registry()
        .with(tracing_opentelemetry::layer().with_tracer(traces.tracer("test")))
        .with(tracing_subscriber::fmt::layer().json().with_writer(move || Struck(writer.clone())));
    let in_use = Redactor::new(&[Secret::new(KEY.to_owned())]);
    tracing::subscriber::with_default(subscriber, || {
        let _entered = tracing::error_span!("asked", with = KEY).entered();
        tracing::error!(answer = format!("no such key: Bearer {KEY}"), "refused with {KEY}");
    });
    drop(in_use);

    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let spans = format!("{:?}", exporter.get_finished_spans().unwrap());
    for seen in [log, spans] {
        assert!(seen.contains("asked") && seen.contains(HIDDEN), "{seen}");
        assert!(!seen.contains(KEY), "{seen}");
    }
}
