//! Who may give what: nobody more than they have in the same place.

use kernel::{Error, NodeId, Result, UserId};
use platform::{db::TenantTx, http::Caller};

use super::store;
use crate::{
    invitations,
    permissions::{Access, MembersWrite, Role},
};

/// Whether somebody may give all that, in the organization or at a node and below. Posting alerts is nobody's right over others,
/// and is not looked at.
///
/// # Errors
/// `role_exceeds_rights`
pub(crate) fn check(
    access: &Access,
    caller: &Caller,
    role: Option<Role>,
    single: &[String],
    node: Option<NodeId>,
) -> Result<()> {
    let mut given = role.map(|role| (*access.of_role(role)).clone()).unwrap_or_default();
    given.extend(single.iter().filter_map(|name| access.known(name)));
    match given.iter().find(|permission| access.is_power(permission) && !caller.may_at(permission, node)) {
        None => Ok(()),
        Some(permission) => {
            let detail = format!("you cannot give what you do not have there yourself: {permission}");
            Err(Error::forbidden("role_exceeds_rights", detail))
        }
    }
}

/// Whether a member may invite people to the organization now.
pub(crate) async fn may_invite(tx: &mut TenantTx, user: UserId) -> Result<bool> {
    let places = store::places_of_all(tx.conn(), &[user]).await?;
    let may = |place: &super::model::Place| place.check().is_ok() && place.holds_everywhere::<MembersWrite>();
    Ok(places.iter().any(|(_, place)| may(place)))
}

/// After a change of what somebody may do: the open invitations that they gave end with the right to give them.
pub(crate) async fn settle_invitations(tx: &mut TenantTx, user: UserId) -> Result<()> {
    if !may_invite(tx, user).await? {
        invitations::store::revoke_by(tx, user).await?;
    }
    Ok(())
}
