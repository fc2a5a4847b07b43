//! How a notification becomes an alert.
//!
//! ```text
//! POST /hooks/<format> -> routes -> alertmanager | generic (parse, normalize) -> batcher -> actions -> plan -> store
//! ```
//!
//! 1. A format reads the body into [`Signal`]s: one for each alert that the sender speaks of, all in one vocabulary.
//!    The whole request is checked before anything is stored; every wrong place is named.
//! 2. The batcher lets requests of one organization that arrive at the same time share one transaction, because on
//!    a durable database the commit is what costs. The sender gets its 202 after the commit, never before.
//! 3. In that transaction the plan decides, from what is open now, which signals open an alert, repeat one or end
//!    one, and which issues open or grow. A constant number of statements writes it down.
//!
//! A sender that missed its 202 sends again; the fingerprint makes that a repeat.

mod actions;
mod alertmanager;
mod batcher;
mod generic;
mod normalize;
mod plan;
mod reader;
mod routes;
mod signal;
mod store;
#[cfg(test)]
pub(crate) mod tests;

pub use batcher::{Batcher, Limits};
pub use routes::routes;
pub use signal::{Entry, Signal, SignalOutcome, Texts};
