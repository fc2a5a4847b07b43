//! The dialogue with a server (RFC 5321): a command, a reply, and so on until the mail is taken.
//!
//! Each step waits for a bounded time and reads a bounded answer. What a refusal means is told by the [`Step`] it came at.

use std::{fmt, io, net::SocketAddr, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use nix::unistd::gethostname;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use super::{
    Login,
    compose::Mail,
    connect::{Stream, within},
};
use crate::SendError;

/// Of one reply; servers say a few lines.
const LARGEST_REPLY: usize = 64 * 1024;

/// An open dialogue.
pub(super) struct Session {
    stream: BufReader<Box<dyn Stream>>,
    limit: Duration,
    /// What the server offers, one keyword with its parameters each.
    extensions: Vec<String>,
}

/// Where in the dialogue something was refused or went wrong.
pub(super) enum Step<'a> {
    Greeting,
    Hello,
    StartTls,
    SignIn,
    Sender(&'a str),
    Recipient(&'a str),
    Message,
    Farewell,
}

impl Session {
    /// A dialogue that begins with the server's greeting.
    pub async fn open(stream: Box<dyn Stream>, limit: Duration) -> Result<Self, SendError> {
        let mut session = Self::over(stream, limit);
        session.command(&Step::Greeting, b"", 2).await?;
        Ok(session)
    }

    /// A dialogue that goes on over another stream, such as after STARTTLS.
    pub fn over(stream: Box<dyn Stream>, limit: Duration) -> Self {
        Self { stream: BufReader::new(stream), limit, extensions: Vec::new() }
    }

    /// EHLO: who we are, and what the server can do.
    pub async fn hello(&mut self, local: SocketAddr) -> Result<(), SendError> {
        let hello = format!("EHLO {}\r\n", own_name(local));
        self.extensions = self.command(&Step::Hello, hello.as_bytes(), 2).await?.lines.split_off(1);
        Ok(())
    }

    /// STARTTLS: the stream for TLS, with all that was said before forgotten.
    pub async fn start_tls(mut self) -> Result<Box<dyn Stream>, SendError> {
        if self.offered("STARTTLS").is_none() {
            return Err(SendError::retry(
                "the mail server offers no TLS (STARTTLS), and without it nothing is sent; for a relay that is trusted \
                 write smtp://host?tls=none",
            ));
        }
        self.command(&Step::StartTls, b"STARTTLS\r\n", 2).await?;
        // Bytes that came along were written before TLS, perhaps by somebody in between, and would be read after it.
        if !self.stream.buffer().is_empty() {
            return Err(SendError::retry(
                "something was said between STARTTLS and TLS: somebody may sit between here and the mail server",
            ));
        }
        Ok(self.stream.into_inner())
    }

    /// AUTH (RFC 4954), with PLAIN (RFC 4616) or LOGIN.
    pub async fn sign_in(&mut self, credentials: &Login) -> Result<(), SendError> {
        let (user, password) = (&credentials.user, credentials.password.expose());
        let offered = self.offered("AUTH").unwrap_or_default().to_uppercase();
        let offers = |mechanism: &str| offered.split_whitespace().any(|offer| offer == mechanism);
        if offers("PLAIN") {
            let response = BASE64.encode(format!("\0{user}\0{password}"));
            self.command(&Step::SignIn, format!("AUTH PLAIN {response}\r\n").as_bytes(), 2).await?;
        } else if offers("LOGIN") {
            self.command(&Step::SignIn, b"AUTH LOGIN\r\n", 3).await?;
            self.command(&Step::SignIn, format!("{}\r\n", BASE64.encode(user)).as_bytes(), 3).await?;
            self.command(&Step::SignIn, format!("{}\r\n", BASE64.encode(password)).as_bytes(), 2).await?;
        } else {
            let error = match offered.as_str() {
                "" => "the mail server lets nobody sign in here, but a user and password are set".to_owned(),
                other => {
                    format!("the mail server wants a sign-in by {other}; PLAIN and LOGIN are known here")
                }
            };
            return Err(SendError::give_up(error));
        }
        Ok(())
    }

    /// Hands the mail in; answers what the server said when it took it.
    pub async fn deliver(&mut self, mail: &Mail) -> Result<String, SendError> {
        let mut parameters = String::new();
        if let Some(limit) = self.offered("SIZE") {
            let (size, limit) = (mail.content.len(), limit.trim().parse().unwrap_or(0));
            if limit > 0 && size > limit {
                let error = format!("the mail has {size} bytes, and the mail server takes {limit}");
                return Err(SendError::give_up(error));
            }
            parameters += &format!(" SIZE={size}");
        }
        if mail.needs_utf8() {
            if self.offered("SMTPUTF8").is_none() {
                let error =
                    "an address has letters outside ASCII before its @, which the mail server cannot take";
                return Err(SendError::give_up(format!("{error} (it offers no SMTPUTF8)")));
            }
            parameters += " SMTPUTF8";
        }
        let (from, to) = (mail.from.as_str(), mail.to.as_str());
        let sender = format!("MAIL FROM:<{from}>{parameters}\r\n");
        self.command(&Step::Sender(from), sender.as_bytes(), 2).await?;
        self.command(&Step::Recipient(to), format!("RCPT TO:<{to}>\r\n").as_bytes(), 2).await?;
        self.command(&Step::Message, b"DATA\r\n", 3).await?;
        Ok(self.command(&Step::Message, &transparent(&mail.content), 2).await?.said())
    }

    /// QUIT. Nothing depends on it.
    pub async fn quit(mut self) {
        let _ = self.command(&Step::Farewell, b"QUIT\r\n", 2).await;
    }

    /// The parameters of an extension, if the server offers it.
    fn offered(&self, keyword: &str) -> Option<&str> {
        let mut offers = self.extensions.iter().map(|line| line.split_once(' ').unwrap_or((line, "")));
        offers.find(|(offer, _)| offer.eq_ignore_ascii_case(keyword)).map(|(_, parameters)| parameters)
    }

    /// Says something and waits for a reply of the class `expected`: 2 for done, 3 for go on.
    async fn command(&mut self, step: &Step<'_>, say: &[u8], expected: u16) -> Result<Reply, SendError> {
        let exchange = async {
            self.stream.write_all(say).await?;
            self.stream.flush().await?;
            hear(&mut self.stream).await
        };
        let reply = within(self.limit, exchange).await.map_err(|error| {
            let what = if error.kind() == io::ErrorKind::TimedOut { "was too slow" } else { "broke" };
            SendError::retry(format!("the connection to the mail server {what} at {}: {error}", step.name()))
        })?;
        if reply.code / 100 == expected { Ok(reply) } else { Err(step.refused(&reply)) }
    }
}

/// The name of this machine when it is one that others can look up, else the address it is seen by (RFC 5321,
/// section 4.1.4).
fn own_name(local: SocketAddr) -> String {
    let name = gethostname().ok().and_then(|name| name.into_string().ok());
    let is_name = |name: &String| {
        name.contains('.') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    name.filter(is_name).unwrap_or_else(|| match local {
        SocketAddr::V4(address) => format!("[{}]", address.ip()),
        SocketAddr::V6(address) => format!("[IPv6:{}]", address.ip()),
    })
}

/// The content with its end, and with every other line that begins with a dot beginning with two (section 4.5.2).
fn transparent(content: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(content.len() + 64);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            data.push(b'.');
        }
        data.extend_from_slice(line);
    }
    if !data.ends_with(b"\r\n") {
        data.extend_from_slice(b"\r\n");
    }
    data.extend_from_slice(b".\r\n");
    data
}

/// What a server said.
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    fn said(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" "))
    }
}

/// One reply, of one line or of several (section 4.2.1).
async fn hear(stream: &mut BufReader<Box<dyn Stream>>) -> io::Result<Reply> {
    let (mut lines, mut left) = (Vec::new(), LARGEST_REPLY);
    loop {
        let mut line = Vec::new();
        left -= stream.take(left as u64).read_until(b'\n', &mut line).await?;
        if !line.ends_with(b"\n") {
            return Err(match left {
                0 => io::Error::other("it answers without end"),
                _ => io::Error::new(io::ErrorKind::UnexpectedEof, "the mail server closed it"),
            });
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        let (code, text) = line.split_at_checked(3).unwrap_or((line, ""));
        let code = code.parse().ok().filter(|code| (200..600).contains(code));
        let (Some(code), Some(b' ' | b'-') | None) = (code, text.bytes().next()) else {
            return Err(io::Error::other(format!("no mail server answers like this: {line}")));
        };
        lines.push(text.get(1..).unwrap_or_default().to_owned());
        if !text.starts_with('-') {
            return Ok(Reply { code, lines });
        }
    }
}

impl Step<'_> {
    /// A reply that is not the one hoped for, in words. 4yz asks to come again, 5yz says never (section 4.2.1).
    fn refused(&self, reply: &Reply) -> SendError {
        let said = reply.said();
        match reply.code {
            400..500 => SendError::retry(format!("{self} for now: {said}")),
            500.. => SendError::give_up(format!("{self}: {said}")),
            _ => SendError::retry(format!(
                "the mail server said something else than expected at {}: {said}",
                self.name()
            )),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Greeting => "the greeting",
            Self::Hello => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::SignIn => "the sign-in",
            Self::Sender(_) => "the sender",
            Self::Recipient(_) => "the recipient",
            Self::Message => "the message",
            Self::Farewell => "QUIT",
        }
    }
}

/// That it was refused.
impl fmt::Display for Step<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the mail server ")?;
        match self {
            Self::Greeting => out.write_str("does not talk to this machine"),
            Self::SignIn => out.write_str("refused the user or password"),
            Self::Sender(address) => write!(out, "refused the sender {address}"),
            Self::Recipient(address) => write!(out, "refused the recipient {address}"),
            _ => write!(out, "refused {}", self.name()),
        }
    }
}
