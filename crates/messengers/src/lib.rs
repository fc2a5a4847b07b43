//! Clients of the platforms that carry messages to people. Each is a folder that can be deleted; today there is
//! [`email`].
//!
//! A client takes everything as an argument: where the platform is, with which credentials, from whom, to whom, what,
//! and at which moment. It knows no organization, no table and no queue. It sends one message and says what came of it:
//! taken, or a [`SendError`] that tells whether trying again may help. Retries, order, records and templates are the
//! caller's.
//!
//! What holds for each of them:
//!
//! - **A secret never leaves in an error**, even when the platform repeats what it was sent.
//! - **Time and memory are bounded**, whatever the other side does.
//! - **A retry is the same message**: the caller names it, and the same name makes the same bytes.

pub mod email;

use std::time::Duration;

/// The platform did not take the message. The text is for people and holds no secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again may help. `after` is given when the platform itself asked to wait that long.
    #[error("{error}")]
    Retry { after: Option<Duration>, error: String },
    /// Trying again cannot help: somebody must change the message or the settings.
    #[error("{error}")]
    GiveUp { error: String },
}

impl SendError {
    pub(crate) fn retry(error: impl Into<String>) -> Self {
        Self::Retry { after: None, error: error.into() }
    }

    pub(crate) fn give_up(error: impl Into<String>) -> Self {
        Self::GiveUp { error: error.into() }
    }

    /// The same with another text.
    pub(crate) fn reworded(self, reword: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Retry { after, error } => Self::Retry { after, error: reword(&error) },
            Self::GiveUp { error } => Self::GiveUp { error: reword(&error) },
        }
    }
}
