//! skills
pub mod sop;
pub mod tools;
