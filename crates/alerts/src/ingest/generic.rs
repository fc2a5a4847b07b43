//! One JSON object, or an array of up to a thousand, for whatever can send an HTTP request.
//!
//! Only `title` is required: `{"title": "Backup failed", "severity": "high", "source": "cron"}`. Fields that are
//! not known stay in the raw payload.

use kernel::Result;
use serde_json::Value;

use super::{
    normalize::{self, LONGEST_DESCRIPTION, LONGEST_SOURCE, LONGEST_TITLE, LONGEST_TYPE},
    reader::{self, Object, Reader, Values},
    signal::{Parsed, Signal},
};

const MOST: usize = 1_000;

/// Reads one alert or an array of them.
///
/// # Errors
/// `malformed_json`, or `invalid_alert` with every wrong place.
pub fn parse(body: &[u8], mut reader: Reader, receiver_im: Option<&str>) -> Result<Parsed> {
    let document = reader::document(body)?;
    let alerts: Vec<(&Value, String)> = match &document {
        Value::Array(items) if items.len() > MOST => {
            reader.error("", format!("may have {MOST} alerts, not {}", items.len()));
            Vec::new()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (item, format!("/{index}"))).collect()
        }
        single => vec![(single, String::new())],
    };
    let mut signals = Vec::with_capacity(alerts.len());
    for (value, pointer) in alerts {
        let Some(alert) = reader.object(value, pointer) else { continue };
        signals.push(signal(&mut reader, &alert, receiver_im));
    }
    let (signals, warnings) = reader.finish(signals)?;
    Ok(Parsed { signals, warnings })
}

fn signal(reader: &mut Reader, alert: &Object<'_>, receiver_im: Option<&str>) -> Signal {
    let title = reader.required_text(alert, "title");
    let title = reader.fit(title, LONGEST_TITLE, &alert.at("title"));
    let source = fitted(reader, alert, "source", LONGEST_SOURCE).unwrap_or_else(|| "webhook".into());
    let alert_type = fitted(reader, alert, "type", LONGEST_TYPE).unwrap_or_else(|| "alert".into());
    let word = reader.text(alert, "severity");
    let severity = normalize::severity(reader, word, &alert.at("severity"));
    let labels = reader.texts(alert, "labels", Values::Scalars);
    let fingerprint = reader.text(alert, "fingerprint").map_or_else(
        || {
            let named = [source.as_str(), alert_type.as_str(), title.as_str()];
            normalize::hash(named.into_iter().chain(normalize::flat(&labels)))
        },
        normalize::key,
    );
    let group_key = match reader.text(alert, "group_key") {
        Some(key) => normalize::key(&format!("{source}:{key}")),
        None => fingerprint.clone(),
    };
    Signal {
        state: normalize::state(reader, alert, "ends_at"),
        severity,
        description: fitted(reader, alert, "description", LONGEST_DESCRIPTION),
        fingerprint,
        group_key,
        annotations: reader.texts(alert, "annotations", Values::Scalars),
        generator_url: normalize::url(reader, alert, "url"),
        receiver_im: receiver_im.map(str::to_owned),
        starts_at: reader.time(alert, "starts_at").unwrap_or(reader.now()),
        raw: Value::Object(alert.fields.clone()),
        source,
        alert_type,
        title,
        labels,
    }
}

fn fitted(reader: &mut Reader, alert: &Object<'_>, key: &str, longest: usize) -> Option<String> {
    let text = reader.text(alert, key)?;
    Some(reader.fit(text, longest, &alert.at(key)))
}
