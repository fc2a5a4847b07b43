//! The product: every domain put together, and the command line around it.
//!
//! - [`process`] is a process from start to end: `settings` is what can be set, `compose` builds the domains and connects them, `serve` runs;
//! - [`http`] is the way in: `router` is the whole application on one screen;
//! - [`reactions`] is every effect of one domain's event in another: the list in its `mod.rs` explains the product;
//! - [`reads`] is what is read across domains, [`erasure`] what goes across them;
//! - [`command`] is what an operator types.

pub mod command;
mod erasure;
pub mod http;
pub mod process;
pub mod reactions;
mod reads;
