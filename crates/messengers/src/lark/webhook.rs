//! A Lark custom bot: a webhook of one chat, signed when the bot asks for it
//! (<https://open.larksuite.com/document/client-docs/bot-v3/add-custom-bot>).

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Redactor, Secret};
use platform::outbound::Outbound;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::accepted;
use crate::{SendError, exchange::exchange};

/// A webhook of one chat. Its address is a credential, and so is the secret with which it is signed, if it is.
pub struct Webhook {
    outbound: Outbound,
    url: Url,
    signing_secret: Option<Secret<String>>,
    redactor: Redactor,
}

impl Webhook {
    pub fn new(outbound: Outbound, url: Url, signing_secret: Option<Secret<String>>) -> Self {
        let address = Secret::new(url.to_string());
        let redactor = crate::redactor([&address].into_iter().chain(&signing_secret));
        Self { outbound, url, signing_secret, redactor }
    }

    /// Posts a card. Lark takes a signature within an hour of `now`.
    pub async fn post(&self, card: &Value, now: DateTime<Utc>) -> Result<(), SendError> {
        let posted = self.exchange(card, now).await;
        posted.map_err(|error| error.reworded(|text| self.redactor.text(text)))
    }

    async fn exchange(&self, card: &Value, now: DateTime<Utc>) -> Result<(), SendError> {
        let mut body = json!({ "msg_type": "interactive", "card": card });
        if let Some(secret) = &self.signing_secret {
            let timestamp = now.timestamp();
            body["timestamp"] = json!(timestamp.to_string());
            body["sign"] = json!(signature(timestamp, secret)?);
        }
        let request = self.outbound.request(Method::POST, &self.url).map(|request| request.json(&body));
        accepted(exchange(request).await?.json()?)?;
        Ok(())
    }
}

/// Lark's signature: the timestamp and the secret are the key, and the message is empty.
pub(super) fn signature(timestamp: i64, secret: &Secret<String>) -> Result<String, SendError> {
    let key = format!("{timestamp}\n{}", secret.expose());
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mac = mac.map_err(|_| SendError::give_up("the signing secret cannot be a key"))?;
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}
