//! What a person is at a node of the tree and below it.

use kernel::{Error, NodeId, Result, UserId};
use platform::{db::TenantTx, record::Change};
use serde_json::{Value, json};

use super::{actions::subject, giving, store};
use crate::{
    nodes,
    permissions::{self, Role},
};

/// A role, or single permissions, or both.
#[derive(sqlx::FromRow)]
pub(crate) struct NodeRole {
    pub role: Option<Role>,
    pub permissions: Vec<String>,
}

impl NodeRole {
    fn summary(&self, node: NodeId) -> Value {
        json!({ "node_id": node, "role": self.role, "permissions": self.permissions })
    }

    /// # Errors
    /// `invalid_permissions`
    fn check(&self) -> Result<()> {
        for (place, name) in self.permissions.iter().enumerate() {
            if permissions::known(name).is_none() {
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
    role.check()?;
    store::lock(tx, user).await?.ok_or(Error::NotFound("member"))?;
    nodes::store::find(tx, node).await?.ok_or(Error::NotFound("node"))?;
    let before = store::at_node(tx, user, node).await?;
    store::set_node(tx, user, node, role).await?;
    giving::settle_invitations(tx, user).await?;
    let change = Change {
        kind: "member.node_set.v1",
        subject: subject(user),
        before: before.map(|before| before.summary(node)),
        after: Some(role.summary(node)),
        reason: None,
    };
    tx.record(change).await.map(drop)
}

/// Takes away what a member is at a node.
///
/// # Errors
/// `member not found` when they are nothing there
pub(crate) async fn remove(tx: &mut TenantTx, user: UserId, node: NodeId) -> Result<()> {
    let before = store::at_node(tx, user, node).await?.ok_or(Error::NotFound("member"))?;
    store::remove_node(tx, user, node).await?;
    giving::settle_invitations(tx, user).await?;
    let change = Change {
        kind: "member.node_removed.v1",
        subject: subject(user),
        before: Some(before.summary(node)),
        after: None,
        reason: None,
    };
    tx.record(change).await.map(drop)
}
