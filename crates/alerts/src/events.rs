//! What alerts and issues tell the rest of the product. Kinds and payloads are a contract. They hold ids and states, never what
//! somebody said: events stay when that is erased.
//!
//! A change says what it changed and nothing else: a member that is absent stayed. Those that a person makes are recorded; what
//! follows from them, or from a source, is told in the same shape ([`NewEvent`](platform::record::NewEvent)).

use chrono::{DateTime, Utc};
use kernel::{NodeId, UserId};
use platform::record::{Change, Declared, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    AlertId, IssueId, alerts,
    issues::{self, IssueVerdict},
    permissions::{AlertsRead, IssuesRead},
    retention::ALERT_EVENTS_KEPT,
    severity::Severity,
};

/// All of them.
pub const ALL: &[&[Declared]] = &[ALERTS, ISSUES];

platform::events! {
    /// What happens to alerts.
    pub ALERTS, about "alert", for AlertsRead, kept ALERT_EVENTS_KEPT {
        /// An alert came that was not open.
        AlertReceived = "alert.received.v1",
        /// Its source says that an alert is over.
        AlertResolved = "alert.resolved.v1",
        /// An alert's status, severity or assignee changed.
        AlertChanged: Change<AlertState> = "alert.changed.v1",
    }
    /// What happens to issues.
    pub ISSUES, about "issue", for IssuesRead {
        /// Alerts came that belong to no open issue, or a person made one of alerts.
        IssueOpened = "issue.opened.v1",
        /// More alerts of its group came.
        IssueAlertsAdded = "issue.alerts_added.v1",
        /// A person made an issue of alerts.
        IssueCreated: Change<IssueMade> = "issue.created.v1",
        /// An issue's status, severity, receivers or assignee changed.
        IssueChanged: Change<IssueState> = "issue.changed.v1",
        /// A person has it looked into again.
        IssueReprocessRequested = "issue.reprocess_requested.v1",
        /// A run's verdict is in force.
        IssueConcluded = "issue.concluded.v1",
        /// What was said about an issue and by its alerts was erased for ever.
        IssueErased: Change<Erased> = "issue.erased.v1",
    }
}

/// The most ids that an event names; the issue knows the others.
pub const MOST_NAMED: usize = 100;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertReceived {
    pub alert_id: AlertId,
    pub issue_id: IssueId,
    pub severity: Severity,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertResolved {
    pub alert_id: AlertId,
    pub ends_at: DateTime<Utc>,
}

/// What changed of an alert.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AlertState {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<alerts::Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "kernel::given")]
    pub assigned_to: Option<Option<UserId>>,
}

impl AlertState {
    pub fn status(status: alerts::Status) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    pub fn severity(severity: Severity) -> Self {
        Self { severity: Some(severity), ..Self::default() }
    }

    pub fn assigned_to(user: Option<UserId>) -> Self {
        Self { assigned_to: Some(user), ..Self::default() }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueOpened {
    pub issue_id: IssueId,
    pub severity: Severity,
    pub receivers: Vec<String>,
    /// The first hundred.
    pub alert_ids: Vec<AlertId>,
    pub alert_count: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueAlertsAdded {
    pub issue_id: IssueId,
    pub severity: Severity,
    pub receivers: Vec<String>,
    /// The first hundred.
    pub alert_ids: Vec<AlertId>,
    pub alert_count: usize,
}

/// An issue as it was made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueMade {
    pub status: issues::Status,
    /// The first hundred.
    pub alert_ids: Vec<AlertId>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Erased {
    /// The first hundred of the alerts whose texts went as well.
    pub alert_ids: Vec<AlertId>,
    pub alert_count: usize,
}

/// What changed of an issue.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct IssueState {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<issues::Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receivers: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "kernel::given")]
    pub is_real_issue: Option<Option<bool>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "kernel::given")]
    pub assigned_to: Option<Option<UserId>>,
}

impl IssueState {
    pub fn status(status: issues::Status) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    pub fn assigned_to(user: Option<UserId>) -> Self {
        Self { assigned_to: Some(user), ..Self::default() }
    }

    pub fn closed(status: issues::Status, is_real_issue: Option<bool>) -> Self {
        Self { is_real_issue: Some(is_real_issue), ..Self::status(status) }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueReprocessRequested {
    pub issue_id: IssueId,
    #[schema(required = true)]
    pub requested_by: Option<UserId>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct IssueConcluded {
    pub issue_id: IssueId,
    pub run_id: Uuid,
    pub verdict: IssueVerdict,
    #[schema(required = true)]
    pub is_real_issue: Option<bool>,
    #[schema(required = true)]
    pub skill_id: Option<Uuid>,
    pub status: issues::Status,
}

pub const fn alert(id: AlertId, owner: Option<NodeId>) -> Subject {
    (id.uuid(), owner)
}

pub const fn issue(id: IssueId, owner: Option<NodeId>) -> Subject {
    (id.uuid(), owner)
}

/// The ids that an event names.
pub fn named(ids: &[AlertId]) -> Vec<AlertId> {
    ids[..ids.len().min(MOST_NAMED)].to_vec()
}
