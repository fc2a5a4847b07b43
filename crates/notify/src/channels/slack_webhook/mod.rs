//! A Slack incoming webhook: a message for each state.
//!
//! About one message a second is taken (<https://docs.slack.dev/apis/web-api/rate-limits>); a text of a block has at most
//! 3,000 characters.

use futures::future::BoxFuture;
use messengers::{SendError, slack::Webhook};

use super::{Abilities, Channel, Descriptor, Field, Format, Limits, Opening, Outgoing, Sent};
use crate::rendering::{Shape, slack};

pub(super) const CHANNEL: Descriptor = Descriptor {
    id: "slack_webhook",
    name: "Slack incoming webhook",
    im_type: "slack",
    transport: "webhook",
    settings: &[Field::credential(
        "webhook_url",
        ("Webhook URL", "https://hooks.slack.com/services/…"),
        Format::WebhookUrl,
    )],
    limits: Limits { text_units: Some(3000), request_bytes: None },
    abilities: Abilities { edits: false, confirms: false },
    open,
};

struct SlackWebhook(Webhook);

fn open(opening: &Opening<'_>) -> Result<Box<dyn Channel>, SendError> {
    let url = opening.credentials.require_url("webhook_url")?;
    Ok(Box::new(SlackWebhook(Webhook::new(opening.deps.app.outbound.clone(), url))))
}

impl Channel for SlackWebhook {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            self.0.post(&slack::message(outgoing.card, Shape::Note)).await?;
            Ok(Sent { external_ref: None })
        })
    }
}
