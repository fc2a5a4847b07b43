//! What a run is given: an issue and its alerts, as whoever starts it wrote them down.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use skills::{AlertText, sop::AlertFacts};

/// The input of a run. Unknown fields are left to the model, which gets the whole input; missing ones are empty.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Brief {
    #[serde(default)]
    pub alerts: Vec<AlertBrief>,
}

/// One alert of the issue; the first is the one that opened it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AlertBrief {
    #[serde(deserialize_with = "text")]
    pub title: String,
    #[serde(deserialize_with = "text")]
    pub severity: String,
    #[serde(deserialize_with = "text")]
    pub source: String,
    #[serde(alias = "type", deserialize_with = "text")]
    pub alert_type: String,
    #[serde(deserialize_with = "text")]
    pub description: String,
    #[serde(deserialize_with = "texts")]
    pub labels: BTreeMap<String, String>,
    #[serde(deserialize_with = "texts")]
    pub annotations: BTreeMap<String, String>,
    #[serde(deserialize_with = "text")]
    pub starts_at: String,
}

impl Brief {
    /// Reads the input of a run; one without an alert is an empty brief.
    pub fn read(input: &Value) -> Self {
        Self::deserialize(input).unwrap_or_default()
    }

    /// What decides on the skill.
    pub fn alert_text(&self) -> AlertText {
        let alert = self.alerts.first().cloned().unwrap_or_default();
        AlertText {
            title: alert.title,
            alert_type: alert.alert_type,
            description: alert.description,
            labels: alert.labels,
        }
    }

    /// What the expressions of an SOP see.
    pub fn facts(&self) -> AlertFacts {
        let first = self.alerts.first().cloned().unwrap_or_default().facts();
        AlertFacts { alerts: self.alerts.iter().cloned().map(AlertBrief::facts).collect(), ..first }
    }
}

impl AlertBrief {
    fn facts(self) -> AlertFacts {
        AlertFacts {
            title: self.title,
            severity: self.severity,
            source: self.source,
            alert_type: self.alert_type,
            description: self.description,
            labels: self.labels,
            annotations: self.annotations,
            starts_at: self.starts_at,
            alerts: Vec::new(),
        }
    }
}

/// A text, or nothing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Value::deserialize(deserializer).map(plain)
}

fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let fields = Option::<Map<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(fields.into_iter().map(|(name, value)| (name, plain(value))).collect())
}

fn plain(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_brief_is_read_with_gaps() {
        let alert = json!({ "title": "Disk full", "alert_type": "DiskFull", "description": null, "labels": { "node": "db-1", "cpu": 3 } });
        let brief = Brief::read(&json!({ "issue_id": "x", "alerts": [alert, { "title": "Again" }] }));
        let facts = brief.facts();
        assert_eq!(
            (facts.title.as_str(), facts.alert_type.as_str(), facts.description.as_str()),
            ("Disk full", "DiskFull", "")
        );
        assert_eq!(facts.labels["cpu"], "3");
        assert_eq!(
            facts.alerts.iter().map(|alert| alert.title.as_str()).collect::<Vec<_>>(),
            ["Disk full", "Again"]
        );
        assert_eq!(brief.alert_text().labels["node"], "db-1");
        assert_eq!(Brief::read(&json!("nonsense")), Brief::default());
    }
}
