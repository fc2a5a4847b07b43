//! Alerts and issues: what monitoring systems say, and what becomes of it.
//!
//! A **notification** is what a source sends. An **alert** is one trouble at one place, from its first notification
//! until its source says that it is over. An **issue** is what somebody looks into: one or more alerts with one cause.
//!
//! ```text
//! notification -> ingest -> alert -> issue (analyzing) -> a run concludes -> in_progress | resolved
//!                                                                          | false_positive | unable_to_resolve
//! ```
//!
//! What holds at every commit:
//!
//! - A **fingerprint** stands for at most one alert (`open_alerts`). Its notifications count for that alert: occurrences,
//!   last seen, labels, annotations and raw payload are the latest; the severity only rises. When the source resolves
//!   it, or a person does, the fingerprint is free and the next notification is a new alert. A false positive or ignored
//!   alert keeps its fingerprint until the source resolves it: muted while it lasts, new when it comes again.
//! - A **group** has at most one open issue, an alert too. A new alert joins the open issue of its group or opens one. An
//!   issue is as severe as its worst alert and is told to every receiver that its alerts named.
//! - An alert that is not closed is `investigating` exactly while it has an open issue, else `open`.
//! - An issue in progress whose last active alert is resolved is resolved. While a run is still at work on it, the
//!   run is let to conclude first.
//!
//! What opens issues or claims fingerprints takes the organization's intake lock (`store::lock_intake`), what changes an
//! issue or its alerts takes the issue's row, in this order. Every change is told as an event ([`events`]); what follows
//! from it in other domains is a reaction in the server.

pub mod alerts;
pub mod events;
pub mod ingest;
pub mod issues;
mod lists;
mod people;
pub mod permissions;
pub mod retention;
mod severity;
mod store;
mod tables;
mod text_enum;
pub mod views;

use std::sync::Arc;

use platform::{App, domain::Domain};

pub use lists::{Labels, List};
pub use people::{Assignee, Person};
pub use retention::forget_issues;
pub use severity::Severity;

use ingest::{Batcher, Limits};
use platform::record::EventKind;

kernel::ids! {
    AlertId
    IssueId
}

/// What an issue is called where others keep something about it: as the subject of a run, a message, a key.
pub const ISSUE: &str = events::IssueOpened::SUBJECT;

/// What the handlers of this crate need.
#[derive(Clone)]
pub struct Deps {
    pub app: App,
    pub ingest: Arc<Batcher>,
}

impl Deps {
    /// Make it once for each process: requests that share a `Deps` share transactions.
    pub fn new(app: App) -> Self {
        let ingest = Arc::new(Batcher::new(app.db.clone(), Limits::default()));
        Self { app, ingest }
    }
}

/// What alerts and issues bring.
pub fn domain(deps: Deps) -> Domain {
    let mut domain = Domain {
        api: alerts::routes(deps.clone()).merge(issues::routes(deps.clone())),
        hooks: ingest::routes(deps),
        events: events::ALL,
        permissions: permissions::PERMISSIONS,
        settings: retention::SETTINGS,
        tables: tables::TABLES,
        ..Domain::new("alerts")
    };
    retention::cron(&mut domain.cron);
    domain
}
