//! A mail server and how it is talked to.

use std::{net::IpAddr, time::Duration};

use kernel::Secret;

/// Where mail is handed in, with everything that takes to do so.
#[derive(Clone)]
pub struct Server {
    /// A name or an IP address; the certificate must be for it.
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<Login>,
    /// Certificates in PEM that are trusted beside those of the machine, for a server with an authority of its own.
    pub extra_ca: Option<String>,
    pub limits: Limits,
}

#[derive(Clone)]
pub struct Login {
    pub user: String,
    pub password: Secret<String>,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314), on port 465.
    Tls,
    /// A plain connection that must become TLS before anything of value is said (RFC 3207), on port 587.
    StartTls,
    /// No TLS, for a relay on this machine or a network that is trusted; on port 25.
    Plain,
}

impl Security {
    pub(super) fn default_port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::Plain => 25,
        }
    }
}

/// How long is waited. RFC 5321, section 4.5.3.2 would wait for many minutes; whoever sends here tries again later.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For finding the addresses of the name, and for a connection to each of them.
    pub connect: Duration,
    /// For TLS, and for each command with its answer.
    pub command: Duration,
    /// For all of it. A mail whose answer comes later may have been taken, and is sent again under the same id.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(10), command: seconds(30), whole: seconds(60) }
    }
}

/// What is wrong with the settings of a server, and what to do. It repeats nothing of what was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidServer(pub(super) String);

impl InvalidServer {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl Server {
    /// Refuses to show a password to a network.
    pub(super) fn check(&self) -> Result<(), InvalidServer> {
        if self.security == Security::Plain && self.credentials.is_some() && !self.is_this_machine() {
            return Err(InvalidServer::new(
                "a user and password would cross the network in the clear; use smtps:// or smtp:// without \
                 tls=none, or no password",
            ));
        }
        Ok(())
    }

    fn is_this_machine(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// As it is named in errors.
    pub(super) fn name(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}
