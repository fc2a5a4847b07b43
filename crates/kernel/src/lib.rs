//! The vocabulary every other crate speaks: typed ids, errors with stable codes, time, pages, secrets.
//!
//! Nothing here does input or output, holds a query or knows of HTTP. It changes rarely, because every
//! change re-checks the whole workspace.

mod clock;
mod database;
mod error;
mod id;
mod page;
mod patch;
mod redact;
mod secret;

pub use clock::{Clock, ManualClock, SystemClock};
pub use error::{Code, Error, FieldError, Result};
pub use id::{ConfigurationId, DataKeyId, EventId, JobId, NodeId, OrgId, TokenId, UserId, uuid_v7};
pub use page::{Cursor, Page, PageQuery};
pub use patch::given;
pub use redact::{HIDDEN, Redactor, redact_live};
pub use secret::Secret;
