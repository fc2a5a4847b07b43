//! A channel that only tests have. It stands in the list and nowhere else: what works with it needs no other place.

use futures::future::BoxFuture;
use messengers::SendError;
use reqwest::Method;
use serde_json::json;
use url::Url;

use crate::channels::{Abilities, Channel, Descriptor, Field, Format, Limits, Opening, Outgoing, Sent};

pub(crate) const CHANNEL: Descriptor = Descriptor {
    id: "pager",
    name: "Pager",
    im_type: "pager",
    transport: "gateway",
    settings: &[
        Field::destination("Number", "Of the pager"),
        Field::credential("gateway_url", ("Gateway", "Where it is"), Format::WebhookUrl),
        Field::credential("pin", ("PIN", "Starts with pin-"), Format::Token { prefix: "pin-" }).optional(),
    ],
    limits: Limits { text_units: Some(160), request_bytes: Some(1000) },
    abilities: Abilities { edits: false, confirms: false },
    open,
};

struct Pager {
    outbound: platform::outbound::Outbound,
    url: Url,
    number: String,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Channel>, SendError> {
    let url = opening.credentials.require_url("gateway_url")?;
    let outbound = opening.deps.app.outbound.clone();
    Ok(Box::new(Pager { outbound, url, number: opening.destination()? }))
}

impl Channel for Pager {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let text = messengers::text::fit(&outgoing.card.headline(), 160, char::len_utf16);
            let request = self.outbound.request(Method::POST, &self.url);
            let request = request.map_err(|error| SendError::give_up(error.to_string()))?;
            let answer = request.json(&json!({ "to": self.number, "text": text })).send().await;
            let answer = answer.map_err(|error| SendError::retry(error.to_string()))?;
            if answer.status().is_success() {
                return Ok(Sent { external_ref: None });
            }
            Err(SendError::give_up(answer.text().await.unwrap_or_default()))
        })
    }
}
