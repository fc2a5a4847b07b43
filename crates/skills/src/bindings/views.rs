//! Bindings as screens show them.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result};
use platform::db::TenantTx;
use serde::Serialize;

use crate::{BindingId, SkillId};

/// A binding, with the name of its skill.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BindingRow {
    pub id: BindingId,
    pub alert_pattern: String,
    pub skill: SkillName,
    /// The node that owns its skill, and so the binding; absent for the whole organization.
    #[schema(required)]
    pub node_id: Option<NodeId>,
    pub priority: i32,
    pub created_at: DateTime<Utc>,
}

/// A skill, as others refer to it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SkillName {
    pub id: SkillId,
    pub name: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: BindingId,
    alert_pattern: String,
    priority: i32,
    created_at: DateTime<Utc>,
    skill_id: SkillId,
    skill_name: String,
    node_id: Option<NodeId>,
}

impl From<Row> for BindingRow {
    fn from(row: Row) -> Self {
        let skill = SkillName { id: row.skill_id, name: row.skill_name };
        Self {
            id: row.id,
            alert_pattern: row.alert_pattern,
            skill,
            node_id: row.node_id,
            priority: row.priority,
            created_at: row.created_at,
        }
    }
}

/// Bindings in the order in which they are tried.
pub async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<BindingRow>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let (after_priority, after_id) = page.after::<(i32, BindingId)>()?.unzip();
    let query = "select b.id, b.alert_pattern, b.priority, b.created_at, b.skill_id, s.name as skill_name,
            s.node_id
        from alert_skill_bindings b join skills s on s.org_id = b.org_id and s.id = b.skill_id
        where b.org_id = $1
            and ($2::integer is null or b.priority < $2 or (b.priority = $2 and b.id > $3))
        order by b.priority desc, b.id limit $4";
    let rows: Vec<Row> = sqlx::query_as(query)
        .bind(org)
        .bind(after_priority)
        .bind(after_id)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    let rows = rows.into_iter().map(BindingRow::from).collect();
    Ok(Page::of(rows, limit, |row: &BindingRow| (row.priority, row.id)))
}

pub async fn get(tx: &mut TenantTx, id: BindingId) -> Result<BindingRow> {
    let org = tx.org();
    let query = "select b.id, b.alert_pattern, b.priority, b.created_at, b.skill_id, s.name as skill_name,
            s.node_id
        from alert_skill_bindings b join skills s on s.org_id = b.org_id and s.id = b.skill_id
        where b.org_id = $1 and b.id = $2";
    let found: Option<Row> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.map(BindingRow::from).ok_or(Error::NotFound("binding"))
}
