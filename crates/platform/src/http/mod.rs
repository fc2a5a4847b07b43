//! HTTP as every domain speaks it.
//!
//! A handler's parameters are its policy: [`Can<P>`] authenticates, checks the permission `P` and is the only
//! source of an organization; [`Body`], [`Query`] and [`Path`] refuse bad input with a problem that says where. Errors
//! are [`kernel::Error`]s; [`Problem`] maps them to RFC 9457 documents in one place.

mod body;
mod caller;
mod client;
mod door;
mod edit;
mod idempotency;
mod input;
mod network;
mod operation;
mod permission;
mod problem;
mod routes;
mod space;

pub use body::receive;
pub use caller::{Authenticator, Caller, Can, CanIn, CredentialId, NodeRights, TokenGrants};
pub use client::{Client, network_of};
pub use door::{CallerLimit, Door, admit, limit_callers};
pub(crate) use edit::tag;
pub use edit::{Editable, IfMatch, Revised};
pub(crate) use idempotency::{forget_answers, forget_late_answers};
pub use idempotency::{forget_idempotency_keys, idempotency};
pub use input::{Body, Path, Query, RawJson, refuse_nul};
pub use network::Network;
pub use operation::{Handles, Input, Needs, described, needs, permission_extension};
pub use permission::{
    AuditRead, Grantable, Holders, JobsRead, JobsWrite, PERMISSIONS, Permission, SettingsRead, SettingsWrite,
    SignedIn,
};
pub use problem::{Answer, Problem, ProblemBody};
pub use routes::{Operations, Routes};
pub use space::refuse_when_full;
#[doc(hidden)]
pub use utoipa_axum::routes as utoipa_routes;
