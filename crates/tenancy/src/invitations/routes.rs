use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use kernel::{Error, NodeId, Page, PageQuery, Result};
use platform::http::{Answer, Body, Can, Path, Query};
use serde::{Deserialize, Serialize};

use super::{
    actions,
    model::{self, Delivery},
    views::{self, Invitation},
};
use crate::{
    Deps, InvitationId, members,
    permissions::{MembersRead, MembersWrite, Role},
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invite {
    email: String,
    /// In the whole organization, or at the node.
    role: Role,
    /// The node of the tree that the person is to act in, with all below it; the whole organization unless given.
    node_id: Option<NodeId>,
    /// `mail` unless given, or `link` on a server that sends no mail.
    delivery: Option<Delivery>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resend {
    /// `mail` unless given, or `link` on a server that sends no mail.
    delivery: Option<Delivery>,
}

/// An invitation, with the link that is shown this once.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Invited {
    #[serde(flatten)]
    row: Invitation,
    /// With delivery `link`: hand it to the person; it is not kept. None when it goes by mail.
    #[schema(required = true)]
    link: Option<String>,
}

impl Deps {
    /// # Errors
    /// `mail_not_configured`
    fn delivery(&self, wanted: Option<Delivery>) -> Result<Delivery> {
        match (wanted, &self.options.mail) {
            (Some(Delivery::Mail), None) => Err(Error::conflict(
                "mail_not_configured",
                "this server sends no mail: leave delivery out and hand the link over, or ask your operator for --smtp-url",
            )),
            (Some(wanted), _) => Ok(wanted),
            (None, Some(_)) => Ok(Delivery::Mail),
            (None, None) => Ok(Delivery::Link),
        }
    }

    fn invited(&self, invitation: &model::Invitation, row: Invitation) -> Result<Invited> {
        let link = match invitation.delivery {
            Delivery::Mail => None,
            Delivery::Link => {
                let text = invitation.link(self.app.keyring.pepper())?;
                Some(self.page("invitation", &text).expose().clone())
            }
        };
        Ok(Invited { row, link })
    }
}

/// List invitations
///
/// The newest first, those that ended too.
#[utoipa::path(get, path = "/api/v1/invitations", operation_id = "list_invitations", tag = "members", params(PageQuery),
    responses((status = 200, body = Page<Invitation>)))]
pub(crate) async fn list_invitations(
    State(deps): State<Deps>,
    caller: Can<MembersRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Invitation>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Invite an address to the organization
///
/// It becomes a member when its person accepts; the answer is the same whether or not that person has an account.
#[utoipa::path(post, path = "/api/v1/invitations", operation_id = "create_invitation", tag = "members",
    request_body = Invite,
    responses((status = 201, body = Invited)))]
pub(crate) async fn create_invitation(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Body(new): Body<Invite>,
) -> Answer<impl IntoResponse> {
    let delivery = deps.delivery(new.delivery)?;
    members::giving::check(&deps.options.access, &caller, Some(new.role), &[], new.node_id)?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let invitation = actions::invite(&mut tx, &new.email, (new.role, new.node_id), delivery).await?;
    let row = views::get(&mut tx, invitation.id).await?;
    tx.commit().await?;
    let invited = deps.invited(&invitation, row)?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(invited)))
}

/// Make a new link for an invitation
///
/// Valid for another week; the old one ends.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/resend", operation_id = "resend_invitation", tag = "members",
    params(("id" = InvitationId, Path)), request_body = Resend,
    responses((status = 200, body = Invited)))]
pub(crate) async fn resend_invitation(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path(id): Path<InvitationId>,
    Body(request): Body<Resend>,
) -> Answer<impl IntoResponse> {
    let delivery = deps.delivery(request.delivery)?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let invitation = actions::resend(&mut tx, id, (request.delivery, delivery)).await?;
    let row = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(deps.invited(&invitation, row)?)))
}

/// Revoke an invitation
///
/// Its link ends at once.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", operation_id = "revoke_invitation", tag = "members",
    params(("id" = InvitationId, Path)),
    responses((status = 204)))]
pub(crate) async fn revoke_invitation(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path(id): Path<InvitationId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::revoke(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
