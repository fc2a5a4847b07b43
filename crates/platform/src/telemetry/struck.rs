use std::{borrow::Cow, io, time::Duration};

use kernel::redact_live;
use opentelemetry::{Array, Context, KeyValue, StringValue, Value, trace::Status};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{Span, SpanData, SpanProcessor},
};

/// Hands on what is logged or traced without the secrets that are in use ([`kernel::Redactor`]): a library may log what a
/// server answered, and a server may repeat what it was shown.
#[derive(Debug)]
pub struct Struck<T>(pub T);

impl<W: io::Write> io::Write for Struck<W> {
    /// One event at a time, as the formatter hands them over.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(&redact_live(event))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// When a span ends, not when it is sent: by then its secrets are no longer in use.
impl<P: SpanProcessor> SpanProcessor for Struck<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.0.on_start(span, context);
    }

    fn on_end(&self, mut span: SpanData) {
        span.name = clean(&span.name).into();
        strike(&mut span.attributes);
        for event in &mut span.events.events {
            event.name = clean(&event.name).into();
            strike(&mut event.attributes);
        }
        if let Status::Error { description } = &mut span.status {
            *description = clean(description).into();
        }
        self.0.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn strike(attributes: &mut [KeyValue]) {
    for attribute in attributes {
        match &mut attribute.value {
            Value::String(text) => *text = struck(text),
            Value::Array(Array::String(texts)) => texts.iter_mut().for_each(|text| *text = struck(text)),
            _ => {}
        }
    }
}

fn struck(text: &StringValue) -> StringValue {
    clean(text.as_str()).into()
}

fn clean(text: &str) -> String {
    match redact_live(text.as_bytes()) {
        Cow::Borrowed(_) => text.to_owned(),
        Cow::Owned(clean) => String::from_utf8_lossy(&clean).into_owned(),
    }
}
