//! A Slack incoming webhook: takes a message and answers `ok`; what it posted can be neither edited nor answered in
//! a thread (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).

use futures::future::BoxFuture;
use platform::outbound::Outbound;
use reqwest::Method;
use url::Url;

use super::{blocks, refusal};
use crate::{
    Deps,
    channels::{
        Channel, Outgoing, SendError, Sent, Shape,
        exchange::{exchange, quote},
    },
    receivers::Credentials,
};

pub(crate) struct Webhook {
    outbound: Outbound,
    url: Url,
}

impl Webhook {
    pub fn open(deps: &Deps, credentials: &Credentials) -> Result<Self, SendError> {
        Ok(Self { outbound: deps.app.outbound.clone(), url: credentials.webhook_url()? })
    }

    async fn tell(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let message = blocks::message(outgoing.card, Shape::Note);
        let request = self.outbound.request(Method::POST, &self.url).map(|request| request.json(&message));
        let answer = exchange(request).await?;
        match (answer.status.is_success(), answer.body.trim()) {
            (true, "ok") => Ok(Sent { external_ref: None }),
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

impl Channel for Webhook {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.tell(outgoing))
    }
}
