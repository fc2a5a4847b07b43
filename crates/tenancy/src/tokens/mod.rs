//! Access tokens: how programs, and people with a shell, get in.
//!
//! A token that posts alerts belongs to the organization: it outlives the membership of who made it, and ends by its expiry or
//! by being revoked. So does any token that the operator makes. One that may use the API and was made by a person is that
//! person's: at each moment it may do what it was made for and its owner may do themselves, and it ends when they leave.
//!
//! It is shown once and kept as HMAC-SHA-256 under the server's pepper, so a
//! stolen database opens nothing.

pub(crate) mod actions;
pub(crate) mod cache;
pub(crate) mod lookup;
mod model;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod views;

pub use actions::NewToken;
pub use model::Owner;
pub use views::Token;
