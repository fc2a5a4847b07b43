//! Rows of `tools`.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Result};
use platform::db::{TenantTx, not_changeable, violated};
use serde_json::Value;

use super::model::ToolKind;
use crate::{ToolId, skills::Status};

/// A tool as it is stored.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct ToolRecord {
    pub id: ToolId,
    pub name: String,
    pub description: Option<String>,
    #[sqlx(rename = "type")]
    pub kind: ToolKind,
    pub config: Value,
    pub input_schema: Value,
    pub status: Status,
    pub node_id: Option<NodeId>,
    pub updated_at: DateTime<Utc>,
}

/// What a call needs of a tool, and what a model is told of it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct RunnableTool {
    pub id: ToolId,
    pub name: String,
    pub description: Option<String>,
    #[sqlx(rename = "type")]
    pub kind: ToolKind,
    pub config: Value,
    /// JSON Schema of the arguments.
    pub input_schema: Value,
    pub node_id: Option<NodeId>,
}

pub async fn insert(tx: &mut TenantTx, tool: &ToolRecord) -> Result<()> {
    let (org, now, user) = (tx.org(), tx.now(), tx.actor().user());
    let query = "insert into tools
            (org_id, id, created_by, name, description, type, config, input_schema, status, node_id, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)";
    sqlx::query(query)
        .bind(org)
        .bind(tool.id)
        .bind(user)
        .bind(&tool.name)
        .bind(&tool.description)
        .bind(tool.kind)
        .bind(&tool.config)
        .bind(&tool.input_schema)
        .bind(tool.status)
        .bind(tool.node_id)
        .bind(now)
        .execute(tx.conn())
        .await
        .map_err(|error| name_taken(error, &tool.name))?;
    Ok(())
}

pub async fn update(tx: &mut TenantTx, tool: &ToolRecord) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update tools set name = $3, description = $4, type = $5, config = $6, input_schema = $7, status = $8,
            node_id = $9, updated_at = $10
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(tool.id)
        .bind(&tool.name)
        .bind(&tool.description)
        .bind(tool.kind)
        .bind(&tool.config)
        .bind(&tool.input_schema)
        .bind(tool.status)
        .bind(tool.node_id)
        .bind(now)
        .execute(tx.conn())
        .await
        .map_err(|error| name_taken(error, &tool.name))?;
    Ok(())
}

fn name_taken(error: sqlx::Error, name: &str) -> Error {
    match violated(&error) {
        Some("tools_name_key") => {
            Error::conflict("tool_name_taken", format!("there is a tool called {name} already"))
        }
        _ => error.into(),
    }
}

/// The tool, locked until the transaction ends.
pub async fn lock(tx: &mut TenantTx, id: ToolId) -> Result<ToolRecord> {
    let org = tx.org();
    let query =
        "select id, name, description, type, config, input_schema, status, node_id, updated_at from tools
        where org_id = $1 and id = $2 for update";
    let found: Option<ToolRecord> =
        sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    match found {
        Some(tool) => Ok(tool),
        None => {
            let query = "select exists (select from tools where org_id = $1 and id = $2)";
            let seen = sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?;
            Err(not_changeable("tool", seen))
        }
    }
}

pub async fn delete(tx: &mut TenantTx, id: ToolId) -> Result<()> {
    let org = tx.org();
    sqlx::query("delete from tools where org_id = $1 and id = $2")
        .bind(org)
        .bind(id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The tool of this id, whether active or not: a test run is for tools that are not ready yet.
pub async fn get(tx: &mut TenantTx, id: ToolId) -> Result<RunnableTool> {
    let org = tx.org();
    let query = "select id, name, description, type, config, input_schema, node_id from tools where org_id = $1 and id = $2";
    let found = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("tool"))
}

/// The active tool of this name, if it is for the use of what this node owns; none is the whole organization.
pub async fn find_active(
    tx: &mut TenantTx,
    name: &str,
    node: Option<NodeId>,
) -> Result<Option<RunnableTool>> {
    let org = tx.org();
    let query = "select id, name, description, type, config, input_schema, node_id from tools
        where org_id = $1 and name = $2 and status = 'active'
            and (node_id is null or node_id in (select nodes_above($1, array[$3::uuid])))";
    Ok(sqlx::query_as(query).bind(org).bind(name).bind(node).fetch_optional(tx.conn()).await?)
}

/// Every active tool for the use of what this node owns, by name, at most 200: what a model may choose from.
pub async fn list_active(tx: &mut TenantTx, node: Option<NodeId>) -> Result<Vec<RunnableTool>> {
    let org = tx.org();
    let query = "select id, name, description, type, config, input_schema, node_id from tools
        where org_id = $1 and status = 'active'
            and (node_id is null or node_id in (select nodes_above($1, array[$2::uuid])))
        order by name limit 200";
    Ok(sqlx::query_as(query).bind(org).bind(node).fetch_all(tx.conn()).await?)
}
