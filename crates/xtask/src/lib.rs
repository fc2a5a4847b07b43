//! Reads the sources of the product, for the house rules (`cargo xtask tidy`) and for the test that prepares every statement.

pub mod product;
pub mod sql;
