use chrono::{DateTime, Utc};
use kernel::{Error, EventId, Page, PageQuery, Result};
use platform::{by_words, db::TenantTx, search};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// One change, and who made it.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct AuditLine {
    pub id: EventId,
    /// `user`, `token` or `system`.
    pub actor_type: String,
    #[schema(required = true)]
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    /// Such as `skill.updated`.
    pub action: String,
    pub subject_type: String,
    pub subject_id: Uuid,
    #[schema(required = true)]
    pub before: Option<Value>,
    #[schema(required = true)]
    pub after: Option<Value>,
    #[schema(required = true)]
    pub reason: Option<String>,
    #[schema(required = true)]
    pub ip: Option<String>,
    #[schema(required = true)]
    pub user_agent: Option<String>,
    pub occurred_at: DateTime<Utc>,
}

/// Which lines to show; all of what is given must fit.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditFilter {
    /// The id of a person or token, or words with which words of a name begin.
    actor: Option<String>,
    /// An action such as `skill.updated`, or what it starts with: `skill`.
    action: Option<String>,
    subject_type: Option<String>,
    subject_id: Option<Uuid>,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl AuditFilter {
    /// No line holds a NUL, and PostgreSQL takes none.
    fn check(&self) -> Result<()> {
        for (name, text) in
            [("actor", &self.actor), ("action", &self.action), ("subject_type", &self.subject_type)]
        {
            if text.as_ref().is_some_and(|text| text.contains('\0')) {
                return Err(Error::field("invalid_query", name, "must hold no NUL character"));
            }
        }
        Ok(())
    }
}

/// The newest first. Ids are ordered by time, so a bound of time is a bound of ids and reads few partitions.
pub(crate) async fn list(
    tx: &mut TenantTx,
    filter: &AuditFilter,
    page: &PageQuery,
) -> Result<Page<AuditLine>> {
    filter.check()?;
    let (org, limit) = (tx.org(), page.limit()?);
    let after: Option<EventId> = page.after()?;
    let actor_id = filter.actor.as_ref().and_then(|actor| actor.parse::<Uuid>().ok());
    let actor_name = search::typed(filter.actor.as_deref()).filter(|_| actor_id.is_none());
    // Ids count from 1970; nothing is older.
    let [since, until] = [filter.since, filter.until].map(|at| at.map(|at| at.max(DateTime::UNIX_EPOCH)));
    macro_rules! query {
        ($named:expr) => {
            concat!(
                "select a.id, actor_type, actor_id, actor_name, action, subject_type, subject_id, before, after, reason,
            ip, user_agent, occurred_at
        from audit_lines a
        where a.org_id = $1
            and ($2::uuid is null or a.id < $2)
            and ($3::uuid is null or actor_id = $3)
            and ($5::text is null or action = $5 or starts_with(action, $5 || '.'))
            and ($6::text is null or subject_type = $6)
            and ($7::uuid is null or subject_id = $7)
            and ($8::timestamptz is null or a.id >= uuid_v7_floor($8))
            and ($9::timestamptz is null or a.id < uuid_v7_floor($9)) and ",
                $named,
                " order by a.id desc limit $10"
            )
        };
    }
    let query = match actor_name {
        Some(_) => search::query_as(query!(concat!("a.id in ", by_words!("audit_logs", "$1", "$4")))),
        None => sqlx::query_as(query!("$4::text is null")),
    };
    let rows = query
        .bind(org)
        .bind(after)
        .bind(actor_id)
        .bind(actor_name)
        .bind(&filter.action)
        .bind(&filter.subject_type)
        .bind(filter.subject_id)
        .bind(since)
        .bind(until)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |line: &AuditLine| line.id))
}
