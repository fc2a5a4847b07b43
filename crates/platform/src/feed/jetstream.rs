//! A stream in NATS JetStream.

use std::time::Duration;

use async_nats::{
    ConnectOptions, HeaderMap,
    connection::State,
    header::{NATS_EXPECTED_LAST_MESSAGE_ID, NATS_MESSAGE_ID},
    jetstream::{
        Context,
        context::ContextBuilder,
        message::StreamMessage,
        stream::{Config, RawMessageError, RawMessageErrorKind, Stream},
    },
};
use kernel::{Error, OrgId, Result};
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::Options;
use crate::record::{
    Event,
    log::{Place, Placed},
};

/// Longest wait for an acknowledgement.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the stream recognizes an event that it has.
const DUPLICATES: Duration = Duration::from_secs(600);
const SUBJECTS: &str = "steward.>";
/// The header with an event's place in the log.
const POSITION: &str = "Steward-Position";

pub(super) struct Outlet {
    context: Context,
    stream: Stream,
}

/// What NATS says holds no password.
pub(super) fn away(error: impl std::fmt::Display) -> Error {
    Error::unavailable(format!("NATS: {error}"))
}

impl Outlet {
    /// Connects, and makes the stream or brings its settings up; what else an operator set in it stays.
    pub(super) async fn open(options: &Options) -> Result<Self> {
        let context = connect(options).await?;
        let kept = options.kept.unwrap_or_default();
        let config = Config {
            name: options.stream.clone(),
            subjects: vec![SUBJECTS.into()],
            description: Some("What happens in Steward; docs/streams.md".into()),
            max_age: kept,
            duplicate_window: options.kept.map_or(DUPLICATES, |kept| kept.min(DUPLICATES)),
            ..Config::default()
        };
        let stream = context.get_or_create_stream(config.clone()).await.map_err(away)?;
        let present = &stream.cached_info().config;
        if (present.max_age, present.duplicate_window) != (config.max_age, config.duplicate_window) {
            let changed = Config {
                max_age: config.max_age,
                duplicate_window: config.duplicate_window,
                ..present.clone()
            };
            context.update_stream(changed).await.map_err(away)?;
        }
        Ok(Self { context, stream })
    }

    /// The sequence number of the last message that the stream holds.
    pub(super) async fn end(&self) -> Result<Option<u64>> {
        let last = self.stream.get_last_raw_message_by_subject(SUBJECTS).await;
        Ok(found(last)?.map(|message| message.sequence))
    }

    /// The event with a sequence number, and whose it is.
    pub(super) async fn at(&self, sequence: u64) -> Result<Option<(OrgId, Uuid)>> {
        let Some(message) = found(self.stream.get_raw_message(sequence).await)? else { return Ok(None) };
        let org = message.subject.split('.').nth(1).and_then(|org| org.parse().ok());
        let place = message.headers.get(POSITION).and_then(|place| Place::parse(place.as_str()));
        Ok(org.zip(place.map(|place| place.id)))
    }

    /// # Errors
    /// When there is no connection.
    pub(super) fn check(&self) -> Result<()> {
        match self.context.client().connection_state() {
            State::Connected => Ok(()),
            _ => Err(away("not connected")),
        }
    }

    /// Hands a batch on and waits until all of it is stored: after the event `end`, where that is known. Answers what the stream ends with then. After an
    /// error some of it may be stored; one is that the stream does not end with `end` any more.
    pub(super) async fn publish(&self, batch: &[Placed], mut end: Option<Uuid>) -> Result<Option<Uuid>> {
        let largest = self.context.client().server_info().max_payload;
        let mut acknowledgements = Vec::with_capacity(batch.len());
        for placed in batch {
            let id = placed.event.id.uuid();
            let mut headers = HeaderMap::new();
            headers.insert(NATS_MESSAGE_ID, id.to_string());
            headers.insert(POSITION, Place::of(placed).to_string());
            // So that none is stored after one that was not.
            if let Some(end) = end {
                headers.insert(NATS_EXPECTED_LAST_MESSAGE_ID, end.to_string());
            }
            let subject = format!("steward.{}.{}", placed.org_id, placed.event.kind);
            let sent =
                self.context.publish_with_headers(subject, headers, text(&placed.event, largest)?.into());
            let acknowledgement = sent.await.map_err(away)?;
            if end.is_some() {
                acknowledgements.push(acknowledgement);
            } else if acknowledgement.await.map_err(away)?.duplicate {
                // The stream has it, somewhere before what it ends with.
                continue;
            }
            end = Some(id);
        }
        for acknowledgement in acknowledgements {
            acknowledgement.await.map_err(away)?;
        }
        Ok(end)
    }
}

/// A message, if the stream has it.
fn found(message: std::result::Result<StreamMessage, RawMessageError>) -> Result<Option<StreamMessage>> {
    match message {
        Ok(message) => Ok(Some(message)),
        Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
        Err(error) => Err(away(error)),
    }
}

pub(super) async fn connect(options: &Options) -> Result<Context> {
    let (server, connect) = as_user(options.url.expose())?;
    let mut connect = connect.name("steward").connection_timeout(PATIENCE);
    if let Some(file) = &options.ca_file {
        connect = connect.add_root_certificates(file.clone());
    }
    let client = connect.connect(server).await.map_err(away)?;
    Ok(ContextBuilder::new().timeout(PATIENCE).ack_timeout(PATIENCE).build(client))
}

/// A server's address, and who is said to be at it: the library ignores the user in an address. A user without a password is a token.
fn as_user(url: &str) -> Result<(String, ConnectOptions)> {
    let mut url = url::Url::parse(url).map_err(|_| away("the address is none"))?;
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, password) = (decoded(url.username()), url.password().map(decoded));
    let connect = match password {
        Some(password) => ConnectOptions::with_user_and_password(user, password),
        None if user.is_empty() => ConnectOptions::new(),
        None => ConnectOptions::with_token(user),
    };
    // What cannot have a user has none.
    let _ = (url.set_username(""), url.set_password(None));
    Ok((url.to_string(), connect))
}

/// An event as JSON. One that NATS would refuse goes without its payload, which can be read over the API; it must not stop those behind it.
fn text(event: &Event, largest: usize) -> Result<Vec<u8>> {
    let text = serde_json::to_vec(event).map_err(Error::internal)?;
    // Headers count as well.
    if text.len() + 1024 <= largest {
        return Ok(text);
    }
    tracing::warn!(event = %event.id, bytes = text.len(), "an event is larger than NATS takes and goes without its payload");
    let bare = event.bare();
    serde_json::to_vec(&bare).map_err(Error::internal)
}
