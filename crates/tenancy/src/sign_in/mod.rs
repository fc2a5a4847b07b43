//! Signing in with a password.
//!
//! An attempt is counted before it is judged, so that a hundred guesses at once count as a hundred; success takes the
//! count back. Five failures in a row lock the account, for 30 seconds first and up to 15 minutes later; twenty from
//! one address within 15 minutes lock the address. An address that nobody has is refused like a wrong password: same
//! work, same words, same lock.

pub(crate) mod actions;
pub(crate) mod attempts;
pub(crate) mod passwords;
pub(crate) mod routes;
mod store;
#[cfg(test)]
mod tests;
