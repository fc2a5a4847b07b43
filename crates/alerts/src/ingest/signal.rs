//! The one vocabulary that every format is read into, and the answer its sender gets.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::{AlertId, severity::Severity, text_enum::text_enum};

/// The most alerts that one request may hold.
pub const MOST_SIGNALS: usize = 2_000;

/// Labels or annotations.
pub type Texts = BTreeMap<String, String>;

/// What a source says about one of its alerts. Every text fits its column.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    pub state: State,
    pub source: String,
    pub alert_type: String,
    pub severity: Severity,
    pub title: String,
    pub description: Option<String>,
    pub fingerprint: String,
    pub group_key: String,
    pub labels: Texts,
    pub annotations: Texts,
    pub generator_url: Option<String>,
    pub receiver_im: Option<String>,
    pub starts_at: DateTime<Utc>,
    /// What the source sent, narrowed to this alert: posting it again says the same.
    pub raw: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Firing,
    /// Over, since then.
    Resolved(DateTime<Utc>),
}

/// A request that was understood.
#[derive(Debug, Default)]
pub struct Parsed {
    pub signals: Vec<Signal>,
    /// What was changed to fit, for the sender to see.
    pub warnings: Vec<String>,
}

text_enum! {
    /// What became of one alert of a request.
    #[schema(as = IngestOutcome)]
    pub enum SignalOutcome {
        /// A new alert.
        Created = "created",
        /// An alert that was open already; it was counted.
        Repeated = "repeated",
        /// The open alert ended.
        Resolved = "resolved",
        /// No alert with this fingerprint was open, so there was nothing to end.
        UnmatchedResolve = "unmatched_resolve",
    }
}

/// One alert of the answer, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = IngestEntry)]
pub struct Entry {
    pub id: Option<AlertId>,
    pub fingerprint: String,
    pub outcome: SignalOutcome,
}

/// The answer to a hook, sent after the commit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = IngestReceipt)]
pub struct Receipt {
    /// Alerts in the request.
    pub accepted: usize,
    pub created: usize,
    pub repeated: usize,
    pub resolved: usize,
    /// Ends of alerts that were not open.
    pub ignored: usize,
    pub alerts: Vec<Entry>,
    /// What was cut or replaced to be stored.
    pub warnings: Vec<String>,
}

impl Receipt {
    pub fn new(alerts: Vec<Entry>, warnings: Vec<String>) -> Self {
        let count = |outcome| alerts.iter().filter(|entry| entry.outcome == outcome).count();
        Self {
            accepted: alerts.len(),
            created: count(SignalOutcome::Created),
            repeated: count(SignalOutcome::Repeated),
            resolved: count(SignalOutcome::Resolved),
            ignored: count(SignalOutcome::UnmatchedResolve),
            alerts,
            warnings,
        }
    }
}
