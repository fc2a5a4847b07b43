//! The webhook of Prometheus' Alertmanager, version 4, which Grafana's alerting sends too.
//!
//! <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>
//!
//! | alert | from |
//! |---|---|
//! | source | `prometheus` |
//! | type | the label `alertname` |
//! | severity | the label `severity`; medium without it |
//! | title | the annotation `summary`, `title` or `message`, else the name and the label that tells it apart |
//! | description | the annotation `description`, else `message` |
//! | fingerprint | `fingerprint`, else a hash of the labels |
//! | group | `groupKey`, if the route groups by a label; else each alert is a group of its own |
//!
//! Without `group_by`, Alertmanager puts everything into one group. That must not become one issue.

use kernel::Result;
use serde_json::{Map, Value};

use super::{
    normalize::{self, LONGEST_DESCRIPTION, LONGEST_TITLE, LONGEST_TYPE},
    reader::{self, Object, Reader, Values},
    signal::{MOST_SIGNALS, Parsed, Signal, Texts},
};

const SOURCE: &str = "prometheus";

/// Labels that tell two alerts of one name apart, the most telling first.
const TELLING: [&str; 8] = ["instance", "pod", "node", "host", "service", "job", "namespace", "cluster"];

/// Reads a webhook.
///
/// # Errors
/// `malformed_json`, or `invalid_alert` with every wrong place.
pub fn parse(body: &[u8], mut reader: Reader, receiver_im: Option<&str>) -> Result<Parsed> {
    let document = reader::document(body)?;
    let signals = webhook(&document, &mut reader, receiver_im).unwrap_or_default();
    let (signals, warnings) = reader.finish(signals)?;
    Ok(Parsed { signals, warnings })
}

fn webhook(document: &Value, reader: &mut Reader, receiver_im: Option<&str>) -> Option<Vec<Signal>> {
    let webhook = reader.object(document, String::new())?;
    let alerts = reader.array(&webhook, "alerts")?;
    if alerts.len() > MOST_SIGNALS {
        reader.error("/alerts", format!("may have {MOST_SIGNALS} alerts, not {}", alerts.len()));
        return None;
    }
    let group = group_key(reader, &webhook);
    let mut envelope = webhook.fields.clone();
    envelope.remove("alerts");
    let mut signals = Vec::with_capacity(alerts.len());
    for (index, value) in alerts.iter().enumerate() {
        let Some(alert) = reader.object(value, format!("/alerts/{index}")) else { continue };
        let mut signal = alert_signal(reader, &alert);
        signal.group_key = group.clone().unwrap_or_else(|| signal.fingerprint.clone());
        signal.receiver_im = receiver_im.map(str::to_owned);
        signal.raw = narrowed(&envelope, value);
        signals.push(signal);
    }
    Some(signals)
}

fn group_key(reader: &mut Reader, webhook: &Object<'_>) -> Option<String> {
    let labels = reader.texts(webhook, "groupLabels", Values::Strings);
    let key = reader.text(webhook, "groupKey");
    if labels.is_empty() {
        return None;
    }
    let key = key.map_or_else(|| normalize::hash(normalize::flat(&labels)), str::to_owned);
    Some(normalize::key(&format!("{SOURCE}:{key}")))
}

fn alert_signal(reader: &mut Reader, alert: &Object<'_>) -> Signal {
    let labels = reader.texts(alert, "labels", Values::Strings);
    if alert.fields.get("labels").is_none_or(|labels| labels.as_object().is_some_and(Map::is_empty)) {
        reader.error(alert.at("labels"), "must have at least one label");
    }
    let annotations = reader.texts(alert, "annotations", Values::Strings);
    let alert_type = labels.get("alertname").map_or("alert", String::as_str);
    let severity = normalize::severity(
        reader,
        present(&labels, "severity"),
        &format!("{}/severity", alert.at("labels")),
    );
    let title = title(&labels, &annotations, alert_type);
    let description = present(&annotations, "description").or_else(|| present(&annotations, "message"));
    let fingerprint = match reader.text(alert, "fingerprint") {
        Some(given) => normalize::key(given),
        None => normalize::hash(normalize::flat(&labels)),
    };
    Signal {
        state: normalize::state(reader, alert, "endsAt"),
        source: SOURCE.into(),
        alert_type: reader.fit(
            non_blank(alert_type),
            LONGEST_TYPE,
            &format!("{}/alertname", alert.at("labels")),
        ),
        severity,
        title: reader.fit(&title, LONGEST_TITLE, &alert.at("annotations")),
        description: description.map(|text| normalize::cut(text, LONGEST_DESCRIPTION).0),
        fingerprint,
        group_key: String::new(),
        generator_url: normalize::url(reader, alert, "generatorURL"),
        receiver_im: None,
        starts_at: reader.time(alert, "startsAt").unwrap_or(reader.now()),
        raw: Value::Null,
        labels,
        annotations,
    }
}

fn title(labels: &Texts, annotations: &Texts, alert_type: &str) -> String {
    let said = ["summary", "title", "message"].iter().find_map(|key| present(annotations, key));
    if let Some(said) = said {
        return said.to_owned();
    }
    match TELLING.iter().find_map(|key| present(labels, key)) {
        Some(which) => format!("{} ({which})", non_blank(alert_type)),
        None => non_blank(alert_type).to_owned(),
    }
}

fn present<'a>(texts: &'a Texts, key: &str) -> Option<&'a str> {
    texts.get(key).map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn non_blank(alert_type: &str) -> &str {
    if alert_type.trim().is_empty() { "alert" } else { alert_type }
}

/// The webhook as it would have been, had it held this alert alone.
fn narrowed(envelope: &Map<String, Value>, alert: &Value) -> Value {
    let mut webhook = envelope.clone();
    webhook.insert("alerts".into(), Value::Array(vec![alert.clone()]));
    Value::Object(webhook)
}
