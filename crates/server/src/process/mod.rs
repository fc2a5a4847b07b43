//! A process from start to end: what can be set, the domains put together, the database under it.

pub mod compose;
pub mod connections;
pub(crate) mod database;
pub mod domains;
pub(crate) mod files;
pub(crate) mod first_admin;
pub(crate) mod keeper;
pub(crate) mod keys;
pub mod migrations;
pub(crate) mod pack;
pub(crate) mod serve;
pub mod settings;
