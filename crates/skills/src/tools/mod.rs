//! tools
pub mod sandbox;
