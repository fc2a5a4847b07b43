//! A Lark (Feishu) custom bot: a signed webhook of one chat, a card for each state.
//!
//! Lark takes a hundred requests a minute, of 20 KB each
//! (<https://open.larksuite.com/document/client-docs/bot-v3/add-custom-bot>).

use std::sync::Arc;

use futures::future::BoxFuture;
use kernel::Clock;
use messengers::{SendError, lark::Webhook};

use super::{Abilities, Channel, Descriptor, Field, Format, Limits, Opening, Outgoing, Sent};
use crate::rendering::{Shape, lark};

pub(super) const CHANNEL: Descriptor = Descriptor {
    id: "lark_webhook",
    name: "Lark custom bot",
    im_type: "lark",
    transport: "webhook",
    settings: &[
        Field::credential(
            "webhook_url",
            ("Webhook URL", "https://open.larksuite.com/open-apis/bot/v2/hook/…"),
            Format::WebhookUrl,
        ),
        Field::credential(
            "signing_secret",
            ("Signing secret", "If the bot verifies signatures"),
            Format::Token { prefix: "" },
        )
        .optional(),
    ],
    limits: Limits { text_units: None, request_bytes: Some(20 * 1024) },
    abilities: Abilities { edits: false, confirms: false },
    open,
};

struct LarkWebhook {
    webhook: Webhook,
    clock: Arc<dyn Clock>,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Channel>, SendError> {
    let url = opening.credentials.require_url("webhook_url")?;
    let signing_secret = opening.credentials.get("signing_secret").cloned();
    let app = &opening.deps.app;
    let webhook = Webhook::new(app.outbound.clone(), url, signing_secret);
    Ok(Box::new(LarkWebhook { webhook, clock: app.clock.clone() }))
}

impl Channel for LarkWebhook {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            self.webhook.post(&lark::card(outgoing.card, Shape::Note), self.clock.now()).await?;
            Ok(Sent { external_ref: None })
        })
    }
}
