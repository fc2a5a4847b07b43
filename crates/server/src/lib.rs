//! The product: every domain put together, and the command line around it.
//!
//! - [`compose`] builds the domains and connects them; [`router`] is the whole API on one screen;
//! - [`reactions`] is every effect of one domain's event in another, one file each: its listing explains the product;
//! - [`serve`] is a process from start to end; [`cli`] is what an operator types; [`settings`] is what can be set.

mod admin;
mod api_document;
pub mod cli;
pub mod compose;
pub mod connections;
pub mod console;
mod database;
pub mod event_catalogue;
mod first_admin;
mod health;
mod keeper;
mod keys;
pub mod migrate;
mod pack;
pub mod reactions;
mod reads;
pub mod router;
mod serve;
pub mod settings;
