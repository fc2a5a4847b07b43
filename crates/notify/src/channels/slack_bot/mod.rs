//! A Slack app's bot: one message about a subject, edited as that changes.
//!
//! About one message a second is taken for each channel (<https://docs.slack.dev/apis/web-api/rate-limits>); a text of a
//! block has at most 3,000 characters (<https://docs.slack.dev/reference/block-kit/blocks/section-block>).

use futures::future::BoxFuture;
use messengers::{
    SendError,
    slack::{Bot, Posted},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Abilities, Channel, Descriptor, Field, Format, Limits, Opening, Outgoing, Sent};
use crate::rendering::{Shape, slack};

pub(super) const CHANNEL: Descriptor = Descriptor {
    id: "slack_bot",
    name: "Slack app",
    im_type: "slack",
    transport: "bot",
    settings: &[
        Field::destination("Channel", "The channel's ID, such as C0123456789"),
        Field::credential(
            "bot_token",
            ("Bot token", "Starts with xoxb-; needs chat:write"),
            Format::Token { prefix: "xoxb-" },
        ),
    ],
    limits: Limits { text_units: Some(3000), request_bytes: None },
    abilities: Abilities { edits: true, confirms: false },
    open,
};

struct SlackBot {
    bot: Bot,
    channel: String,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Channel>, SendError> {
    let token = opening.credentials.require("bot_token")?.clone();
    let (client, api) = (opening.deps.client.clone(), opening.deps.options.slack_api_url.clone());
    Ok(Box::new(SlackBot { bot: Bot::new(client, api, token), channel: opening.destination()? }))
}

impl SlackBot {
    async fn tell(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let message = message(outgoing);
        let posted = outgoing.posted.and_then(|posted| Posted::deserialize(posted).ok());
        let posted = match posted {
            Some(posted) if self.bot.edit(&posted, &message).await? => posted,
            _ => self.bot.post(&self.channel, &message).await?,
        };
        Ok(Sent { external_ref: Some(json!(posted)) })
    }
}

fn message(outgoing: &Outgoing<'_>) -> Value {
    let mut message = slack::message(outgoing.card, Shape::Living(outgoing.trail));
    // Lets programs that read the channel tell states apart (docs.slack.dev/messaging/message-metadata).
    message["metadata"] = json!({
        "event_type": "steward_state_told",
        "event_payload": {
            "delivery_id": outgoing.id,
            "subject_id": outgoing.subject_id,
            "state": outgoing.state,
        },
    });
    message
}

impl Channel for SlackBot {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.tell(outgoing))
    }
}
