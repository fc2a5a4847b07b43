//! The credentials of a receiver: which there are, where they are sealed, and how they are kept out of errors.

use kernel::{NodeId, Redactor, Result, Secret};
use platform::{
    db::TenantTx,
    secrets::{self, Keyring, Name},
};
use serde::Serialize;
use url::Url;

use super::{ImType, Transport};
use crate::{ReceiverId, channels::SendError};

/// A shorter end of a webhook's path is an ordinary word.
const SHORTEST_TOKEN: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    BotToken,
    WebhookUrl,
    SigningSecret,
    AppId,
    AppSecret,
}

impl Credential {
    pub const ALL: [Self; 5] =
        [Self::BotToken, Self::WebhookUrl, Self::SigningSecret, Self::AppId, Self::AppSecret];

    /// Which credentials a receiver has, and whether it cannot do without.
    pub const fn of(im_type: ImType, transport: Transport) -> &'static [(Self, bool)] {
        match (im_type, transport) {
            (ImType::Slack, Transport::Bot) => &[(Self::BotToken, true)],
            (ImType::Slack, Transport::Webhook) => &[(Self::WebhookUrl, true)],
            (ImType::Lark, Transport::Bot) => &[(Self::AppId, true), (Self::AppSecret, true)],
            (ImType::Lark, Transport::Webhook) => &[(Self::WebhookUrl, true), (Self::SigningSecret, false)],
        }
    }

    /// The name of the field, and the last part of the configuration's key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BotToken => "bot_token",
            Self::WebhookUrl => "webhook_url",
            Self::SigningSecret => "signing_secret",
            Self::AppId => "app_id",
            Self::AppSecret => "app_secret",
        }
    }

    /// Those among the names of stored configurations.
    pub fn named(names: &[String]) -> Vec<Self> {
        Self::ALL
            .into_iter()
            .filter(|credential| names.iter().any(|name| name == credential.name()))
            .collect()
    }
}

impl ImType {
    /// As it is stored; also the `config_type` under which the credentials are sealed.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Lark => "lark",
        }
    }
}

/// Whose credentials they are: what they are sealed for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder {
    pub receiver: ReceiverId,
    pub im_type: ImType,
    pub node: Option<NodeId>,
}

fn key(receiver: ReceiverId, credential: Credential) -> String {
    format!("receiver/{receiver}/{}", credential.name())
}

impl Holder {
    const fn name(self, key: &str) -> Name<'_> {
        Name { node: self.node, config_type: self.im_type.name(), config_key: key }
    }

    /// Seals a credential, replacing the one before.
    pub(super) async fn put(
        self,
        tx: &mut TenantTx,
        keyring: &Keyring,
        credential: Credential,
        value: &Secret<String>,
    ) -> Result<()> {
        let key = key(self.receiver, credential);
        secrets::put(tx, keyring, self.name(&key), &Secret::new(value.expose().trim().to_owned())).await
    }

    /// Seals what is stored for another owner.
    pub(super) async fn move_to(
        self,
        tx: &mut TenantTx,
        keyring: &Keyring,
        node: Option<NodeId>,
        credentials: &[Credential],
    ) -> Result<()> {
        for credential in credentials {
            secrets::move_to(tx, keyring, self.name(&key(self.receiver, *credential)), node).await?;
        }
        Ok(())
    }

    /// Removes credentials.
    pub(super) async fn delete(
        self,
        tx: &mut TenantTx,
        credentials: impl IntoIterator<Item = Credential>,
    ) -> Result<()> {
        for credential in credentials {
            secrets::delete(tx, self.name(&key(self.receiver, credential))).await?;
        }
        Ok(())
    }
}

/// Opened credentials, for one call.
pub(crate) struct Credentials {
    opened: Vec<(Credential, Secret<String>)>,
    redactor: Redactor,
}

impl Credentials {
    /// Opens what is stored for a receiver.
    pub async fn open(
        tx: &mut TenantTx,
        keyring: &Keyring,
        holder: Holder,
        transport: Transport,
    ) -> Result<Self> {
        let mut opened = Vec::new();
        for (credential, _) in Credential::of(holder.im_type, transport) {
            let key = key(holder.receiver, *credential);
            if let Some(value) = secrets::get(tx, keyring, holder.name(&key)).await? {
                opened.push((*credential, value));
            }
        }
        Ok(Self::new(opened))
    }

    fn new(opened: Vec<(Credential, Secret<String>)>) -> Self {
        let mut values: Vec<Secret<String>> = opened.iter().map(|(_, value)| value.clone()).collect();
        // The token is the last part of a webhook's path.
        let url = opened.iter().find(|(credential, _)| *credential == Credential::WebhookUrl);
        let token = url.and_then(|(_, url)| url.expose().rsplit('/').next().map(str::to_owned));
        values.extend(token.filter(|token| token.len() >= SHORTEST_TOKEN).map(Secret::new));
        Self { redactor: Redactor::new(&values), opened }
    }

    pub fn get(&self, wanted: Credential) -> Option<&Secret<String>> {
        self.opened.iter().find(|(credential, _)| *credential == wanted).map(|(_, value)| value)
    }

    /// # Errors
    /// [`SendError::GiveUp`] when it is not stored.
    pub fn require(&self, wanted: Credential) -> Result<&Secret<String>, SendError> {
        self.get(wanted).ok_or_else(|| {
            SendError::give_up(format!(
                "no {} is stored for this receiver; add it to the receiver",
                wanted.name()
            ))
        })
    }

    pub fn webhook_url(&self) -> Result<Url, SendError> {
        let text = self.require(Credential::WebhookUrl)?;
        Url::parse(text.expose()).map_err(|_| SendError::give_up("the stored webhook_url is no URL"))
    }

    /// A text from a platform without any of the credentials, in case the platform repeats what it was sent.
    pub fn scrub(&self, text: &str) -> String {
        self.redactor.text(text)
    }

    #[cfg(test)]
    pub fn of(values: Vec<(Credential, &str)>) -> Self {
        Self::new(values.into_iter().map(|(name, value)| (name, Secret::new(value.to_owned()))).collect())
    }
}
