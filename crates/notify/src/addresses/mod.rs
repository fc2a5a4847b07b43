//! Addresses of receivers that have to agree before they are told anything, such as those of e-mail: nobody can have somebody
//! else's mailbox filled.
//!
//! An address that a member has proved is confirmed by that. To any other a code is mailed; whoever set the receiver up gets it from whoever reads
//! the mail, and enters it. An address is confirmed for the organization, whichever of its receivers has it.
//!
//! | state | code given | wrong code | asked again | a day passes |
//! |---|---|---|---|---|
//! | awaits | confirmed | awaits; after five the code fits no more | awaits, with a new code and a mail | the code fits no more |
//! | confirmed | confirmed | confirmed | confirmed, no mail | confirmed |
//!
//! A code is an HMAC over the address's row and generation, stored nowhere. Mails are limited: one a minute and five a day for each
//! address, twenty an hour for an organization.

mod actions;
mod code;
mod jobs;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use actions::{ask, ask_again, confirm};
pub(crate) use jobs::jobs;
pub(crate) use store::is_confirmed;
