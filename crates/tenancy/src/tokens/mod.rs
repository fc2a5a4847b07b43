//! Access tokens: how programs, and people with a shell, get in.
//!
//! A token belongs to the organization (or to one of its teams), not to who made it: it outlives their membership and
//! ends by its expiry or by being revoked. It is shown once and kept as HMAC-SHA-256 under the server's pepper, so a
//! stolen database opens nothing.

pub(crate) mod actions;
pub(crate) mod cache;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod views;

pub use actions::NewToken;
pub use views::Token;
