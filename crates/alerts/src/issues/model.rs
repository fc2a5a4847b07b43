//! The life of an issue: `analyzing -> in_progress -> resolved | false_positive | unable_to_resolve`, and back to
//! `analyzing` by `reprocess`.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{IssueId, ingest::Signal, severity::Severity, text_enum::text_enum};

/// How many receivers one issue is told to at most.
pub const MOST_RECEIVERS: usize = 50;

text_enum! {
    /// Where an issue is in its life.
    #[schema(as = IssueStatus)]
    pub enum Status {
        /// A run looks into it, or will.
        Analyzing = "analyzing",
        /// It is real and its cause is known; people fix it.
        InProgress = "in_progress",
        Resolved = "resolved",
        FalsePositive = "false_positive",
        /// The run found no cause; people have to take over. New alerts of its group open another issue.
        UnableToResolve = "unable_to_resolve",
    }
}

text_enum! {
    /// What a run found out.
    #[schema(as = IssueVerdict)]
    pub enum IssueVerdict {
        Real = "real",
        FalsePositive = "false_positive",
        Undetermined = "undetermined",
    }
}

impl Status {
    /// New alerts of its group still join it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Analyzing | Self::InProgress)
    }
}

impl IssueVerdict {
    pub const fn is_real_issue(self) -> Option<bool> {
        match self {
            Self::Real => Some(true),
            Self::FalsePositive => Some(false),
            Self::Undetermined => None,
        }
    }
}

/// What a run concluded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IssueConclusion {
    pub verdict: IssueVerdict,
    pub summary: String,
    /// Why it happens, if that was found.
    pub cause: Option<String>,
    /// The skill that was followed.
    pub skill_id: Option<Uuid>,
}

impl IssueConclusion {
    /// Where an issue goes from here. `over` says that its alerts ended while it was looked into.
    pub fn leads_to(&self, over: Over) -> Status {
        match (self.verdict, over) {
            (IssueVerdict::FalsePositive, _) => Status::FalsePositive,
            (IssueVerdict::Real, Over::Yes) => Status::Resolved,
            (IssueVerdict::Real, Over::No) if self.cause.is_some() => Status::InProgress,
            (IssueVerdict::Real, Over::No) | (IssueVerdict::Undetermined, _) => Status::UnableToResolve,
        }
    }
}

/// Whether none of an issue's alerts is active any more and at least one was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Yes,
    No,
}

/// An open issue as new alerts see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct OpenIssue {
    pub id: IssueId,
    pub group_key: String,
    pub title: String,
    pub severity: Severity,
    pub receivers: Vec<String>,
    /// The node that owns it; none for the whole organization.
    pub node_id: Option<NodeId>,
}

impl OpenIssue {
    /// A new issue about what this signal says.
    pub fn about(signal: &Signal, node_id: Option<NodeId>, now: DateTime<Utc>) -> Self {
        Self {
            id: IssueId::new(now),
            group_key: signal.group_key.clone(),
            title: signal.title.clone(),
            severity: signal.severity,
            receivers: signal.receiver_im.iter().cloned().collect(),
            node_id,
        }
    }
}

/// An issue as decisions see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Current {
    pub group_key: String,
    pub status: Status,
    pub assigned_to: Option<UserId>,
    pub is_real_issue: Option<bool>,
    pub run_id: Option<Uuid>,
    pub node_id: Option<NodeId>,
    pub erased: bool,
}

/// How a person closes an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Resolved,
    FalsePositive,
}

impl Closing {
    pub const fn status(self) -> Status {
        match self {
            Self::Resolved => Status::Resolved,
            Self::FalsePositive => Status::FalsePositive,
        }
    }
}

impl Current {
    /// Whether a person may close it so. From any other state: closing it differently corrects an earlier verdict.
    ///
    /// # Errors
    /// 409 `invalid_transition` when it is closed so already.
    pub fn check_close(&self, closing: Closing) -> Result<(), Error> {
        if self.status == closing.status() {
            return Err(Error::conflict(
                "invalid_transition",
                format!("the issue is {} already", self.status),
            ));
        }
        Ok(())
    }

    /// What closing it says about whether it was real. Resolving says nothing new, unless it was thought to be false.
    pub const fn is_real_after(&self, closing: Closing) -> Option<bool> {
        match (closing, self.status) {
            (Closing::FalsePositive, _) => Some(false),
            (Closing::Resolved, Status::FalsePositive) => Some(true),
            (Closing::Resolved, _) => self.is_real_issue,
        }
    }
}
