//! What was done about one thing, and why, as everybody who may see the thing may read it: the audit log without where it was done from.

use chrono::{DateTime, Utc};
use kernel::{EventId, Page, PageQuery, Result};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::db::TenantTx;

/// One change, and who made it.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct HistoryLine {
    pub id: EventId,
    /// `user`, `token` or `system`.
    pub actor_type: String,
    pub actor_name: String,
    /// Such as `issue.changed`.
    pub action: String,
    #[schema(required = true)]
    pub before: Option<Value>,
    #[schema(required = true)]
    pub after: Option<Value>,
    #[schema(required = true)]
    pub reason: Option<String>,
    pub occurred_at: DateTime<Utc>,
}

/// The lines about a thing, newest first.
pub async fn list(
    tx: &mut TenantTx,
    kind: &str,
    subject: Uuid,
    page: &PageQuery,
) -> Result<Page<HistoryLine>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let query =
        "select a.id, a.actor_type, a.actor_name, a.action, a.before, a.after, a.reason, a.occurred_at from audit_lines a
        where a.org_id = $1 and a.subject_id = $2 and a.subject_type = $3 and ($4::uuid is null or a.id < $4)
        order by a.id desc limit $5";
    let rows = sqlx::query_as(query)
        .bind(org)
        .bind(subject)
        .bind(kind)
        .bind(page.after::<EventId>()?)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |line: &HistoryLine| line.id))
}
