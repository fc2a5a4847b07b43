//! What is said about an issue goes across domains: because somebody has it erased, or because its time is over. Each domain removes
//! what is its own, and they meet here.

mod erase_issue;
mod forget_issues;

pub use erase_issue::routes;
pub(crate) use forget_issues::forget_issues;
