//! Signed webhooks by the Standard Webhooks specification
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
//!
//! ```text
//! webhook-id: 0199…                     the same for every attempt, by which the other side knows a repeat
//! webhook-timestamp: 1764244740         of the attempt, so that what was overheard cannot be played again later
//! webhook-signature: v1,<base64> …      HMAC-SHA256 of "id.timestamp.body", one for each secret
//! ```
//!
//! Any 2xx takes the message. 410 says that there is nobody any more; everything else may pass, redirects are not followed.

mod secret;

use chrono::{DateTime, Utc};
use kernel::{Redactor, Secret};
use platform::outbound::Outbound;
use reqwest::{Method, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;
use url::Url;

pub use secret::{InvalidSecrets, Secrets};

use crate::{
    SendError,
    exchange::{exchange, quote},
};

/// An address that takes signed messages.
pub struct Webhook {
    outbound: Outbound,
    url: Url,
    secrets: Secrets,
    redactor: Redactor,
}

impl Webhook {
    pub fn new(outbound: Outbound, url: Url, secrets: Secrets) -> Self {
        let address = Secret::new(url.to_string());
        let redactor = crate::redactor([&address].into_iter().chain(secrets.texts()));
        Self { outbound, url, secrets, redactor }
    }

    /// Posts a body as the message `id`; an attempt at another time has another signature.
    ///
    /// # Errors
    /// [`SendError::Gone`] for 410, [`SendError::Retry`] for everything else that is no 2xx.
    pub async fn post(&self, id: &str, body: &Value, at: DateTime<Utc>) -> Result<(), SendError> {
        let posted = self.exchange(id, body.to_string(), at).await;
        posted.map_err(|error| error.reworded(|text| self.redactor.text(text)))
    }

    async fn exchange(&self, id: &str, body: String, at: DateTime<Utc>) -> Result<(), SendError> {
        let timestamp = at.timestamp();
        let signature = self.secrets.sign(id, timestamp, &body);
        let request = self.outbound.request(Method::POST, &self.url).map(|request| {
            request
                .header(CONTENT_TYPE, "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", signature)
                .body(body)
        });
        let answer = exchange(request).await?;
        let said = || format!("HTTP {}: {}", answer.status, quote(&answer.body));
        match answer.status {
            status if status.is_success() => Ok(()),
            StatusCode::GONE => Err(SendError::Gone { error: said() }),
            status if status.is_redirection() => Err(SendError::retry(format!(
                "HTTP {status}: redirects are not followed; store the new address"
            ))),
            _ => Err(SendError::retry(said())),
        }
    }
}
