//! The way in over HTTP: the whole API on one screen, its document, the console, health.

pub(crate) mod api_document;
pub mod console;
pub mod document_parts;
pub mod event_catalogue;
pub(crate) mod health;
pub mod router;
