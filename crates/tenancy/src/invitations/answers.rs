//! What a person who proved an address answers to the invitations of that address.

use kernel::{Error, OrgId, Result, UserId};
use platform::{
    App,
    db::{Actor, Origin, Scope, TenantTx},
    record::Change,
};
use serde::Serialize;

use super::{
    model::Invitation,
    store,
    views::{self, MyInvitation},
};
use crate::{
    InvitationId,
    events::{Account, InvitationAccepted, InvitationDeclined},
    members::{self, actions::Membership, model::Person},
};

/// A membership that somebody accepted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Accepted {
    pub organization_id: OrgId,
    /// The slug to enter.
    pub organization: String,
}

/// The transaction in which a person answers an invitation, in their own name.
pub(crate) async fn begin(
    app: &App,
    org: OrgId,
    (user, name): (UserId, &str),
    origin: Origin,
) -> Result<TenantTx> {
    let actor = Actor::User { id: user, name: name.to_owned() };
    app.db.tenant(Scope { actor, origin, ..app.db.system_scope(org, "invitation") }).await
}

/// The open invitations of a person whose address is proved.
pub(crate) async fn pending(app: &App, person: &Person) -> Result<Vec<MyInvitation>> {
    if !person.is_verified() {
        return Ok(Vec::new());
    }
    let now = app.clock.now();
    let mut tx = app.db.system("a person is invited by other organizations").await?;
    views::of_email(tx.conn(), &person.email, now).await
}

/// # Errors
/// `invitation not found` when it is not for the address that this person proved; `invitation_ended`, `already_member`,
/// `organization_suspended`
pub(crate) async fn accept(app: &App, person: &Person, id: InvitationId, origin: Origin) -> Result<Accepted> {
    let (org, slug) = place(app, proved(person)?, id).await?;
    let mut tx = begin(app, org, (person.id, person.display_name()), origin).await?;
    let invitation = lock(&mut tx, id).await?;
    join(&mut tx, &invitation, person.id).await?;
    tx.commit().await?;
    Ok(Accepted { organization_id: org, organization: slug })
}

/// # Errors
/// `invitation not found`, `invitation_ended`
pub(crate) async fn decline(app: &App, person: &Person, id: InvitationId, origin: Origin) -> Result<()> {
    let (org, _) = place(app, proved(person)?, id).await?;
    let mut tx = begin(app, org, (person.id, &person.email), origin).await?;
    let invitation = lock(&mut tx, id).await?;
    refuse(&mut tx, &invitation).await?;
    tx.commit().await
}

/// The locked invitation, still open.
pub(crate) async fn lock(tx: &mut TenantTx, id: InvitationId) -> Result<Invitation> {
    let invitation = store::lock(tx, id).await?.ok_or(Error::NotFound("invitation"))?;
    invitation.check_pending(tx.now())?;
    Ok(invitation)
}

/// Makes the account a member as the locked invitation says.
///
/// # Errors
/// `already_member`; `invitation_ended` when its inviter may no longer invite
pub(crate) async fn join(tx: &mut TenantTx, invitation: &Invitation, user: UserId) -> Result<()> {
    if let Some(inviter) = invitation.inviter
        && !members::giving::may_invite(tx, inviter).await?
    {
        return Err(Error::conflict("invitation_ended", "this invitation was taken back; ask for another"));
    }
    if members::store::has_member(tx, &invitation.email).await? {
        return Err(members::actions::already_member(&invitation.email));
    }
    let membership = Membership { role: Some(invitation.role), node: invitation.node_id };
    members::actions::join(tx, user, &invitation.email, membership).await?;
    store::accept(tx, invitation.id).await?;
    let change = Change::to(Account::of(user));
    tx.record::<InvitationAccepted, _>((invitation.id.uuid(), None), change).await.map(drop)
}

pub(super) async fn refuse(tx: &mut TenantTx, invitation: &Invitation) -> Result<()> {
    store::decline(tx, invitation.id).await?;
    tx.record::<InvitationDeclined, _>((invitation.id.uuid(), None), Change::done()).await.map(drop)
}

/// Which organization invites, and its slug. The look-up is by an address that was proved, so nobody finds another's.
///
/// # Errors
/// `invitation not found`, `organization_suspended`
pub(crate) async fn place(app: &App, email: &str, id: InvitationId) -> Result<(OrgId, String)> {
    let mut tx = app.db.system("a person is invited by other organizations").await?;
    let (org, slug, status) =
        views::place(tx.conn(), email, id).await?.ok_or(Error::NotFound("invitation"))?;
    status.check()?;
    Ok((org, slug))
}

/// The address by which this person may be invited.
fn proved(person: &Person) -> Result<&str> {
    if person.is_verified() { Ok(&person.email) } else { Err(Error::NotFound("invitation")) }
}
