use chrono::{DateTime, Utc};
use kernel::{ConfigurationId, Page, PageQuery, Result, UserId};
use platform::{db::TenantTx, secrets::Name};
use serde::Serialize;

/// A sealed setting, without its value.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Configuration {
    pub id: ConfigurationId,
    /// Groups values, such as `general`.
    pub config_type: String,
    pub config_key: String,
    pub updated_at: DateTime<Utc>,
    #[schema(required = true)]
    pub updated_by: Option<UserId>,
}

pub(crate) async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<Configuration>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let (after_type, after_key): (Option<String>, Option<String>) = page.after()?.unzip();
    let query = "select id, config_type, config_key, updated_at, updated_by from sealed_names
        where org_id = $1 and ($2::text is null or (config_type, config_key) > ($2, $3))
        order by config_type, config_key limit $4";
    let rows = sqlx::query_as(query)
        .bind(org)
        .bind(after_type)
        .bind(after_key)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |row: &Configuration| (row.config_type.clone(), row.config_key.clone())))
}

pub(crate) async fn find(tx: &mut TenantTx, name: Name<'_>) -> Result<Option<Configuration>> {
    let org = tx.org();
    let query = "select id, config_type, config_key, updated_at, updated_by from sealed_names
        where org_id = $1 and config_type = $2 and config_key = $3";
    let found = sqlx::query_as(query).bind(org).bind(name.config_type).bind(name.config_key);
    Ok(found.fetch_optional(tx.conn()).await?)
}
