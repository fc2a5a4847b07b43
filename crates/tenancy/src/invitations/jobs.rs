//! Sending the link of an invitation.

use kernel::Secret;
use platform::jobs::{Failure, Handled, JobContext, Outcome, Registry};
use serde::{Deserialize, Serialize};

use super::{model::Delivery, store};
use crate::{Deps, InvitationId, mail, organizations};

pub(crate) const SEND: &str = "send_invitation";

/// Nothing but the name of a row: the link is made when it is sent.
#[derive(Serialize, Deserialize)]
pub(crate) struct SendInvitation {
    pub invitation_id: InvitationId,
}

pub(crate) fn register(deps: Deps, registry: &mut Registry) {
    registry.add(SEND, move |args: SendInvitation, context| send(deps.clone(), args, context));
}

async fn send(deps: Deps, args: SendInvitation, context: JobContext) -> Handled {
    let mut tx = context.tx().await?;
    let found = store::find(tx.conn(), context.org, args.invitation_id).await?;
    let organization = organizations::store::get(&mut tx).await?;
    let now = tx.now();
    tx.commit().await?;
    let open = found.filter(|found| found.check_pending(now).is_ok() && found.delivery == Delivery::Mail);
    let Some(invitation) = open else { return Ok(Outcome::Done) };
    let link: Secret<String> = deps.page("invitation", &invitation.link(deps.app.keyring.pepper())?);
    let letter = mail::invitation(&organization.name, &invitation, &link);
    let said = deps.send(letter).await;

    let mut tx = context.tx().await?;
    store::sent(&mut tx, &invitation, said.as_ref().err().map(mail::Unsent::text)).await?;
    match said {
        // Its inviter sees why, and sends it again when that is mended.
        Ok(()) | Err(mail::Unsent::GivenUp(_)) => {
            context.finish(tx).await?;
            Ok(Outcome::Done)
        }
        Err(mail::Unsent::NotHere) => {
            tx.commit().await?;
            Ok(Outcome::Snooze(mail::ELSEWHERE))
        }
        Err(mail::Unsent::NotYet { error, after }) => {
            tx.commit().await?;
            Err(Failure::Retry { error, after })
        }
    }
}
