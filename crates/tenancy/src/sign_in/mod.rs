//! Signing in with a password.
//!
//! An address that nobody has, one that only another organization knows, and a wrong password are refused alike: same work,
//! same words, same waiting ([`crate::throttle`]). An account whose address nobody proved is found only by naming its
//! organization; everybody else may leave the organization out.

pub(crate) mod actions;
pub(crate) mod passwords;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
