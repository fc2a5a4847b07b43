use chrono::{DateTime, Utc};
use kernel::{Error, Page, PageQuery, Result, UserId};
use platform::db::TenantTx;
use serde::Serialize;

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
    pub role: Role,
    /// Of the membership.
    pub status: MemberStatus,
    /// Of the person, in every organization.
    pub user_status: MemberStatus,
    /// `local` for a password, else who vouches for the person.
    pub auth_provider: String,
    #[schema(required = true)]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When the person became a member.
    pub created_at: DateTime<Utc>,
}

pub(crate) async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<Member>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let query =
        "select u.id as user_id, u.email, u.name, u.avatar_url, m.role, m.status, u.status as user_status,
            u.auth_provider, u.last_sign_in_at, m.created_at
        from memberships m join users u on u.id = m.user_id
        where m.org_id = $1 and ($2::text is null or u.email > $2)
        order by u.email limit $3";
    let after: Option<String> = page.after()?;
    let rows = sqlx::query_as(query).bind(org).bind(after).bind(limit + 1).fetch_all(tx.conn()).await?;
    Ok(Page::of(rows, limit, |member: &Member| member.email.clone()))
}

pub(crate) async fn find(tx: &mut TenantTx, user: UserId) -> Result<Member> {
    let org = tx.org();
    let query =
        "select u.id as user_id, u.email, u.name, u.avatar_url, m.role, m.status, u.status as user_status,
            u.auth_provider, u.last_sign_in_at, m.created_at
        from memberships m join users u on u.id = m.user_id
        where m.org_id = $1 and m.user_id = $2";
    let found = sqlx::query_as(query).bind(org).bind(user).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("member"))
}
