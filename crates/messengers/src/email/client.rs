//! Sending: a connection, a dialogue, and what came of it.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chrono::{DateTime, Utc};
use kernel::{Redactor, Secret};
use platform::outbound::Outbound;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{
    InvalidMessageId, InvalidServer, Login, MailId, Mailbox, Message, Security, Server,
    compose::{Mail, compose},
    connect,
    session::Session,
};
use crate::SendError;

/// Characters of an error: enough for a server's explanation with its link.
const LONGEST_ERROR: usize = 400;
/// The mail is in, and its sender waits.
const FAREWELL: Duration = Duration::from_secs(2);

/// Where a client may connect to.
#[derive(Clone)]
pub enum Egress {
    /// Anywhere: the operator named the server.
    Trusted,
    /// Where customers may: one of them named it.
    Guarded(Outbound),
}

/// A way to hand mail in at one server.
#[derive(Clone)]
pub struct Client {
    server: Server,
    egress: Egress,
    tls: Option<TlsConnector>,
    /// Of the password, in each form it is sent in.
    redactor: Redactor,
}

/// A mail server with what mails are sent as.
#[derive(Clone)]
pub struct Sending {
    pub client: Client,
    pub sender: Mailbox,
}

impl Sending {
    /// The id of a mail that this name says, at the sender's domain.
    ///
    /// # Errors
    /// [`SendError::GiveUp`] when the name does not fit into one.
    pub fn id(&self, name: &str) -> Result<MailId, SendError> {
        let id = format!("{name}@{}", self.sender.address.domain());
        id.parse().map_err(|error: InvalidMessageId| SendError::give_up(error.to_string()))
    }
}

/// The server took the mail; whether it arrives is between servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The server's words, which often name the mail in its log.
    pub said: String,
}

impl Client {
    /// # Errors
    /// When a password would cross a network in the clear, or the certificates to trust cannot be read.
    pub fn new(server: Server, egress: Egress) -> Result<Self, InvalidServer> {
        server.check()?;
        let tls = match server.security {
            Security::Plain => None,
            Security::Tls | Security::StartTls => Some(connect::tls(server.extra_ca.as_deref())?),
        };
        let sent = server.credentials.as_ref().map(|Login { user, password }| {
            let plain = BASE64.encode(format!("\0{user}\0{}", password.expose()));
            [Secret::new(plain), password.clone()]
        });
        Ok(Self { redactor: Redactor::new(sent.iter().flatten()), server, egress, tls })
    }

    /// Sends one mail, dated `at`. Sent again with the same arguments, it is the same mail.
    ///
    /// # Errors
    /// [`SendError::Retry`] for 4yz, for whatever breaks or takes too long, and for TLS that is missing or not trusted;
    /// [`SendError::GiveUp`] for 5yz and for what this server cannot take.
    pub async fn send(
        &self,
        sender: &Mailbox,
        message: &Message,
        at: DateTime<Utc>,
    ) -> Result<Accepted, SendError> {
        let mail = compose(sender, message, at)?;
        let whole = self.server.limits.whole;
        let (session, said) = timeout(whole, self.hand_in(&mail))
            .await
            .unwrap_or_else(|_| {
                Err(SendError::retry(format!("the mail server did not take the mail within {whole:?}")))
            })
            .map_err(|error| error.reworded(|text| self.presentable(text)))?;
        let _ = timeout(FAREWELL, session.quit()).await;
        Ok(Accepted { said: self.presentable(&said) })
    }

    async fn hand_in(&self, mail: &Mail) -> Result<(Session, String), SendError> {
        let mut session = self.open().await?;
        if let Some(credentials) = &self.server.credentials {
            session.sign_in(credentials).await?;
        }
        let said = session.deliver(mail).await?;
        Ok((session, said))
    }

    /// A dialogue as safe as the settings ask for.
    async fn open(&self) -> Result<Session, SendError> {
        let (server, limit) = (&self.server, self.server.limits.command);
        let stream = connect::connect(server, &self.egress).await?;
        let local = stream.local_addr().map_err(|error| SendError::retry(error.to_string()))?;
        let mut session = match (&self.tls, server.security) {
            (Some(tls), Security::Tls) => {
                Session::open(connect::secure(tls, server, Box::new(stream)).await?, limit).await?
            }
            (Some(tls), _) => {
                let mut plain = Session::open(Box::new(stream), limit).await?;
                plain.hello(local).await?;
                Session::over(connect::secure(tls, server, plain.start_tls().await?).await?, limit)
            }
            (None, _) => Session::open(Box::new(stream), limit).await?,
        };
        session.hello(local).await?;
        Ok(session)
    }

    /// On one line, without the password in any form it was sent in, and not too long.
    fn presentable(&self, text: &str) -> String {
        // before white space is changed, which may be part of it, and after control characters inside it are gone
        let hidden = self.redactor.text(text);
        let mut text = hidden.split_whitespace().collect::<Vec<_>>().join(" ");
        text.retain(|next| !next.is_control());
        let text = self.redactor.text(&text);
        match text.char_indices().nth(LONGEST_ERROR) {
            None => text,
            Some((cut, _)) => format!("{}…", &text[..cut]),
        }
    }
}
