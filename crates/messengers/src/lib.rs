//! Clients of the platforms that carry messages to people. Each is a folder that can be deleted: [`email`], [`slack`],
//! [`lark`], [`webhook`].
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
//! - **A retry is the same message** where the platform takes a key for it: the caller names it, and the same name makes
//!   the same message.

pub mod email;
mod exchange;
pub mod lark;
mod redaction;
pub mod slack;
pub mod text;
pub mod webhook;

use std::time::Duration;

pub use exchange::TIMEOUT;
pub use redaction::redactor;

/// The platform did not take the message. The text is for people and holds no secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again may help. `after` is given when the platform itself asked to wait that long.
    #[error("{error}")]
    Retry { after: Option<Duration>, error: String },
    /// Trying again cannot help: somebody must change the message or the settings.
    #[error("{error}")]
    GiveUp { error: String },
    /// As [`SendError::GiveUp`], and the other side says that nothing is wanted there any more, ever.
    #[error("{error}")]
    Gone { error: String },
}

impl SendError {
    pub fn retry(error: impl Into<String>) -> Self {
        Self::Retry { after: None, error: error.into() }
    }

    pub fn give_up(error: impl Into<String>) -> Self {
        Self::GiveUp { error: error.into() }
    }

    /// The same with another text.
    pub(crate) fn reworded(self, reword: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Retry { after, error } => Self::Retry { after, error: reword(&error) },
            Self::GiveUp { error } => Self::GiveUp { error: reword(&error) },
            Self::Gone { error } => Self::Gone { error: reword(&error) },
        }
    }
}
