//! What an operator types, beside `serve` and `worker`.

pub(crate) mod actions;
pub(crate) mod admin;
pub mod cli;
pub(crate) mod cron;
pub(crate) mod files;
pub(crate) mod migrate;
pub(crate) mod streams;
