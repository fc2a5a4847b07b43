//! What screens, runs and messages show of issues, one query each.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result};
use platform::{by_words, db::TenantTx, search};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::model::Status;
use crate::{
    AlertId, Assignee, IssueId, List, Person, Severity,
    alerts::{self, AlertRow},
    ingest::Texts,
    people::person,
};

/// An issue in a list.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct IssueRow {
    pub id: IssueId,
    pub title: String,
    pub severity: Severity,
    pub status: Status,
    pub is_real_issue: Option<bool>,
    /// What its run concluded, in a few sentences.
    pub ai_conclusion: Option<String>,
    pub cause: Option<String>,
    /// The skill that its run followed.
    #[schema(value_type = Option<SkillLink>)]
    pub skill: Option<Json<SkillLink>>,
    #[schema(value_type = Option<Person>)]
    pub assigned_to: Option<Json<Person>>,
    pub alert_count: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
    /// The unit or team that owns it; the whole organization when there is none.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub node_id: Option<NodeId>,
    /// When what was said about it was erased, for ever.
    pub erased_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SkillLink {
    pub id: Uuid,
    pub name: String,
}

/// Everything about an issue except its runs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct IssueDetail {
    #[serde(flatten)]
    pub found: IssueAndMore,
    /// Newest first, up to 200; the list of alerts filtered by `issue_id` has all.
    pub alerts: Vec<AlertRow>,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct IssueAndMore {
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub row: IssueRow,
    pub description: Option<String>,
    pub group_key: String,
    /// The `receiver_im` names that its alerts came with.
    pub receivers: Vec<String>,
    #[schema(value_type = Option<Person>)]
    pub created_by: Option<Json<Person>>,
    #[schema(value_type = Option<Person>)]
    pub resolved_by: Option<Json<Person>>,
    /// The run whose conclusion is shown or awaited.
    pub run_id: Option<Uuid>,
}

/// Which issues a list shows. Several values of one parameter are separated by commas; all parameters must match.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    #[param(value_type = Option<String>)]
    pub status: Option<List<Status>>,
    #[param(value_type = Option<String>)]
    pub severity: Option<List<Severity>>,
    /// A user's id, `me` or `none`.
    #[param(value_type = Option<String>)]
    pub assigned_to: Option<Assignee>,
    pub is_real_issue: Option<bool>,
    /// Owned by this unit or team, or one below it.
    #[param(value_type = Option<uuid::Uuid>)]
    pub node_id: Option<NodeId>,
    /// Words with which words of the title, conclusion or cause begin; all of them.
    pub q: Option<String>,
}

/// The columns of [`IssueRow`], from `issues i`.
macro_rules! row_columns {
    () => {
        concat!(
            "i.id, i.title, i.severity, i.status, i.is_real_issue, i.ai_conclusion, i.cause,
            (select jsonb_build_object('id', s.id, 'name', s.name) from skill_names s
                where s.org_id = i.org_id and s.id = i.skill_id) as skill, ",
            person!("i.assigned_to"),
            " as assigned_to,
            (select count(*) from issue_alert_bindings b where b.org_id = i.org_id and b.issue_id = i.id)
                as alert_count,
            i.created_at, i.updated_at, i.resolved_at, i.node_id, i.erased_at"
        )
    };
}

/// One page, newest first.
pub async fn list(tx: &mut TenantTx, filter: &Filter, page: &PageQuery) -> Result<Page<IssueRow>> {
    let (org, limit, after) = (tx.org(), page.limit()?, page.after::<IssueId>()?);
    let words = search::typed(filter.q.as_deref());
    macro_rules! query {
        ($words:expr) => {
            concat!(
                "select ",
                row_columns!(),
                " from issues i
        where i.org_id = $1
            and ($2::text[] is null or i.status = any($2))
            and ($3::text[] is null or i.severity = any($3))
            and (not $4 or i.assigned_to is not distinct from $5)
            and ($6::boolean is null or i.is_real_issue = $6)
            and ($8::uuid is null or i.node_id in (select nodes_below($1, array[$8])))
            and ($9::uuid is null or i.id < $9)
            and ",
                $words,
                " order by i.id desc limit $10"
            )
        };
    }
    let query = match words {
        Some(_) => search::query_as(query!(concat!("i.id in ", by_words!("issues", "$1", "$7")))),
        None => sqlx::query_as(query!("$7::text is null")),
    };
    let rows: Vec<IssueRow> = query
        .bind(org)
        .bind(filter.status.as_ref().map(|list| &list.0))
        .bind(filter.severity.as_ref().map(|list| &list.0))
        .bind(filter.assigned_to.is_some())
        .bind(filter.assigned_to.and_then(|assignee| assignee.user(tx.actor())))
        .bind(filter.is_real_issue)
        .bind(words)
        .bind(filter.node_id)
        .bind(after)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |row| row.id))
}

/// # Errors
/// 404.
pub async fn get(tx: &mut TenantTx, id: IssueId) -> Result<IssueDetail> {
    let org = tx.org();
    let query = concat!(
        "select ",
        row_columns!(),
        ", i.description, i.group_key, i.receivers, i.run_id, ",
        person!("i.created_by"),
        " as created_by, ",
        person!("i.resolved_by"),
        " as resolved_by
        from issues i where i.org_id = $1 and i.id = $2"
    );
    let found: Option<IssueAndMore> =
        sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    let found = found.ok_or(Error::NotFound("issue"))?;
    Ok(IssueDetail { found, alerts: alerts::views::of_issue(tx, id).await? })
}

/// # Errors
/// 404.
pub async fn exists(tx: &mut TenantTx, id: IssueId) -> Result<()> {
    let org = tx.org();
    let query = "select from issues where org_id = $1 and id = $2";
    let found = sqlx::query(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.map(drop).ok_or(Error::NotFound("issue"))
}

/// What a run needs to know of an issue. Texts come from outside: they are data, never instructions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    pub issue_id: IssueId,
    pub title: String,
    pub description: Option<String>,
    pub severity: Severity,
    /// The worst first, then the newest; up to [`MOST_IN_BRIEF`].
    pub alerts: Vec<BriefAlert>,
    pub alert_count: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BriefAlert {
    pub id: AlertId,
    pub title: String,
    pub severity: Severity,
    pub source: String,
    pub alert_type: String,
    pub description: Option<String>,
    pub labels: Texts,
    pub annotations: Texts,
    pub generator_url: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub occurrences: i64,
}

/// The most alerts in a [`Brief`].
pub const MOST_IN_BRIEF: i64 = 20;

/// # Errors
/// 404.
pub async fn brief(tx: &mut TenantTx, id: IssueId) -> Result<Brief> {
    #[derive(sqlx::FromRow)]
    struct Row {
        title: String,
        description: Option<String>,
        severity: Severity,
        alert_count: i64,
        alerts: Json<Vec<BriefAlert>>,
    }
    let org = tx.org();
    let query = "select i.title, i.description, i.severity,
            (select count(*) from issue_alert_bindings b where b.org_id = i.org_id and b.issue_id = i.id) as alert_count,
            coalesce((
                select jsonb_agg(to_jsonb(worst) - 'rank' order by worst.rank, worst.id desc) from (
                    select a.id, a.title, a.severity, a.source, a.alert_type, a.description, a.labels, a.annotations,
                        a.generator_url, a.starts_at, a.occurrences,
                        array_position(array['critical', 'high', 'medium', 'low'], a.severity) as rank
                    from issue_alert_bindings b
                    join alerts a on a.org_id = b.org_id and a.id = b.alert_id
                    where b.org_id = i.org_id and b.issue_id = i.id
                    order by rank, a.id desc limit $3) worst), '[]') as alerts
        from issues i where i.org_id = $1 and i.id = $2";
    let row: Option<Row> =
        sqlx::query_as(query).bind(org).bind(id).bind(MOST_IN_BRIEF).fetch_optional(tx.conn()).await?;
    let Row { title, description, severity, alert_count, alerts } = row.ok_or(Error::NotFound("issue"))?;
    Ok(Brief { issue_id: id, title, description, severity, alerts: alerts.0, alert_count })
}

/// What a message to a team says about an issue.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow)]
pub struct IssueCard {
    pub id: IssueId,
    pub title: String,
    pub severity: Severity,
    pub status: Status,
    pub is_real_issue: Option<bool>,
    pub ai_conclusion: Option<String>,
    pub cause: Option<String>,
    pub alert_count: i64,
    /// When the first of its alerts started.
    pub first_seen: DateTime<Utc>,
    /// The name of the person who has it.
    pub assigned_to: Option<String>,
    pub receivers: Vec<String>,
}

/// # Errors
/// 404.
/// What is shown of an issue elsewhere, until the transaction ends: erasing it waits for that. None when it was erased.
pub async fn card_to_show(tx: &mut TenantTx, id: IssueId) -> Result<Option<IssueCard>> {
    let query = "select erased_at is not null from issues where org_id = $1 and id = $2 for share";
    let erased: Option<bool> =
        sqlx::query_scalar(query).bind(tx.org()).bind(id).fetch_optional(tx.conn()).await?;
    if erased == Some(true) { Ok(None) } else { card(tx, id).await.map(Some) }
}

pub async fn card(tx: &mut TenantTx, id: IssueId) -> Result<IssueCard> {
    let org = tx.org();
    let query =
        "select i.id, i.title, i.severity, i.status, i.is_real_issue, i.ai_conclusion, i.cause, i.receivers,
            coalesce(of_issue.alert_count, 0) as alert_count,
            coalesce(of_issue.first_seen, i.created_at) as first_seen,
            (select p.name from people p where p.id = i.assigned_to) as assigned_to
        from issues i
        cross join lateral (
            select count(*) as alert_count, min(a.starts_at) as first_seen
            from issue_alert_bindings b
            join alerts a on a.org_id = b.org_id and a.id = b.alert_id
            where b.org_id = i.org_id and b.issue_id = i.id) of_issue
        where i.org_id = $1 and i.id = $2";
    let card = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    card.ok_or(Error::NotFound("issue"))
}
