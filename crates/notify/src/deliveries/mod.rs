//! Deliveries: what each receiver is told, and what came of it.
//!
//! [`announce`] writes down who is to be told what; the job `deliver` tells it. A delivery is one state of one
//! message; the message is edited where the platform can. The log of a receiver shows every delivery, and a failed one
//! can be sent again.

mod announce;
mod deliver;
mod health;
mod line;
mod routes;
mod store;
#[cfg(test)]
mod tests;
mod views;

pub use announce::{Announced, Announcement, announce, told_until};
pub(crate) use deliver::jobs;
pub(crate) use health::{note_failure, note_success};
pub(crate) use routes::routes;
pub(crate) use store::{count_over, forget_old};
pub use store::{erase, forget};
pub use views::Delivery;
