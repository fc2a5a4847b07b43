//! Mail, sent by SMTP (RFC 5321).
//!
//! ```text
//! Server (where, how safe, who signs in) ─▶ Client ─┐
//! Mailbox (sender), Message, moment ─▶ compose ─▶ connect ─▶ TLS ─▶ session: EHLO, AUTH, MAIL, RCPT, DATA ─▶ Accepted
//! ```
//!
//! The operator's server is one [`Server`], that of an integration another: nothing here is global. One message has one
//! recipient, so that a server's answer is about that recipient alone; each message gets a connection of its own.
//!
//! What holds:
//!
//! - **The same mail stays the same.** The caller gives the [`MailId`] and the moment; the bytes follow from them. When
//!   an answer is lost, the mail may arrive twice, and the second is recognized by its id.
//! - **No text becomes a header.** Subjects and names are put on one line and encoded; addresses and ids are checked.
//! - **What must be encrypted is.** [`Security::StartTls`] without TLS is an error; what the server said before TLS is
//!   forgotten; a password goes over a plain connection to this machine only.
//! - **A customer's server is reached only where customers may go**: [`Egress::Guarded`] checks the addresses that the name
//!   leads to and connects to one of those.
//!
//! `docs/adr/0012-smtp-dialogue.md` says why a library makes the messages and the dialogue is our own.

mod address;
mod client;
mod compose;
mod connect;
mod message;
mod server;
mod session;
mod url;

pub use address::{Address, InvalidAddress, Mailbox};
pub use client::{Accepted, Client, Egress, Sending};
pub use message::{AutoSubmitted, InvalidMessageId, ListId, MailId, Message};
pub use server::{InvalidServer, Limits, Login, Security, Server};

#[cfg(test)]
mod tests;
