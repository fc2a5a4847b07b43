//! What somebody fills in for a channel, and what may be stored of it.

use messengers::{email::Address, webhook};
use platform::outbound::Outbound;
use serde::Serialize;
use url::{Host, Url};
use utoipa::ToSchema;

/// A field of a receiver's form.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = ChannelSetting)]
pub struct Field {
    /// Of the field of the API. A credential is sealed under it.
    #[schema(value_type = String)]
    pub name: &'static str,
    #[schema(value_type = String)]
    pub label: &'static str,
    /// Where to find it, or what it looks like.
    #[schema(value_type = String)]
    pub help: &'static str,
    /// It goes in and never comes out.
    pub credential: bool,
    pub required: bool,
    pub format: Format,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = SettingFormat)]
pub enum Format {
    /// At most 255 characters.
    Id,
    /// An e-mail address.
    Address,
    /// At most 2,000 printable ASCII characters without spaces, which begin so.
    Token {
        #[schema(value_type = String)]
        prefix: &'static str,
    },
    /// An address with https.
    WebhookUrl,
    /// `whsec_` and base64, as Standard Webhooks has it; two with a comma between them while one replaces the other.
    SigningSecret,
}

impl Field {
    /// Where at the platform: `destination_id`, the one setting that is shown again.
    pub const fn destination(label: &'static str, help: &'static str) -> Self {
        Self { name: "destination_id", label, help, credential: false, required: true, format: Format::Id }
    }

    pub const fn credential(
        name: &'static str,
        (label, help): (&'static str, &'static str),
        format: Format,
    ) -> Self {
        Self { name, label, help, credential: true, required: true, format }
    }

    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// A value in the one form in which it is stored and compared.
    pub(crate) fn canonical(&self, value: &str) -> String {
        match self.format {
            Format::Address => {
                value.parse::<Address>().map_or_else(|_| value.to_owned(), |one| one.to_string())
            }
            _ => value.to_owned(),
        }
    }

    /// What is wrong with a value; never its text.
    pub(crate) fn check(&self, value: &str, outbound: &Outbound) -> Result<(), String> {
        let ascii = || value.len() <= 2000 && value.bytes().all(|byte| byte.is_ascii_graphic());
        match self.format {
            Format::Id if value.chars().count() > 255 => Err("must have at most 255 characters".into()),
            Format::Id => Ok(()),
            Format::Address => value.parse::<Address>().map(drop).map_err(|error| error.to_string()),
            Format::Token { .. } | Format::WebhookUrl | Format::SigningSecret if !ascii() => {
                Err("must be at most 2,000 printable ASCII characters without spaces".into())
            }
            Format::Token { prefix } if !value.starts_with(prefix) => {
                Err(format!("must start with {prefix}"))
            }
            Format::Token { .. } => Ok(()),
            Format::WebhookUrl => check_webhook_url(value, outbound),
            Format::SigningSecret => {
                webhook::Secrets::parse(value).map(drop).map_err(|error| error.to_string())
            }
        }
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
