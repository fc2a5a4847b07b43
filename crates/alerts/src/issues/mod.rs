//! Issues: opened from alerts, looked into by runs, closed by runs, people or their alerts' end.

pub mod actions;
mod erase;
mod model;
mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub mod views;

pub use erase::{erasable, erase, tell_erased};
pub use model::{Closing, IssueConclusion, IssueVerdict, Status};
pub(crate) use model::{MOST_RECEIVERS, OpenIssue};
pub use routes::routes;
pub(crate) use store::NewIssue;
pub use views::{Brief, BriefAlert, IssueCard, IssueDetail, IssueRow};
