//! What a person is at a node of the tree and below it.

use kernel::{Error, NodeId, Result, UserId};
use platform::{db::TenantTx, record::Change};

use super::{giving, store};
use crate::{
    events::{self, MemberNodeRemoved, MemberNodeSet, NodeRights},
    nodes,
    permissions::{Access, Role},
};

/// A role, or single permissions, or both.
#[derive(sqlx::FromRow)]
pub(crate) struct NodeRole {
    pub role: Option<Role>,
    pub permissions: Vec<String>,
}

impl NodeRole {
    fn at(&self, node_id: NodeId) -> NodeRights {
        NodeRights { node_id, role: self.role, permissions: self.permissions.clone() }
    }

    /// # Errors
    /// `invalid_permissions`
    pub(super) fn check(&self, access: &Access) -> Result<()> {
        for (place, name) in self.permissions.iter().enumerate() {
            if access.known(name).is_none() {
                let pointer = format!("/permissions/{place}");
                return Err(Error::field(
                    "invalid_permissions",
                    pointer,
                    format!("there is no permission {name:?}"),
                ));
            }
        }
        if self.role.is_none() && self.permissions.is_empty() {
            return Err(Error::field("invalid_permissions", "/role", "give a role, or permissions, or both"));
        }
        Ok(())
    }
}

/// Sets what a member is at a node. It counts from their next request on.
///
/// # Errors
/// `invalid_permissions`; `member not found`, `node not found`
pub(crate) async fn set(tx: &mut TenantTx, user: UserId, node: NodeId, role: &NodeRole) -> Result<()> {
    store::lock(tx, user).await?.ok_or(Error::NotFound("member"))?;
    nodes::store::find(tx, node).await?.ok_or(Error::NotFound("node"))?;
    let before = store::at_node(tx, user, node).await?;
    store::set_node(tx, user, node, role).await?;
    giving::settle_invitations(tx, user).await?;
    let change = Change { before: before.map(|before| before.at(node)), ..Change::to(role.at(node)) };
    tx.record::<MemberNodeSet, _>(events::member(user), change).await.map(drop)
}

/// Takes away what a member is at a node.
///
/// # Errors
/// `member not found` when they are nothing there
pub(crate) async fn remove(tx: &mut TenantTx, user: UserId, node: NodeId) -> Result<()> {
    let before = store::at_node(tx, user, node).await?.ok_or(Error::NotFound("member"))?;
    store::remove_node(tx, user, node).await?;
    giving::settle_invitations(tx, user).await?;
    let change = Change::from(before.at(node));
    tx.record::<MemberNodeRemoved, _>(events::member(user), change).await.map(drop)
}
