//! Tools: what an SOP or a model may call.
//!
//! A tool is a row: a name, a JSON Schema of its arguments, and how it is reached ([`Config`]). Calling one has
//! two halves, because secrets are opened inside a transaction and nothing is called inside one:
//! [`prepare`] reads the row's secrets, [`Toolbox::call`] checks the arguments, calls, bounds the result and takes
//! secrets out of it. A call never fails as such: whatever goes wrong is the [`ToolOutcome`].

mod actions;
mod call;
pub mod mcp;
mod model;
mod routes;
pub mod sandbox;
mod schema;
mod store;
#[cfg(test)]
mod tests;
mod views;

pub use actions::{create, delete, update};
pub use call::{Prepared, ToolOutcome, Toolbox, prepare};
pub use model::{Config, ToolInput, ToolKind};
pub use routes::routes;
pub use store::{RunnableTool, find_active, list_active};
pub use views::Tool;
