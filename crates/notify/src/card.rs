//! What is told, in the terms of no platform. A card is stored with its delivery, so its JSON is a contract.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The state of one subject at one moment, for people who read it in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub title: String,
    pub severity: Urgency,
    pub state: State,
    /// The conclusion in a few sentences.
    #[serde(default)]
    pub summary: Option<String>,
    #[serde(default)]
    pub cause: Option<String>,
    #[serde(default)]
    pub is_real_issue: Option<bool>,
    pub alert_count: i64,
    /// Absolute address of the subject's page; see [`crate::Deps::link`].
    pub link: String,
    /// What to do, most important first.
    #[serde(default)]
    pub actions: Vec<String>,
    /// When the subject came into this state.
    pub at: DateTime<Utc>,
    /// Why it is told here of all places, when that is not the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Urgency {
    Critical,
    High,
    Medium,
    Low,
}

/// What a receiver can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ToldState)]
pub enum State {
    Opened,
    Analyzing,
    InProgress,
    Concluded,
    Resolved,
    FalsePositive,
    UnableToResolve,
}

/// One state that a message has shown, and when the subject came into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub state: State,
    pub at: DateTime<Utc>,
}

impl Urgency {
    pub(crate) const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// 0 for what is told first.
    pub const fn rank(self) -> u8 {
        self as u8
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
        }
    }
}

impl State {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Opened => "Opened",
            Self::Analyzing => "Analyzing",
            Self::InProgress => "In progress",
            Self::Concluded => "Concluded",
            Self::Resolved => "Resolved",
            Self::FalsePositive => "False positive",
            Self::UnableToResolve => "Unable to resolve",
        }
    }
}

impl Card {
    /// The verdict in words; none before there is a conclusion.
    pub(crate) fn verdict(&self) -> Option<&'static str> {
        match (self.is_real_issue, &self.summary) {
            (Some(true), _) => Some("Real issue"),
            (Some(false), _) => Some("False positive"),
            (None, Some(_)) => Some("Undetermined"),
            (None, None) => None,
        }
    }

    /// One line for notifications and screen readers.
    pub(crate) fn headline(&self) -> String {
        let (severity, state) = (self.severity.label(), self.state.label());
        match self.verdict() {
            Some(verdict) if self.state == State::Concluded => {
                format!("[{severity}] {state}: {}. {verdict}", self.title)
            }
            _ => format!("[{severity}] {state}: {}", self.title),
        }
    }

    /// A platform's text without what it repeats of the card: what was said stands with the delivery, where it can be erased, and nowhere
    /// else. Shorter words than four bytes would be found everywhere by chance.
    pub(crate) fn unsaid(&self, text: &str) -> String {
        let said = [Some(&self.title), self.summary.as_ref(), self.cause.as_ref()];
        let said = said.into_iter().flatten().chain(&self.actions).filter(|said| said.len() > 3);
        said.fold(text.to_owned(), |text, said| text.replace(said.as_str(), "…"))
    }

    pub(crate) const fn told(&self) -> Told {
        Told { state: self.state, at: self.at }
    }
}
