//! What an operator types, beside `serve` and `worker`.

pub(crate) mod admin;
pub mod cli;
pub(crate) mod files;
pub(crate) mod first_admin;
pub mod migrate;
pub(crate) mod pack;
