//! What an admin does with invitations.

use kernel::{Error, NodeId, Result};
use platform::{db::TenantTx, jobs::NewJob, record::Change};

use super::{
    jobs::{SEND, SendInvitation},
    model::{Delivery, Invitation, VALID},
    store::{self, NewInvitation},
};
use crate::{
    InvitationId,
    events::{
        InvitationAddress, InvitationCreated, InvitationMade, InvitationResent, InvitationRevoked,
        InvitationSent,
    },
    members::{self, model::normalize_email},
    nodes,
    permissions::Role,
};

/// How often the link of one invitation may be made anew: its address gets mail for each.
const MOST_LINKS: i32 = 20;

/// Invites an address. The answer does not tell whether it has an account.
///
/// # Errors
/// `invalid_email`, `invalid_node`, `already_member`, `already_invited`
pub(crate) async fn invite(
    tx: &mut TenantTx,
    email: &str,
    (role, node): (Role, Option<NodeId>),
    delivery: Delivery,
) -> Result<Invitation> {
    let email = normalize_email(email)?;
    if let Some(node) = node
        && nodes::store::find(tx, node).await?.is_none()
    {
        return Err(Error::field("invalid_node", "/node_id", "is no node of this organization"));
    }
    if members::store::has_member(tx, &email).await? {
        return Err(members::actions::already_member(&email));
    }
    store::revoke_expired(tx, &email).await?;
    let id = InvitationId::new(tx.now());
    let new = NewInvitation { id, email: &email, role, node, delivery, expires_at: tx.now() + VALID };
    if !store::insert(tx, &new).await? {
        let detail = format!("{email} is invited already; send that invitation again, or revoke it first");
        return Err(Error::conflict("already_invited", detail));
    }
    let made = InvitationMade { email, role, node_id: node, delivery };
    tx.record::<InvitationCreated, _>((id.uuid(), None), Change::to(made)).await?;
    send(tx, id, delivery).await
}

/// Makes a new link, with another week; the old one ends.
///
/// # Errors
/// `invitation_ended`, `invitation_sent_too_often`
pub(crate) async fn resend(
    tx: &mut TenantTx,
    id: InvitationId,
    (wanted, usual): (Option<Delivery>, Delivery),
) -> Result<Invitation> {
    let invitation = open(tx, id).await?;
    // What was handed over is handed over again, unless its inviter says otherwise.
    let delivery = match (wanted, invitation.delivery) {
        (None, Delivery::Link) => Delivery::Link,
        _ => usual,
    };
    if invitation.generation >= MOST_LINKS {
        let detail = format!("this link was made {MOST_LINKS} times; revoke the invitation and make another");
        return Err(Error::conflict("invitation_sent_too_often", detail));
    }
    let expires_at = tx.now() + VALID;
    store::renew(tx, id, delivery, expires_at).await?;
    tx.record::<InvitationResent, _>((id.uuid(), None), Change::to(InvitationSent { delivery })).await?;
    send(tx, id, delivery).await
}

/// # Errors
/// `invitation_ended`
pub(crate) async fn revoke(tx: &mut TenantTx, id: InvitationId) -> Result<()> {
    let invitation = open(tx, id).await?;
    store::revoke(tx, id).await?;
    let change = Change::to(InvitationAddress { email: invitation.email });
    tx.record::<InvitationRevoked, _>((id.uuid(), None), change).await.map(drop)
}

async fn open(tx: &mut TenantTx, id: InvitationId) -> Result<Invitation> {
    let invitation = store::lock(tx, id).await?.ok_or(Error::NotFound("invitation"))?;
    invitation.check_open(tx.now())?;
    Ok(invitation)
}

/// Has a link that goes by mail sent after the commit; answers the invitation as it is now.
async fn send(tx: &mut TenantTx, id: InvitationId, delivery: Delivery) -> Result<Invitation> {
    if delivery == Delivery::Mail {
        tx.enqueue(NewJob { queue: "notify", ..NewJob::of(SEND, &SendInvitation { invitation_id: id })? })
            .await?;
    }
    store::lock(tx, id).await?.ok_or(Error::NotFound("invitation"))
}
