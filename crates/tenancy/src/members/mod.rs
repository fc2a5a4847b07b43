//! People and their memberships.
//!
//! A person has one row in `users`, known by e-mail, and one membership in each organization. The row belongs to the
//! person: an organization adds and removes memberships, and sets a password only for somebody whom it introduces.

pub(crate) mod actions;
pub(crate) mod model;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod views;

pub use actions::NewMember;
pub use model::MemberStatus;
