//! E-mail by the operator's mail server: a mail for each state, one conversation for each subject.
//!
//! Every attempt to send a delivery is the same mail, with the same id and date. A subject's mails refer to an id that is made of the
//! subject's, so that programs show them as one conversation even when the first was lost; from the second on they answer the first.
//! Nobody's program answers by itself, and what is told can become no header (`messengers::email`).

mod letter;
#[cfg(test)]
mod tests;

use futures::future::BoxFuture;
use messengers::{
    SendError,
    email::{AutoSubmitted, ListId, MailId, Mailbox, Message, Sending},
};
use serde_json::{Value, json};

use super::{Abilities, Channel, Descriptor, Field, Format, Limits, NO_MAIL, Opening, Outgoing, Sent};

pub(super) const CHANNEL: Descriptor = Descriptor {
    id: "email",
    name: "E-mail",
    im_type: "email",
    transport: "smtp",
    settings: &[Field {
        format: Format::Address,
        ..Field::destination(
            "Address",
            "Of a member, or of somebody who gives you the code that is mailed there",
        )
    }],
    limits: Limits { text_units: None, request_bytes: None },
    abilities: Abilities { edits: false, confirms: true },
    open,
};

/// Another process may have a mail server: it is waited for.
const ELSEWHERE: std::time::Duration = std::time::Duration::from_secs(5);

struct Email {
    sending: Sending,
    to: Mailbox,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Channel>, SendError> {
    let to = opening.destination()?.parse::<Mailbox>();
    let to = to.map_err(|error| SendError::give_up(format!("the address {error}")))?;
    let Some(sending) = opening.deps.options.mail.clone() else {
        return Err(SendError::Retry { after: Some(ELSEWHERE), error: NO_MAIL.into() });
    };
    Ok(Box::new(Email { sending, to }))
}

impl Email {
    fn message(&self, outgoing: &Outgoing<'_>) -> Result<Message, SendError> {
        let card = outgoing.card;
        let conversation = self.sending.id(&format!("{}-{}", outgoing.subject_type, outgoing.subject_id))?;
        let first = outgoing.posted.and_then(|posted| posted["mail_id"].as_str()?.parse::<MailId>().ok());
        let message = Message::new(
            self.sending.id(&outgoing.id.to_string())?,
            self.to.clone(),
            letter::subject(card),
            letter::text(card),
        );
        Ok(Message {
            html: Some(letter::html(card)),
            references: [conversation].into_iter().chain(first.clone()).collect(),
            in_reply_to: first,
            list: Some(ListId::at("issues", self.sending.sender.address.domain())),
            auto_submitted: Some(AutoSubmitted::Generated),
            ..message
        })
    }

    async fn tell(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let message = self.message(outgoing)?;
        self.sending.client.send(&self.sending.sender, &message, outgoing.card.at).await?;
        let first: Value = json!({ "mail_id": message.in_reply_to.unwrap_or(message.id).as_str() });
        Ok(Sent { external_ref: Some(first) })
    }
}

impl Channel for Email {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.tell(outgoing))
    }
}
