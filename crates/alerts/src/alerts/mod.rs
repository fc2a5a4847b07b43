//! Alerts as people see and decide about them.

pub(crate) mod actions;
mod model;
mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub mod views;

pub(crate) use model::Current;
pub use model::{Decision, Status};
pub use routes::routes;
pub(crate) use routes::{Assignment, Reason};
pub use views::{AlertDetail, AlertRow};
