//! HTTP as every domain speaks it.
//!
//! A handler's parameters are its policy: [`Can<P>`] authenticates, checks the permission `P` and is the only
//! source of an organization; [`Body`], [`Query`] and [`Path`] refuse bad input with a problem that says where. Errors
//! are [`kernel::Error`]s; [`Problem`] maps them to RFC 9457 documents in one place.

mod caller;
mod edit;
mod idempotency;
mod input;
mod problem;
mod rate_limit;
mod space;

pub use caller::{
    AlertsRead, AlertsWrite, AuditRead, Authenticator, Caller, Can, IngestWrite, IssuesRead, IssuesWrite,
    JobsRead, JobsWrite, MembersRead, MembersWrite, Permission, ReceiversRead, ReceiversWrite, SettingsRead,
    SettingsWrite, SignedIn, SkillsRead, SkillsWrite, TokensRead, TokensWrite, ToolsRead, ToolsRun,
    ToolsWrite, authenticate,
};
pub use edit::{Editable, IfMatch, Revised};
pub use idempotency::{forget_idempotency_keys, idempotency};
pub use input::{Body, Path, Query, RawJson, refuse_nul};
pub use problem::{Answer, Problem, ProblemBody};
pub use rate_limit::{RateLimit, rate_limit};
pub use space::refuse_when_full;
