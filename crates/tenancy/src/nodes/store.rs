use kernel::{Error, NodeId, Result};
use platform::db::{TenantTx, violated};

use super::{NewNode, Node};

pub(crate) async fn insert(tx: &mut TenantTx, node: &NewNode<'_>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into org_nodes (org_id, id, parent_id, kind, slug, name, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)";
    let inserted = sqlx::query(query)
        .bind(org)
        .bind(node.id)
        .bind(node.parent_id)
        .bind(node.kind)
        .bind(node.slug)
        .bind(node.name)
        .bind(now)
        .execute(tx.conn())
        .await;
    inserted.map(drop).map_err(|error| match violated(&error) {
        Some("org_nodes_slug_key") => {
            Error::conflict("slug_taken", format!("this organization has a node {} already", node.slug))
        }
        _ => error.into(),
    })
}

/// The named node, or the root when none is named.
pub(crate) async fn parent(tx: &mut TenantTx, id: Option<NodeId>) -> Result<Option<Node>> {
    let org = tx.org();
    let query = "select id, parent_id, kind, slug, name from org_nodes
        where org_id = $1 and case when $2::uuid is null then parent_id is null else id = $2 end";
    Ok(sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?)
}

pub(crate) async fn find(tx: &mut TenantTx, id: NodeId) -> Result<Option<Node>> {
    let org = tx.org();
    let query = "select id, parent_id, kind, slug, name from org_nodes where org_id = $1 and id = $2";
    Ok(sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?)
}

pub(crate) async fn find_by_slug(tx: &mut TenantTx, slug: &str) -> Result<Option<Node>> {
    let org = tx.org();
    let query = "select id, parent_id, kind, slug, name from org_nodes where org_id = $1 and slug = $2";
    Ok(sqlx::query_as(query).bind(org).bind(slug).fetch_optional(tx.conn()).await?)
}

/// The whole tree, the root first: a tree is small and is shown whole.
pub(crate) async fn list(tx: &mut TenantTx) -> Result<Vec<Node>> {
    let org = tx.org();
    let query = "select id, parent_id, kind, slug, name from org_nodes where org_id = $1
        order by parent_id is not null, slug";
    Ok(sqlx::query_as(query).bind(org).fetch_all(tx.conn()).await?)
}
