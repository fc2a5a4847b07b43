//! A Lark (Feishu) app's bot: one card about a subject, edited as that changes, for fourteen days.
//!
//! Lark takes five messages a second in a chat, and cards of 30 KB; ours keep to the 20 KB of its custom bots
//! (<https://open.larksuite.com/document/server-docs/im-v1/message/create>).

use futures::future::BoxFuture;
use messengers::{
    SendError,
    lark::{App, Posted},
};
use serde::Deserialize;
use serde_json::json;

use super::{Abilities, Channel, Descriptor, Field, Format, Limits, Opening, Outgoing, Sent};
use crate::rendering::{Shape, lark};

pub(super) const CHANNEL: Descriptor = Descriptor {
    id: "lark_bot",
    name: "Lark app",
    im_type: "lark",
    transport: "bot",
    settings: &[
        Field::destination("Chat ID", "Starts with oc_"),
        Field::credential("app_id", ("App ID", "Starts with cli_"), Format::Token { prefix: "" }),
        Field::credential(
            "app_secret",
            ("App secret", "From the app's credentials page"),
            Format::Token { prefix: "" },
        ),
    ],
    limits: Limits { text_units: None, request_bytes: Some(30 * 1024) },
    abilities: Abilities { edits: true, confirms: false },
    open,
};

struct LarkBot {
    app: App,
    chat_id: String,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Channel>, SendError> {
    let id = opening.credentials.require("app_id")?.clone();
    let secret = opening.credentials.require("app_secret")?.clone();
    let app = App::new(opening.deps.lark.clone(), id, secret);
    Ok(Box::new(LarkBot { app, chat_id: opening.destination()? }))
}

impl LarkBot {
    async fn tell(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let card = lark::card(outgoing.card, Shape::Living(outgoing.trail));
        let posted = outgoing.posted.and_then(|posted| Posted::deserialize(posted).ok());
        let posted = match posted {
            Some(posted) if self.app.edit(&posted, &card).await? => posted,
            _ => self.app.post(&self.chat_id, outgoing.id.uuid(), &card).await?,
        };
        Ok(Sent { external_ref: Some(json!(posted)) })
    }
}

impl Channel for LarkBot {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.tell(outgoing))
    }
}
