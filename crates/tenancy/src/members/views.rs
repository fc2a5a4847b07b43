use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result, UserId};
use platform::db::TenantTx;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::model::MemberStatus;
use crate::permissions::Role;

/// A person as the organization sees them.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Member {
    pub user_id: UserId,
    pub email: String,
    #[schema(required = true)]
    pub name: Option<String>,
    #[schema(required = true)]
    pub avatar_url: Option<String>,
    /// In the organization; none for somebody who acts in some of its nodes only.
    #[schema(required = true)]
    pub role: Option<Role>,
    /// What they are at nodes of the tree, and below them.
    #[schema(value_type = Vec<MemberNode>)]
    pub nodes: Json<Vec<MemberNode>>,
    /// Of the membership.
    pub status: MemberStatus,
    /// Of the person, in every organization.
    pub user_status: MemberStatus,
    /// Whether the address is proved. An account whose address is not works in this organization only.
    pub email_verified: bool,
    /// `local` for a password, else who vouches for the person.
    pub auth_provider: String,
    #[schema(required = true)]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When the person became a member.
    pub created_at: DateTime<Utc>,
}

/// What a person is at a node and below it.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MemberNode {
    pub node_id: NodeId,
    pub name: String,
    #[schema(required = true)]
    pub role: Option<Role>,
    /// Single permissions beside the role's.
    pub permissions: Vec<String>,
}

/// The columns of [`Member`], from `memberships m` and `users u`.
macro_rules! columns {
    () => {
        "u.id as user_id, u.email, u.name, u.avatar_url, m.role, m.status, u.status as user_status,
            u.email_verified_at is not null as email_verified, u.auth_provider, u.last_sign_in_at, m.created_at,
            coalesce((
                select jsonb_agg(jsonb_build_object('node_id', g.node_id, 'name', n.name, 'role', g.role,
                    'permissions', g.permissions) order by n.name)
                from membership_nodes g join org_nodes n on n.org_id = g.org_id and n.id = g.node_id
                where g.org_id = m.org_id and g.user_id = m.user_id), '[]') as nodes"
    };
}

pub(crate) async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<Member>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let query = concat!(
        "select ",
        columns!(),
        " from memberships m join users u on u.id = m.user_id
        where m.org_id = $1 and ($2::text is null or u.email > $2)
        order by u.email limit $3"
    );
    let after: Option<String> = page.after()?;
    let rows = sqlx::query_as(query).bind(org).bind(after).bind(limit + 1).fetch_all(tx.conn()).await?;
    Ok(Page::of(rows, limit, |member: &Member| member.email.clone()))
}

pub(crate) async fn get(tx: &mut TenantTx, user: UserId) -> Result<Member> {
    let org = tx.org();
    let query = concat!(
        "select ",
        columns!(),
        " from memberships m join users u on u.id = m.user_id
        where m.org_id = $1 and m.user_id = $2"
    );
    let found = sqlx::query_as(query).bind(org).bind(user).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("member"))
}
