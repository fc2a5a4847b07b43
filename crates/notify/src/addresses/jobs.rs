//! Mailing the code.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::Secret;
use messengers::{
    SendError,
    email::{AutoSubmitted, Mailbox, Message, Sending},
};
use platform::jobs::{Failure, Handled, JobContext, Outcome, Registry};
use serde::{Deserialize, Serialize};

use super::{code, store};
use crate::{AddressId, Deps, channels::NO_MAIL};

pub(super) const KIND: &str = "ask_address";
/// How long a mail waits for a process that sends mail, when one that does not has claimed it.
const ELSEWHERE: Duration = Duration::from_secs(5);

/// Nothing but the name of a row: the code is made when it is sent.
#[derive(Serialize, Deserialize)]
pub(super) struct AskAddress {
    pub id: AddressId,
    pub generation: i32,
}

pub(crate) fn jobs(deps: Deps, registry: &mut Registry) {
    registry.add(KIND, move |args: AskAddress, context| {
        let deps = deps.clone();
        async move { send(&deps, args, &context).await }
    });
}

async fn send(deps: &Deps, args: AskAddress, context: &JobContext) -> Handled {
    let mut tx = context.tx().await?;
    let found = store::find(&mut tx, args.id).await?;
    tx.commit().await?;
    let current = found.filter(|asked| asked.confirmed_at.is_none() && asked.generation == args.generation);
    let Some(asked) = current else { return Ok(Outcome::Done) };
    let code = code::code(deps.app.keyring.pepper(), context.org, (asked.id, asked.generation))?;
    let at = asked.mailed_at.unwrap_or(asked.mails_since);
    let sent = match &deps.options.mail {
        None => Err(SendError::Retry { after: Some(ELSEWHERE), error: NO_MAIL.into() }),
        Some(mail) => match message(mail, &asked, &code, asked.expires_at) {
            Ok(message) => mail.client.send(&mail.sender, &message, at).await.map(drop),
            Err(error) => Err(error),
        },
    };
    let mut tx = context.tx().await?;
    let error =
        sent.as_ref().err().map(|error| error.to_string().replace(code.expose().as_str(), "[hidden]"));
    store::note_error(&mut tx, asked.id, error.as_deref()).await?;
    if !matches!(sent, Err(SendError::Retry { .. })) {
        // A refusal is shown at the receiver, and another mail can be asked for.
        context.finish(tx).await?;
        return Ok(Outcome::Done);
    }
    tx.commit().await?;
    match sent {
        Err(SendError::Retry { after: Some(pause), .. }) if deps.options.mail.is_none() => {
            Ok(Outcome::Snooze(pause))
        }
        Err(SendError::Retry { after, error }) => Err(Failure::Retry { error, after }),
        _ => Ok(Outcome::Done),
    }
}

fn message(
    mail: &Sending,
    asked: &store::Asked,
    code: &Secret<String>,
    until: DateTime<Utc>,
) -> Result<Message, SendError> {
    let to: Mailbox =
        asked.address.parse().map_err(|error| SendError::give_up(format!("the address {error}")))?;
    let id = mail.id(&format!("address-{}-{}", asked.id, asked.generation))?;
    let text = format!(
        "Somebody wants to have issues of their systems told to this address by Steward.\n\n\
         If you agree, give them this code until {}:\n\n    {}\n\n\
         Without it nothing is sent here. If you do not know what this is about, ignore this mail.\n",
        until.format("%-d %B %Y, %H:%M UTC"),
        code.expose()
    );
    let message = Message::new(id, to, "A code for Steward", text);
    Ok(Message { auto_submitted: Some(AutoSubmitted::Generated), ..message })
}
