//! Receivers: the channels and chats in which teams are told.
//!
//! A receiver is found by its `receiver_im`, the name that an alert's sender gives (`?receiver_im=devops-slack`).
//! Its credentials are sealed in `configurations` under `receiver/<id>/<credential>`; they go in and never come out.

mod actions;
mod coverage;
mod credentials;
mod hours;
mod input;
mod model;
mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod versions;
mod views;

pub use coverage::{Coverage, coverage};
pub(crate) use credentials::{Credentials, Holder, SEALED};
pub use hours::Hours;
pub(crate) use input::ReceiverInput;
pub(crate) use model::Destination;
pub use model::{ReceiverHealth, Status};
pub(crate) use routes::routes;
pub use views::{FailingReceiver, Receiver, failing};
