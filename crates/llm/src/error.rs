//! How a call of a model fails, told apart by what the caller can do about it.

use std::time::Duration;

/// Why a provider gave no answer. The detail is for people: it names the setting to look at and holds no
/// secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    /// The provider did not do the work (overloaded, limited, not reached); later it may. It was not billed.
    #[error("{detail}")]
    Unavailable {
        detail: String,
        /// How long the provider asked to be left alone.
        retry_after: Option<Duration>,
    },
    /// The call went out and no usable answer came back. It may have been billed.
    #[error("{detail}")]
    Interrupted { detail: String },
    /// The provider will refuse this call every time, until a setting is changed.
    #[error("{detail}")]
    Refused { detail: String },
}

impl From<LlmError> for kernel::Error {
    fn from(error: LlmError) -> Self {
        match error {
            LlmError::Unavailable { detail, .. } | LlmError::Interrupted { detail } => {
                Self::unavailable(detail)
            }
            LlmError::Refused { detail } => Self::conflict("model_refused", detail),
        }
    }
}
