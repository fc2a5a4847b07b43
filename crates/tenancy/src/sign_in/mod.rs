//! Signing in with a password.

pub(crate) mod passwords;
