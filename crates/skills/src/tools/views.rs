//! Tools as screens show them.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result};
use platform::{db::TenantTx, http::Revised};
use serde::Serialize;
use serde_json::Value;

use super::model::ToolKind;
use crate::{ToolId, skills::Status};

/// A tool.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Tool {
    pub id: ToolId,
    pub name: String,
    #[schema(required)]
    pub description: Option<String>,
    #[serde(rename = "type")]
    #[sqlx(rename = "type")]
    pub kind: ToolKind,
    /// Secrets are named in it, never held.
    pub config: Value,
    /// JSON Schema of the arguments.
    pub input_schema: Value,
    pub status: Status,
    /// The node that owns it; absent for the whole organization.
    #[schema(required)]
    pub node_id: Option<NodeId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Revised for Tool {
    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// Tools by name.
pub async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<Tool>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let query =
        "select id, name, description, type, config, input_schema, status, node_id, created_at, updated_at from tools
        where org_id = $1 and ($2::text is null or name > $2) order by name limit $3";
    let rows = sqlx::query_as(query)
        .bind(org)
        .bind(page.after::<String>()?)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |tool: &Tool| tool.name.clone()))
}

pub async fn get(tx: &mut TenantTx, id: ToolId) -> Result<Tool> {
    let org = tx.org();
    let query =
        "select id, name, description, type, config, input_schema, status, node_id, created_at, updated_at from tools
        where org_id = $1 and id = $2";
    let found = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("tool"))
}
