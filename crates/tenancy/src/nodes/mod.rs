//! The tree of an organization: a root, units and teams, any depth.

pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use kernel::{Error, NodeId, Result};
use platform::{db::TenantTx, record::Change};
use serde::{Deserialize, Serialize};

use crate::{
    events::NodeCreated,
    organizations::model::{check_name, check_slug},
};

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NodeKind {
    /// The root.
    Org,
    Unit,
    /// A leaf: people and tokens belong to it.
    Team,
}

/// A node of the tree.
#[derive(Clone, Debug, Serialize, Deserialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Node {
    pub id: NodeId,
    #[schema(required = true)]
    pub parent_id: Option<NodeId>,
    pub kind: NodeKind,
    pub slug: String,
    pub name: String,
}

pub(crate) struct NewNode<'a> {
    pub id: NodeId,
    pub parent_id: Option<NodeId>,
    pub kind: NodeKind,
    pub slug: &'a str,
    pub name: &'a str,
}

/// Adds a unit or a team; without a parent, below the root.
///
/// # Errors
/// `invalid_slug`, `invalid_name`, `invalid_kind`, `invalid_parent`, `slug_taken`
pub(crate) async fn create(
    tx: &mut TenantTx,
    parent_id: Option<NodeId>,
    kind: NodeKind,
    slug: &str,
    name: &str,
) -> Result<Node> {
    check_slug(slug)?;
    let name = check_name(name)?;
    if kind == NodeKind::Org {
        return Err(Error::field("invalid_kind", "/kind", "must be unit or team: there is one root already"));
    }
    let parent = store::parent(tx, parent_id).await?;
    let parent = parent.filter(|parent| parent.kind != NodeKind::Team).ok_or_else(|| {
        Error::field("invalid_parent", "/parent_id", "must be the root or a unit of this organization")
    })?;
    let id = NodeId::new(tx.now());
    store::insert(tx, &NewNode { id, parent_id: Some(parent.id), kind, slug, name: &name }).await?;
    let node = Node { id, parent_id: Some(parent.id), kind, slug: slug.to_owned(), name };
    tx.record::<NodeCreated, _>((id.uuid(), None), Change::to(node.clone())).await?;
    Ok(node)
}
