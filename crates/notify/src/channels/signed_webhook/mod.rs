//! Any program that takes a signed webhook, by the Standard Webhooks specification: a message for each state, as JSON.
//! `docs/receivers.md` documents the body; it is a contract, to which fields may be added.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use futures::future::BoxFuture;
use kernel::Clock;
use messengers::{
    SendError,
    webhook::{Secrets, Webhook},
};
use serde_json::{Value, json};

use super::{Abilities, Channel, Descriptor, Field, Format, Limits, Opening, Outgoing, Sent, TEST};
use crate::card::Card;

pub(super) const CHANNEL: Descriptor = Descriptor {
    id: "signed_webhook",
    name: "Signed webhook",
    im_type: "webhook",
    transport: "signed",
    settings: &[
        Field::credential(
            "webhook_url",
            ("Address", "Where messages are posted to, such as https://app.example.com/hooks/steward"),
            Format::WebhookUrl,
        ),
        Field::credential(
            "signing_secret",
            (
                "Signing secret",
                "whsec_ and the output of openssl rand -base64 32; new,old while the secret changes over",
            ),
            Format::SigningSecret,
        ),
    ],
    limits: Limits { text_units: None, request_bytes: None },
    abilities: Abilities { edits: false, confirms: false },
    open,
};

struct SignedWebhook {
    webhook: Webhook,
    clock: Arc<dyn Clock>,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Channel>, SendError> {
    let url = opening.credentials.require_url("webhook_url")?;
    let secrets = Secrets::parse(opening.credentials.require("signing_secret")?.expose());
    let secrets = secrets.map_err(|_| SendError::give_up("the stored signing_secret is none"))?;
    let app = &opening.deps.app;
    let webhook = Webhook::new(app.outbound.clone(), url, secrets);
    Ok(Box::new(SignedWebhook { webhook, clock: app.clock.clone() }))
}

fn body(outgoing: &Outgoing<'_>) -> Value {
    let (card, subject) = (outgoing.card, outgoing.subject_type);
    let happened = match subject {
        TEST => json!("receiver.tested"),
        _ => json!(format!("{subject}.{}", json!(outgoing.state).as_str().unwrap_or_default())),
    };
    json!({
        "type": happened,
        // Of the state; webhook-timestamp is that of the attempt.
        "timestamp": card.at,
        "data": {
            subject: {
                "id": outgoing.subject_id,
                "title": card.title,
                "severity": card.severity,
                "state": outgoing.state,
            },
            "verdict": verdict(card),
            "is_real_issue": card.is_real_issue,
            "reason": card.summary,
            "cause": card.cause,
            "actions": card.actions,
            "note": card.note,
            "alerts": { "count": card.alert_count },
            "links": { subject: card.link },
        },
    })
}

/// As the run's conclusion has it; null until there is one.
const fn verdict(card: &Card) -> Option<&'static str> {
    match (card.is_real_issue, &card.summary) {
        (Some(true), _) => Some("real"),
        (Some(false), _) => Some("false_positive"),
        (None, Some(_)) => Some("undetermined"),
        (None, None) => None,
    }
}

impl Channel for SignedWebhook {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            self.webhook.post(&outgoing.id.to_string(), &body(outgoing), self.clock.now()).await?;
            Ok(Sent { external_ref: None })
        })
    }
}
