//! What a receiver is, and what may be stored as one.

use kernel::{Code, Error, FieldError, NodeId, Result, Secret};
use platform::outbound::Outbound;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::credentials::Credential;
use crate::channels::SendError;

/// A messaging platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ImType {
    Slack,
    Lark,
}

/// How the platform is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Transport {
    /// A Slack app's bot or a Lark app's bot: one message, edited.
    Bot,
    /// A Slack incoming webhook or a Lark custom bot: a message for each state.
    Webhook,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ReceiverStatus)]
pub enum Status {
    Active,
    /// Told nothing, and found by no name.
    Inactive,
}

/// What the last deliveries say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Nothing has been sent yet.
    Unknown,
    Ok,
    /// The last attempt failed.
    Failing,
}

/// Where on which platform.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Destination {
    pub im_type: ImType,
    pub transport: Transport,
    /// A Slack channel or a Lark chat; a webhook has its own.
    pub destination_id: Option<String>,
}

/// A receiver as it is written. Credentials go in and never come out; one that is not given stays as it is.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiverInput {
    /// 1 to 255 characters.
    pub name: String,
    /// What alerts call it: 1 to 100 letters, digits, dots, dashes and underscores, the first a letter or digit.
    pub receiver_im: String,
    pub im_type: ImType,
    pub transport: Transport,
    /// Needed by a bot: the Slack channel's ID (`C0123456789`) or the Lark chat's (`oc_…`).
    pub destination_id: Option<String>,
    /// Told of issues whose alerts name no receiver. False unless given on creation, unchanged on update.
    pub is_default: Option<bool>,
    /// Active unless given on creation, unchanged on update.
    pub status: Option<Status>,
    /// The node that owns it: it is told of what that node and those below it have, and changed there and above. Null is for
    /// the whole organization. Left out, a change leaves it as it is.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<NodeId>)]
    pub node_id: Option<Option<NodeId>>,
    /// Slack bot: `xoxb-…`.
    #[schema(value_type = Option<String>, write_only)]
    pub bot_token: Option<Secret<String>>,
    /// Webhooks: the address that the platform showed.
    #[schema(value_type = Option<String>, write_only)]
    pub webhook_url: Option<Secret<String>>,
    /// Lark custom bot, when it verifies signatures.
    #[schema(value_type = Option<String>, write_only)]
    pub signing_secret: Option<Secret<String>>,
    /// Lark app.
    #[schema(value_type = Option<String>, write_only)]
    pub app_id: Option<Secret<String>>,
    /// Lark app.
    #[schema(value_type = Option<String>, write_only)]
    pub app_secret: Option<Secret<String>>,
}

impl Destination {
    /// # Errors
    /// [`SendError::GiveUp`] when there is none.
    pub(crate) fn require_id(&self) -> Result<&str, SendError> {
        self.destination_id.as_deref().ok_or_else(|| SendError::give_up("the receiver has no destination_id"))
    }

    /// Whether a message can be edited after it was posted.
    pub(crate) fn edits(&self) -> bool {
        self.transport == Transport::Bot
    }
}

impl ReceiverInput {
    /// The credentials that are given; an empty field of a form is none.
    pub(super) fn given(&self) -> impl Iterator<Item = (Credential, &Secret<String>)> {
        let fields = [
            (Credential::BotToken, &self.bot_token),
            (Credential::WebhookUrl, &self.webhook_url),
            (Credential::SigningSecret, &self.signing_secret),
            (Credential::AppId, &self.app_id),
            (Credential::AppSecret, &self.app_secret),
        ];
        fields
            .into_iter()
            .filter_map(|(credential, value)| Some((credential, value.as_ref()?)))
            .filter(|(_, value)| !value.expose().trim().is_empty())
    }

    pub(super) fn destination_id(&self) -> Option<&str> {
        self.destination_id.as_deref().map(str::trim).filter(|id| !id.is_empty())
    }

    /// Whether this can be a receiver, given what is stored already.
    ///
    /// # Errors
    /// `invalid_receiver` with every field that is wrong.
    pub(super) fn check(&self, stored: &[Credential], outbound: &Outbound) -> Result<()> {
        let mut fields = Vec::new();
        let mut wrong =
            |field: &str, detail: String| fields.push(FieldError { pointer: format!("/{field}"), detail });
        if !(1..=255).contains(&self.name.trim().chars().count()) {
            wrong("name", "must have 1 to 255 characters".into());
        }
        if !is_receiver_im(&self.receiver_im) {
            let detail = "must be 1 to 100 letters, digits, dots, dashes and underscores, starting with a letter or digit";
            wrong("receiver_im", detail.into());
        }
        match self.destination_id() {
            None if self.transport == Transport::Bot => {
                wrong("destination_id", "a bot needs the ID of a channel or chat".into());
            }
            Some(id) if id.chars().count() > 255 => {
                wrong("destination_id", "must have at most 255 characters".into())
            }
            _ => {}
        }
        let known = Credential::of(self.im_type, self.transport);
        for (credential, value) in self.given() {
            if !known.iter().any(|(known, _)| *known == credential) {
                wrong(credential.name(), "does not belong to this im_type and transport".into());
            } else if let Err(detail) = check_credential(credential, value, outbound) {
                wrong(credential.name(), detail);
            }
        }
        for (credential, needed) in known {
            let there = stored.contains(credential) || self.given().any(|(given, _)| given == *credential);
            if *needed && !there {
                wrong(credential.name(), "is needed for this im_type and transport".into());
            }
        }
        if fields.is_empty() {
            return Ok(());
        }
        let detail = format!("{} of the receiver's fields cannot be stored", fields.len());
        Err(Error::Invalid { code: Code("invalid_receiver"), detail, fields })
    }
}

/// As the table's CHECK has it.
pub(super) fn is_receiver_im(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.len() <= 100
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// What is wrong with a credential; never its text.
fn check_credential(
    credential: Credential,
    value: &Secret<String>,
    outbound: &Outbound,
) -> Result<(), String> {
    let text = value.expose().trim();
    if text.len() > 2000 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("must be at most 2,000 printable ASCII characters without spaces".into());
    }
    match credential {
        Credential::BotToken if !text.starts_with("xoxb-") => {
            Err("must be a bot token, which starts with xoxb-".into())
        }
        Credential::WebhookUrl => check_webhook_url(text, outbound),
        _ => Ok(()),
    }
}

/// Plain HTTP would show the address, which is the credential, to everybody on the way. Only a target on this machine or
/// a private network, which the operator must have allowed, may do without TLS.
fn check_webhook_url(text: &str, outbound: &Outbound) -> Result<(), String> {
    let url = Url::parse(text).map_err(|_| "must be an absolute URL".to_owned())?;
    let private = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() != "https" && !private {
        return Err("must start with https://".into());
    }
    outbound.check(&url).map_err(|error| error.to_string())
}
