//! The life of an alert: `open -> investigating -> resolved | false_positive | ignored`, and back by `reopen`.
//!
//! An alert that is not closed is `investigating` exactly while it has an open issue. A closed alert may still hold
//! its fingerprint: one that is a false positive or ignored does so until its source says that it is over, which is
//! what keeps it quiet meanwhile.

use kernel::{Error, NodeId, UserId};

use crate::{AlertId, IssueId, severity::Severity, text_enum::text_enum};

text_enum! {
    /// Where an alert is in its life.
    #[schema(as = AlertStatus)]
    pub enum Status {
        Open = "open",
        Investigating = "investigating",
        Resolved = "resolved",
        FalsePositive = "false_positive",
        Ignored = "ignored",
    }
}

text_enum! {
    /// What a person decides about an alert.
    pub enum Decision {
        Resolve = "resolve",
        FalsePositive = "false_positive",
        Ignore = "ignore",
        Reopen = "reopen",
    }
}

impl Status {
    /// Somebody still has to care.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Open | Self::Investigating)
    }
}

/// An alert as decisions see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Current {
    pub id: AlertId,
    pub title: String,
    pub description: Option<String>,
    pub severity: Severity,
    pub status: Status,
    pub fingerprint: String,
    pub group_key: String,
    pub receiver_im: Option<String>,
    pub assigned_to: Option<UserId>,
    /// Its open issue.
    pub issue_id: Option<IssueId>,
    /// The alert that its fingerprint stands for now.
    pub held_by: Option<AlertId>,
    /// The node that owns it; none for the whole organization.
    pub node_id: Option<NodeId>,
}

/// What happens to the fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FingerprintClaim {
    /// Stays as it is.
    Keep,
    /// The next notification opens a new alert.
    Release,
    /// The next notification counts for this alert.
    Take,
}

/// A decision that may be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub to: Status,
    pub claim: FingerprintClaim,
}

impl Current {
    /// What a decision does to this alert.
    ///
    /// # Errors
    /// 409 `invalid_transition` when its state does not allow it; 409 `newer_alert_open` when it would have to stand
    /// for a fingerprint that stands for another alert.
    pub fn decide(&self, decision: Decision) -> Result<Move, Error> {
        let closing = |to, claim| match self.status.is_active() {
            true => Ok(Move { to, claim }),
            false => Err(refused(format!("the alert is {} already; reopen it first", self.status))),
        };
        match decision {
            Decision::Resolve => closing(Status::Resolved, FingerprintClaim::Release),
            Decision::FalsePositive => closing(Status::FalsePositive, FingerprintClaim::Keep),
            Decision::Ignore => closing(Status::Ignored, FingerprintClaim::Keep),
            Decision::Reopen if self.status.is_active() => {
                Err(refused(format!("the alert is still {}", self.status)))
            }
            Decision::Reopen => match self.held_by {
                Some(other) if other != self.id => Err(Error::conflict(
                    "newer_alert_open",
                    format!("the alert came again since and is open as {other}"),
                )),
                held => {
                    let to = if self.issue_id.is_some() { Status::Investigating } else { Status::Open };
                    Ok(Move {
                        to,
                        claim: if held.is_some() { FingerprintClaim::Keep } else { FingerprintClaim::Take },
                    })
                }
            },
        }
    }

    /// Whether an issue may be opened for this alert.
    ///
    /// # Errors
    /// 409 `alert_in_another_issue` while it has an open one; 409 `invalid_transition` when somebody said that there is
    /// nothing to look into.
    pub fn check_investigable(&self) -> Result<(), Error> {
        if let Some(issue) = self.issue_id {
            return Err(Error::conflict(
                "alert_in_another_issue",
                format!("the alert belongs to the open issue {issue}"),
            ));
        }
        match self.status {
            Status::FalsePositive | Status::Ignored => {
                Err(refused(format!("the alert is {}; reopen it first", self.status)))
            }
            Status::Open | Status::Investigating | Status::Resolved => Ok(()),
        }
    }
}

fn refused(detail: String) -> Error {
    Error::conflict("invalid_transition", detail)
}
