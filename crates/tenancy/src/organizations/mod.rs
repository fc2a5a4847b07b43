//! Organizations: the tenants.

pub(crate) mod actions;
pub(crate) mod model;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use model::{Organization, OrganizationStatus};
