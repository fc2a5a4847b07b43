//! The event feed: what happened, for readers outside.
//!
//! PostgreSQL's `event_log` is the truth, and what Steward's own processes follow ([`crate::live`]). Where the operator names a NATS
//! with JetStream (`--nats-url`), one process at a time, the leader by a lease, relays the log to a stream there ([`relay`]), in
//! which customers' programs read their own organization's events at `steward.<organization>.<kind>` and nothing else
//! ([`reader`]). A message is what the live stream sends: an [`crate::record::Event`] as JSON.
//!
//! What holds, whatever dies: every event that is committed after the first start comes to the stream (a cursor in PostgreSQL moves after
//! JetStream has acknowledged, [`crate::record::log::cursor`]); in the order of the log, because within a batch each message names the one before it
//! and a batch waits for the one before; and once, because whoever takes the lead, or comes back to NATS, goes on from
//! where the stream ends, and because a message's id is the event's ([`jetstream`]). Where a failover took back what the stream has already, that
//! stays told, and what happened in its place comes after it. Nobody in Steward waits for NATS: while it is away the log is simply ahead.

mod jetstream;
mod reader;
mod relay;

use std::{path::PathBuf, time::Duration};

use kernel::Secret;

pub use reader::Reader;
pub use relay::{Relay, Status};

/// Where the relay brings events.
#[derive(Clone)]
pub struct Options {
    /// `nats://` or `tls://`, with user and password if they are needed.
    pub url: Secret<String>,
    /// Certificates (PEM) beside those the machine trusts.
    pub ca_file: Option<PathBuf>,
    /// The stream's name.
    pub stream: String,
    /// How long the stream keeps events; none for ever.
    pub kept: Option<Duration>,
}
