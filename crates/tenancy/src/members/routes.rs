use axum::{Json, extract::State, http::StatusCode};
use kernel::{NodeId, Page, PageQuery, UserId};
use platform::http::{Answer, Body, Can, CanIn, Path, Query};
use serde::Deserialize;

use super::{
    actions, giving,
    model::MemberStatus,
    nodes::{self, NodeRole},
    views::{self, Member},
};
use crate::{
    Deps,
    permissions::{MembersRead, MembersWrite, Role},
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMember {
    /// The role in the whole organization; null for somebody who is to act in some of its nodes only.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<Role>)]
    role: Option<Option<Role>>,
    status: Option<MemberStatus>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetMemberNode {
    role: Option<Role>,
    /// Single permissions beside the role's, such as `receivers:write`.
    #[serde(default)]
    permissions: Vec<String>,
}

/// List members
///
/// By e-mail.
#[utoipa::path(get, path = "/api/v1/members", operation_id = "list_members", tag = "members", params(PageQuery),
    responses((status = 200, body = Page<Member>)))]
pub(crate) async fn list_members(
    State(deps): State<Deps>,
    caller: CanIn<MembersRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Member>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Change a member's role or status
///
/// It counts from their next request on.
#[utoipa::path(patch, path = "/api/v1/members/{user_id}", operation_id = "update_member", tag = "members",
    params(("user_id" = UserId, Path)), request_body = UpdateMember,
    responses((status = 200, body = Member)))]
pub(crate) async fn update_member(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path(user): Path<UserId>,
    Body(update): Body<UpdateMember>,
) -> Answer<Json<Member>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    giving::check(&deps.options.access, &caller, update.role.flatten(), &[], None)?;
    actions::update(&mut tx, user, update.role, update.status).await?;
    let member = views::get(&mut tx, user).await?;
    tx.commit().await?;
    deps.tokens.forget();
    Ok(Json(member))
}

/// Set what a member is at a node
///
/// And below it, beside what they are in the organization.
#[utoipa::path(put, path = "/api/v1/members/{user_id}/nodes/{node_id}", operation_id = "set_member_node", tag = "members",
    params(("user_id" = UserId, Path), ("node_id" = NodeId, Path)), request_body = SetMemberNode,
    responses((status = 200, body = Member)))]
pub(crate) async fn set_member_node(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path((user, node)): Path<(UserId, NodeId)>,
    Body(set): Body<SetMemberNode>,
) -> Answer<Json<Member>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    let role = NodeRole { role: set.role, permissions: set.permissions };
    giving::check(&deps.options.access, &caller, role.role, &role.permissions, Some(node))?;
    role.check(&deps.options.access)?;
    nodes::set(&mut tx, user, node, &role).await?;
    let member = views::get(&mut tx, user).await?;
    tx.commit().await?;
    deps.tokens.forget();
    Ok(Json(member))
}

/// Take away what a member is at a node
#[utoipa::path(delete, path = "/api/v1/members/{user_id}/nodes/{node_id}", operation_id = "remove_member_node", tag = "members",
    params(("user_id" = UserId, Path), ("node_id" = NodeId, Path)),
    responses((status = 200, body = Member)))]
pub(crate) async fn remove_member_node(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path((user, node)): Path<(UserId, NodeId)>,
) -> Answer<Json<Member>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    nodes::remove(&mut tx, user, node).await?;
    let member = views::get(&mut tx, user).await?;
    tx.commit().await?;
    deps.tokens.forget();
    Ok(Json(member))
}

/// Remove a member
///
/// Their sessions end at once.
#[utoipa::path(delete, path = "/api/v1/members/{user_id}", operation_id = "remove_member", tag = "members",
    params(("user_id" = UserId, Path)),
    responses((status = 204)))]
pub(crate) async fn remove_member(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path(user): Path<UserId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::remove(&mut tx, user).await?;
    tx.commit().await?;
    deps.tokens.forget();
    Ok(StatusCode::NO_CONTENT)
}
