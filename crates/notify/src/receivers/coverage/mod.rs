//! Whether anybody is told.

mod views;

pub use views::{Coverage, coverage};
