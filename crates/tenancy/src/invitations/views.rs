use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, OrgId, Page, PageQuery, Result};
use platform::db::TenantTx;
use serde::Serialize;
use sqlx::{FromRow, PgConnection};

use super::model::{self, Delivery, InvitationState};
use crate::{InvitationId, organizations::OrganizationStatus, permissions::Role};

/// An invitation as the organization sees it: an address and what became of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Invitation {
    pub id: InvitationId,
    pub email: String,
    pub role: Role,
    /// The node that the role is for; none for the whole organization.
    #[schema(required = true)]
    pub node_id: Option<NodeId>,
    pub state: InvitationState,
    pub delivery: Delivery,
    /// Who invited; none when it was a program, or somebody who left.
    #[schema(required = true)]
    pub invited_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When the mail was handed over.
    #[schema(required = true)]
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the mail could not be sent so far.
    #[schema(required = true)]
    pub send_error: Option<String>,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    invitation: model::Invitation,
    invited_by: Option<String>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    send_error: Option<String>,
}

impl Row {
    fn at(self, now: DateTime<Utc>) -> Invitation {
        let state = self.invitation.state(now);
        let model::Invitation { id, email, role, node_id, delivery, expires_at, .. } = self.invitation;
        Invitation {
            id,
            email,
            role,
            node_id,
            state,
            delivery,
            invited_by: self.invited_by,
            created_at: self.created_at,
            expires_at,
            sent_at: self.sent_at,
            send_error: self.send_error,
        }
    }
}

/// The newest first, those that ended too.
pub(crate) async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<Invitation>> {
    let limit = page.limit()?;
    let rows = rows(tx, None, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |invitation| invitation.id))
}

pub(crate) async fn get(tx: &mut TenantTx, id: InvitationId) -> Result<Invitation> {
    rows(tx, Some(id), None, 1).await?.pop().ok_or(Error::NotFound("invitation"))
}

async fn rows(
    tx: &mut TenantTx,
    only: Option<InvitationId>,
    after: Option<InvitationId>,
    limit: i64,
) -> Result<Vec<Invitation>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "select i.org_id, i.id, i.email, i.role, i.node_id, i.invited_by as inviter, i.delivery, i.generation, i.expires_at, i.accepted_at,
            i.declined_at, i.revoked_at, coalesce(u.name, u.email) as invited_by, i.created_at, i.sent_at, i.send_error
        from invitations i left join users u on u.id = i.invited_by
        where i.org_id = $1 and ($2::uuid is null or i.id = $2) and ($3::uuid is null or i.id < $3)
        order by i.id desc limit $4";
    let rows: Vec<Row> =
        sqlx::query_as(query).bind(org).bind(only).bind(after).bind(limit).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

/// An invitation as the invited person sees it.
#[derive(Debug, Serialize, FromRow, utoipa::ToSchema)]
pub struct MyInvitation {
    pub id: InvitationId,
    /// The name of the organization.
    pub organization: String,
    pub role: Role,
    #[schema(required = true)]
    pub invited_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Across organizations: the open invitations of an address, the newest first. It was proved by who asks.
pub(crate) async fn of_email(
    conn: &mut PgConnection,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Vec<MyInvitation>> {
    let query = "select i.id, o.name as organization, i.role, coalesce(u.name, u.email) as invited_by, i.created_at, i.expires_at
        from invitations i join organizations o on o.id = i.org_id left join users u on u.id = i.invited_by
        where i.email = $1 and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
            and i.expires_at > $2 and o.status = 'active'
        order by i.id desc limit 100";
    Ok(sqlx::query_as(query).bind(email).bind(now).fetch_all(conn).await?)
}

/// Across organizations: where an invitation of this address leads.
pub(crate) async fn place(
    conn: &mut PgConnection,
    email: &str,
    id: InvitationId,
) -> Result<Option<(OrgId, String, OrganizationStatus)>> {
    let query = "select i.org_id, o.slug, o.status from invitations i join organizations o on o.id = i.org_id
        where i.id = $1 and i.email = $2";
    Ok(sqlx::query_as(query).bind(id).bind(email).fetch_optional(conn).await?)
}
