//! A Slack incoming webhook: takes a message and answers `ok`; what it posted can be neither edited nor answered in
//! a thread (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).

use kernel::{Redactor, Secret};
use platform::outbound::Outbound;
use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::refusal;
use crate::{
    SendError,
    exchange::{exchange, quote},
};

/// A webhook of one channel. Its address is its credential.
pub struct Webhook {
    outbound: Outbound,
    url: Url,
    redactor: Redactor,
}

impl Webhook {
    pub fn new(outbound: Outbound, url: Url) -> Self {
        let redactor = crate::redactor([&Secret::new(url.to_string())]);
        Self { outbound, url, redactor }
    }

    /// Posts a message: its `text`, `blocks` and `attachments`.
    pub async fn post(&self, message: &Value) -> Result<(), SendError> {
        let posted = self.exchange(message).await;
        posted.map_err(|error| error.reworded(|text| self.redactor.text(text)))
    }

    async fn exchange(&self, message: &Value) -> Result<(), SendError> {
        let request = self.outbound.request(Method::POST, &self.url).map(|request| request.json(message));
        let answer = exchange(request).await?;
        match (answer.status.is_success(), answer.body.trim()) {
            (true, "ok") => Ok(()),
            (true, other) => {
                Err(SendError::give_up(format!("not Slack's answer to a message: {}", quote(other))))
            }
            (false, code) if is_code(code) => Err(refusal(code)),
            (false, other) => Err(SendError::give_up(format!("HTTP {}: {}", answer.status, quote(other)))),
        }
    }
}

/// Whether a body is one of Slack's error codes, such as `no_service`.
fn is_code(body: &str) -> bool {
    !body.is_empty() && body.len() <= 64 && body.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
