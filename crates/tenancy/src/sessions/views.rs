use chrono::{DateTime, Utc};
use kernel::{Result, UserId};
use platform::App;
use serde::Serialize;

use super::{
    IDLE,
    cookie::{self, SessionKey},
};
use crate::SessionId;

/// One of a person's own sessions.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Session {
    pub id: SessionId,
    /// The name of the organization it works in.
    pub organization: String,
    /// Where it was opened from.
    #[schema(required = true)]
    pub ip: Option<String>,
    #[schema(required = true)]
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    /// To the minute.
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Across organizations: those that still last.
pub(crate) async fn of_person(app: &App, user: UserId, current: Option<&SessionKey>) -> Result<Vec<Session>> {
    let now = app.clock.now();
    let query =
        "select s.id, o.name as organization, s.ip, s.user_agent, s.created_at, s.last_seen_at, s.expires_at,
            coalesce(s.id_hash = $2, false) as current
        from sessions s join organizations o on o.id = s.org_id
        where s.user_id = $1 and s.expires_at > $3 and s.last_seen_at > $4
        order by s.last_seen_at desc, s.id desc limit 200";
    let mut tx = app.db.system("a person has sessions in several organizations").await?;
    Ok(sqlx::query_as(query)
        .bind(user)
        .bind(current.map(cookie::hash))
        .bind(now)
        .bind(now - IDLE)
        .fetch_all(tx.conn())
        .await?)
}
