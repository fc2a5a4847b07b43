use axum::{Json, extract::State, http::StatusCode};
use kernel::{NodeId, Page};
use platform::http::{Answer, Body, Can, CanIn, SettingsWrite};
use serde::Deserialize;

use super::{Node, NodeKind, store};
use crate::{Deps, permissions::MembersRead};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateNode {
    /// The root unless given.
    parent_id: Option<NodeId>,
    /// `unit` or `team`.
    kind: NodeKind,
    slug: String,
    name: String,
}

/// List the organization's tree
///
/// The root first.
#[utoipa::path(get, path = "/api/v1/nodes", operation_id = "list_nodes", tag = "settings",
    responses((status = 200, body = Page<Node>)))]
pub(crate) async fn list_nodes(
    State(deps): State<Deps>,
    caller: CanIn<MembersRead>,
) -> Answer<Json<Page<Node>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(Page { items: store::list(&mut tx).await?, next_cursor: None }))
}

/// Add a unit or team to the tree
#[utoipa::path(post, path = "/api/v1/nodes", operation_id = "create_node", tag = "settings",
    request_body = CreateNode,
    responses((status = 201, body = Node)))]
pub(crate) async fn create_node(
    State(deps): State<Deps>,
    caller: Can<SettingsWrite>,
    Body(new): Body<CreateNode>,
) -> Answer<(StatusCode, Json<Node>)> {
    let mut tx = caller.tx(&deps.app.db).await?;
    let node = super::create(&mut tx, new.parent_id, new.kind, &new.slug, &new.name).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(node)))
}
