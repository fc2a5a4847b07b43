//! What alerts and issues tell the rest of the product. Kinds and payloads are a contract.
//!
//! Changes that a person makes are recorded with before, after and reason (`alert.changed.v1`, `issue.changed.v1`);
//! [`changed`] makes events of the same shape for what follows from them or from a source.

use chrono::{DateTime, Utc};
use kernel::{AlertId, IssueId, NodeId, Result, RunId, SkillId, UserId};
use platform::record::{NewEvent, Subject};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    issues::{Status, Verdict},
    severity::Severity,
};

pub const ALERT_RECEIVED: &str = "alert.received.v1";
pub const ALERT_RESOLVED: &str = "alert.resolved.v1";
pub const ALERT_CHANGED: &str = "alert.changed.v1";
pub const ISSUE_OPENED: &str = "issue.opened.v1";
pub const ISSUE_ALERTS_ADDED: &str = "issue.alerts_added.v1";
pub const ISSUE_CHANGED: &str = "issue.changed.v1";
pub const ISSUE_REPROCESS_REQUESTED: &str = "issue.reprocess_requested.v1";
pub const ISSUE_CONCLUDED: &str = "issue.concluded.v1";

/// The most ids that an event names; the issue knows the others.
pub const MOST_NAMED: usize = 100;

/// `alert.received.v1`: an alert that was not open is.
#[derive(Serialize)]
pub struct AlertReceived<'a> {
    pub alert_id: AlertId,
    pub issue_id: IssueId,
    pub title: &'a str,
    pub severity: Severity,
    pub source: &'a str,
    pub alert_type: &'a str,
    pub fingerprint: &'a str,
}

/// `alert.resolved.v1`: its source says that it is over.
#[derive(Serialize)]
pub struct AlertResolved<'a> {
    pub alert_id: AlertId,
    pub fingerprint: &'a str,
    pub ends_at: DateTime<Utc>,
}

/// `issue.opened.v1`
#[derive(Serialize)]
pub struct IssueOpened<'a> {
    pub issue_id: IssueId,
    pub title: &'a str,
    pub severity: Severity,
    pub receivers: &'a [String],
    /// The first hundred.
    pub alert_ids: &'a [AlertId],
    pub alert_count: usize,
}

/// `issue.alerts_added.v1`: more alerts of its group came.
#[derive(Serialize)]
pub struct IssueAlertsAdded<'a> {
    pub issue_id: IssueId,
    pub severity: Severity,
    pub receivers: &'a [String],
    /// The first hundred.
    pub alert_ids: &'a [AlertId],
    pub alert_count: usize,
}

/// `issue.reprocess_requested.v1`: a new run is wanted.
#[derive(Serialize)]
pub struct IssueReprocessRequested {
    pub issue_id: IssueId,
    pub requested_by: Option<UserId>,
}

/// `issue.concluded.v1`: a run's verdict is in force.
#[derive(Serialize)]
pub struct IssueConcluded<'a> {
    pub issue_id: IssueId,
    pub run_id: RunId,
    pub verdict: Verdict,
    pub is_real_issue: Option<bool>,
    pub summary: &'a str,
    pub cause: Option<&'a str>,
    pub skill_id: Option<SkillId>,
    pub status: Status,
}

pub fn about(
    kind: &'static str,
    subject: Subject<'static>,
    payload: &impl Serialize,
) -> Result<NewEvent<'static>> {
    Ok(NewEvent { kind, subject, payload: serde_json::to_value(payload)? })
}

/// A change that nobody decided by itself, in the shape of a recorded one.
pub fn changed(
    kind: &'static str,
    subject: Subject<'static>,
    before: Value,
    after: Value,
) -> NewEvent<'static> {
    NewEvent { kind, subject, payload: json!({ "before": before, "after": after, "reason": null }) }
}

pub const fn alert(id: AlertId, owner: Option<NodeId>) -> Subject<'static> {
    Subject::new("alert", id.uuid()).owned_by(owner)
}

pub const fn issue(id: IssueId, owner: Option<NodeId>) -> Subject<'static> {
    Subject::new("issue", id.uuid()).owned_by(owner)
}

/// The ids that an event names.
pub fn named(ids: &[AlertId]) -> &[AlertId] {
    &ids[..ids.len().min(MOST_NAMED)]
}
