//! A Lark custom bot: a webhook of one chat, signed when the bot asks for it
//! (<https://open.larksuite.com/document/client-docs/bot-v3/add-custom-bot>).

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use futures::future::BoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Clock, Secret};
use platform::outbound::Outbound;
use reqwest::Method;
use serde_json::json;
use sha2::Sha256;
use url::Url;

use super::{accepted, message_card};
use crate::{
    Deps,
    channels::{Channel, Outgoing, SendError, Sent, Shape, exchange::exchange},
    receivers::{Credential, Credentials},
};

pub(crate) struct Webhook {
    outbound: Outbound,
    clock: Arc<dyn Clock>,
    url: Url,
    signing_secret: Option<Secret<String>>,
}

impl Webhook {
    pub fn open(deps: &Deps, credentials: &Credentials) -> Result<Self, SendError> {
        Ok(Self {
            outbound: deps.app.outbound.clone(),
            clock: deps.app.clock.clone(),
            url: credentials.webhook_url()?,
            signing_secret: credentials.get(Credential::SigningSecret).cloned(),
        })
    }

    async fn tell(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let card = message_card::render(outgoing.card, Shape::Note);
        let mut body = json!({ "msg_type": "interactive", "card": card });
        if let Some(secret) = &self.signing_secret {
            let timestamp = self.clock.now().timestamp();
            body["timestamp"] = json!(timestamp.to_string());
            body["sign"] = json!(signature(timestamp, secret)?);
        }
        let request = self.outbound.request(Method::POST, &self.url).map(|request| request.json(&body));
        accepted(exchange(request).await?.json()?)?;
        Ok(Sent { external_ref: None })
    }
}

/// Lark's signature: the timestamp and the secret are the key, and the message is empty.
pub(super) fn signature(timestamp: i64, secret: &Secret<String>) -> Result<String, SendError> {
    let key = format!("{timestamp}\n{}", secret.expose());
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mac = mac.map_err(|_| SendError::give_up("the signing secret cannot be a key"))?;
    Ok(STANDARD.encode(mac.finalize().into_bytes()))
}

impl Channel for Webhook {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.tell(outgoing))
    }
}
