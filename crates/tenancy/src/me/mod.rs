//! What a caller is and may do, as the console needs it at its start.

pub(crate) mod routes;
pub(crate) mod views;
