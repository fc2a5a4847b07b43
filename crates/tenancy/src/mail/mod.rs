//! The mails of this crate: what they say, and handing them to the operator's server.

#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::Secret;
use messengers::{
    SendError,
    email::{self, AutoSubmitted, Mailbox, Message},
};

use crate::{Deps, invitations::model::Invitation};

/// A mail to one person.
pub(crate) struct Letter {
    /// Names it for ever, so that the same mail sent twice is one.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: Secret<String>,
    /// The moment it is dated, the same however often it is sent.
    pub at: DateTime<Utc>,
}

/// How long a mail waits for a process that sends mail, when one that does not has claimed it.
pub(crate) const ELSEWHERE: Duration = Duration::from_secs(5);

/// Why a mail did not go.
pub(crate) enum Unsent {
    /// This process has no mail server. It was asked for by one that has: let that send it.
    NotHere,
    NotYet {
        error: String,
        after: Option<Duration>,
    },
    GivenUp(String),
}

impl Unsent {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::NotHere => "waits for a process that is set up to send mail (`--smtp-url`)",
            Self::NotYet { error, .. } | Self::GivenUp(error) => error,
        }
    }
}

pub(crate) fn invitation(organization: &str, invitation: &Invitation, link: &Secret<String>) -> Letter {
    let (until, role) = (invitation.expires_at.format("%-d %B %Y, %H:%M UTC"), invitation.role);
    let text = format!(
        "You are invited to work in {organization} on Steward, as {role}.\n\n\
         Accept or decline until {until}:\n\n{}\n\n\
         The link is for you alone: whoever has it can answer in your name. If you do not know what this is about, \
         ignore it; nothing happens then.\n",
        link.expose()
    );
    Letter {
        id: format!("invitation-{}-{}", invitation.id, invitation.generation),
        to: invitation.email.clone(),
        subject: format!("Invitation to {organization}"),
        text: Secret::new(text),
        at: invitation.issued_at(),
    }
}

pub(crate) fn new_password(
    email: &str,
    id: String,
    link: &Secret<String>,
    (at, until): (DateTime<Utc>, DateTime<Utc>),
) -> Letter {
    let until = until.format("%H:%M UTC");
    let text = format!(
        "Somebody, probably you, asked for a new password of your account {email} on Steward.\n\n\
         Choose one until {until}:\n\n{}\n\n\
         All your sessions end then. If it was not you, ignore this mail; your password stays as it is.\n",
        link.expose()
    );
    let subject = "A new password for Steward".into();
    Letter { id, to: email.to_owned(), subject, text: Secret::new(text), at }
}

impl Deps {
    /// The address of a page of the console for the holder of a link.
    pub(crate) fn page(&self, name: &str, link: &Secret<String>) -> Secret<String> {
        let base = self.options.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/'));
        Secret::new(format!("{}/{name}#{}", base.unwrap_or_default(), link.expose()))
    }

    /// Hands a letter to the operator's server.
    pub(crate) async fn send(&self, letter: Letter) -> Result<(), Unsent> {
        let Some(mail) = &self.options.mail else {
            // Each mail comes by every few seconds; its inviter sees that it waits.
            tracing::debug!("a mail waits for a process that has --smtp-url");
            return Err(Unsent::NotHere);
        };
        let message = message(&letter, &mail.sender).map_err(Unsent::GivenUp)?;
        match mail.client.send(&mail.sender, &message, letter.at).await {
            Ok(_) => Ok(()),
            Err(SendError::Retry { after, error }) => Err(Unsent::NotYet { error, after }),
            Err(SendError::GiveUp { error } | SendError::Gone { error }) => Err(Unsent::GivenUp(error)),
        }
    }
}

fn message(letter: &Letter, sender: &Mailbox) -> Result<Message, String> {
    let to: Mailbox = letter.to.parse().map_err(|error: email::InvalidAddress| error.to_string())?;
    let domain = sender.address.domain();
    let id = format!("{}@{domain}", letter.id);
    let id = id.parse().map_err(|error: email::InvalidMessageId| error.to_string())?;
    let message = Message::new(id, to, letter.subject.as_str(), letter.text.expose().as_str());
    Ok(Message { auto_submitted: Some(AutoSubmitted::Generated), ..message })
}
