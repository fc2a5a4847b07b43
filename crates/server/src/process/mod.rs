//! A process from start to end: what can be set, the domains put together, the database under it.

pub mod compose;
pub mod connections;
pub(crate) mod database;
pub(crate) mod keeper;
pub(crate) mod keys;
pub(crate) mod serve;
pub mod settings;
