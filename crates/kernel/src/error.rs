//! What can go wrong, without knowing of HTTP. `platform::http` maps an [`Error`] to a problem document once.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A stable name of what went wrong. Callers match on it; `docs/errors/<code>.md` explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// One place of the input that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the body, or the name of a parameter.
    pub pointer: String,
    pub detail: String,
}

/// An error with a message for the person who caused it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it belongs to another organization.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The state of things does not allow it now.
    #[error("{detail}")]
    Conflict { code: Code, detail: String },
    /// The input is wrong; `fields` say where.
    #[error("{detail}")]
    Invalid { code: Code, detail: String, fields: Vec<FieldError> },
    #[error("{detail}")]
    Unauthenticated { code: Code, detail: String },
    #[error("{detail}")]
    Forbidden { code: Code, detail: String },
    /// Too much at once; try again after this many seconds.
    #[error("{detail}")]
    Limited { code: Code, detail: String, retry_after: u64 },
    /// Not now; trying again later may help.
    #[error("{detail}")]
    Unavailable { code: Code, detail: String },
    /// Our fault. The source is logged and never shown.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Nothing can be stored until there is room on the database's disk.
    pub const DISK_FULL: Code = Code("disk_full");

    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid { code: Code(code), detail: detail.into(), fields: Vec::new() }
    }

    /// A single wrong field, which the detail repeats.
    pub fn field(code: &'static str, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let (pointer, detail) = (pointer.into(), detail.into());
        let fields = vec![FieldError { pointer: pointer.clone(), detail: detail.clone() }];
        Self::Invalid { code: Code(code), detail: format!("{pointer}: {detail}"), fields }
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code: Code(code), detail: detail.into() }
    }

    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Forbidden { code: Code(code), detail: detail.into() }
    }

    pub fn unauthenticated(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Unauthenticated { code: Code(code), detail: detail.into() }
    }

    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::Unavailable { code: Code("unavailable"), detail: detail.into() }
    }

    pub fn disk_full(detail: impl Into<String>) -> Self {
        Self::Unavailable { code: Self::DISK_FULL, detail: detail.into() }
    }

    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// The stable code of this error.
    pub fn code(&self) -> Code {
        match self {
            Self::NotFound(_) => Code("not_found"),
            Self::Conflict { code, .. }
            | Self::Invalid { code, .. }
            | Self::Unauthenticated { code, .. }
            | Self::Forbidden { code, .. }
            | Self::Limited { code, .. }
            | Self::Unavailable { code, .. } => *code,
            Self::Internal(_) => Code("internal"),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}
