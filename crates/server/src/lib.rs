//! The product: every domain put together, and the command line around it.
//!
//! - [`process`] is a process from start to end: `settings` is what can be set, `compose` builds the domains and connects them, `serve` runs;
//! - [`http`] is the way in: `router` is the whole application on one screen;
//! - [`reactions`] is every effect of one domain's event in another, one file each: its listing explains the product;
//! - [`reads`] is what is read, or erased, across domains;
//! - [`command`] is what an operator types.

pub mod command;
pub mod http;
pub mod process;
pub mod reactions;
mod reads;
