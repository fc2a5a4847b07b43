//! Bindings: patterns of alerts that lead to a skill.

mod actions;
mod routes;
mod store;
#[cfg(test)]
mod tests;
mod views;

pub use actions::{Binding, NewBinding, create};
pub use routes::routes;
