use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result, TokenId, UserId};
use platform::db::TenantTx;
use serde::Serialize;

use super::model::Owner;
use crate::permissions::Role;

/// The unit or team that a token counts at.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenNode {
    pub id: NodeId,
    pub name: String,
}

/// An access token, without its text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub role: Role,
    /// `api`, `ingest` or both.
    pub scopes: Vec<String>,
    pub owner: Owner,
    #[schema(required = true)]
    pub node: Option<TokenNode>,
    /// The readable start of the token.
    pub hint: String,
    #[schema(required = true)]
    pub created_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
    #[schema(required = true)]
    pub expires_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    pub revoked_at: Option<DateTime<Utc>>,
    /// To the minute.
    #[schema(required = true)]
    pub last_used_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: TokenId,
    name: String,
    role: Role,
    scopes: Vec<String>,
    owner: Owner,
    node_id: Option<NodeId>,
    node_name: Option<String>,
    hint: String,
    created_by: Option<UserId>,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Row> for Token {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            role: row.role,
            scopes: row.scopes,
            owner: row.owner,
            node: row.node_id.zip(row.node_name).map(|(id, name)| TokenNode { id, name }),
            hint: row.hint,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// The newest first.
pub(crate) async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<Token>> {
    let limit = page.limit()?;
    let rows = rows(tx, None, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |token| token.id))
}

pub(crate) async fn get(tx: &mut TenantTx, id: TokenId) -> Result<Token> {
    rows(tx, Some(id), None, 1).await?.pop().ok_or(Error::NotFound("token"))
}

async fn rows(
    tx: &mut TenantTx,
    only: Option<TokenId>,
    after: Option<TokenId>,
    limit: i64,
) -> Result<Vec<Token>> {
    let org = tx.org();
    let query = "select t.id, t.name, t.role, t.scopes, t.owner, t.node_id, n.name as node_name, t.hint, t.created_by,
            t.created_at, t.expires_at, t.revoked_at, t.last_used_at
        from access_tokens t left join org_nodes n on n.org_id = t.org_id and n.id = t.node_id
        where t.org_id = $1 and ($2::uuid is null or t.id = $2) and ($3::uuid is null or t.id < $3)
        order by t.id desc limit $4";
    let rows: Vec<Row> =
        sqlx::query_as(query).bind(org).bind(only).bind(after).bind(limit).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(Token::from).collect())
}
