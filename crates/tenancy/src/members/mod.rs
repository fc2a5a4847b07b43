//! People and their memberships.
//!
//! A person has one row in `users` and one membership in each organization, with a role there, or with roles at nodes of its tree
//! only. The row belongs to the person: an organization invites, changes and removes memberships, and nothing else.

pub(crate) mod actions;
pub(crate) mod giving;
pub(crate) mod model;
pub(crate) mod nodes;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod views;

pub use actions::NewMember;
pub use model::MemberStatus;
