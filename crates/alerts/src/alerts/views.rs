//! What screens show of alerts, one query each.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result};
use platform::{by_words_and_labels, db::TenantTx, search};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;

use super::model::Status;
use crate::{
    AlertId, Assignee, IssueId, Labels, List, Person, Severity, ingest::Texts, issues::Status as IssueStatus,
    people::person,
};

/// An alert in a list.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct AlertRow {
    pub id: AlertId,
    pub source: String,
    pub alert_type: String,
    pub severity: Severity,
    pub title: String,
    pub status: Status,
    pub fingerprint: String,
    #[schema(value_type = BTreeMap<String, String>)]
    pub labels: Json<Texts>,
    #[schema(value_type = Option<Person>)]
    pub assigned_to: Option<Json<Person>>,
    /// How often its source said that it fires.
    pub occurrences: i64,
    pub received_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    /// Its open issue, else the latest one.
    pub issue_id: Option<IssueId>,
    /// The unit or team that owns it; the whole organization when there is none.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub node_id: Option<NodeId>,
}

/// Everything about an alert.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct AlertDetail {
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub row: AlertRow,
    pub description: Option<String>,
    #[schema(value_type = BTreeMap<String, String>)]
    pub annotations: Json<Texts>,
    pub generator_url: Option<String>,
    /// What the source sent last, narrowed to this alert.
    pub raw_payload: Value,
    pub receiver_im: Option<String>,
    pub group_key: String,
    #[schema(value_type = Option<Person>)]
    pub status_changed_by: Option<Json<Person>>,
    pub status_changed_at: DateTime<Utc>,
    #[schema(value_type = Option<Person>)]
    pub resolved_by: Option<Json<Person>>,
    /// Newest first.
    #[schema(value_type = Vec<IssueLink>)]
    pub issues: Json<Vec<IssueLink>>,
}

/// An issue that an alert belongs or belonged to.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct IssueLink {
    pub id: IssueId,
    pub title: String,
    pub status: IssueStatus,
    pub created_at: DateTime<Utc>,
}

/// Which alerts a list shows. Several values of one parameter are separated by commas; all parameters must match.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    #[param(value_type = Option<String>)]
    pub status: Option<List<Status>>,
    #[param(value_type = Option<String>)]
    pub severity: Option<List<Severity>>,
    #[param(value_type = Option<String>)]
    pub source: Option<List<String>>,
    /// A user's id, `me` or `none`.
    #[param(value_type = Option<String>)]
    pub assigned_to: Option<Assignee>,
    /// Words with which words of the title, type, fingerprint or labels begin; all of them.
    pub q: Option<String>,
    /// A JSON object of labels that it has: `{"service":"checkout"}`.
    #[param(value_type = Option<String>)]
    pub labels: Option<Labels>,
    #[param(value_type = Option<uuid::Uuid>)]
    pub issue_id: Option<IssueId>,
    /// Owned by this unit or team, or one below it.
    #[param(value_type = Option<uuid::Uuid>)]
    pub node_id: Option<NodeId>,
    /// Received at or after this time.
    pub since: Option<DateTime<Utc>>,
    /// Received before this time.
    pub until: Option<DateTime<Utc>>,
}

impl Filter {
    fn searches(&self) -> bool {
        search::typed(self.q.as_deref()).is_some() || self.labels.is_some()
    }
}

/// How many alerts match a filter, by value.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
#[schema(as = AlertFacets)]
pub struct Facets {
    #[schema(value_type = BTreeMap<String, i64>)]
    pub status: BTreeMap<String, i64>,
    #[schema(value_type = BTreeMap<String, i64>)]
    pub severity: BTreeMap<String, i64>,
    /// The most frequent first, up to a hundred.
    pub source: Vec<SourceCount>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SourceCount {
    pub value: String,
    pub count: i64,
}

/// The columns of [`AlertRow`], from `alerts a`.
macro_rules! row_columns {
    () => {
        concat!(
            "a.id, a.source, a.alert_type, a.severity, a.title, a.status, a.fingerprint, a.labels, ",
            person!("a.assigned_to"),
            " as assigned_to,
            a.occurrences, a.received_at, a.last_seen_at, a.starts_at, a.ends_at, a.resolved_at,
            (select b.issue_id from issue_alert_bindings b where b.org_id = a.org_id and b.alert_id = a.id
                order by b.closed_at is null desc, b.created_at desc limit 1) as issue_id, a.node_id"
        )
    };
}

/// What [`Filter`] means; its parameters are $1 to $12, as `bind!` binds them. The ids' bounds let PostgreSQL skip
/// partitions. Only `searching` looks at words and labels, so that other lists need not ask what is found.
macro_rules! matching {
    (all) => {
        concat!(matching!(), " and $7::text is null and $12::jsonb is null")
    };
    (searching) => {
        concat!(matching!(), " and a.id in ", by_words_and_labels!("alerts", "$1", "$7", "$12"))
    };
    () => {
        "a.org_id = $1
            and ($2::text[] is null or a.status = any($2))
            and ($3::text[] is null or a.severity = any($3))
            and ($4::text[] is null or a.source = any($4))
            and (not $5 or a.assigned_to is not distinct from $6)
            and ($8::uuid is null or exists (
                select from issue_alert_bindings b
                where b.org_id = a.org_id and b.alert_id = a.id and b.issue_id = $8))
            and ($9::timestamptz is null or (a.id >= uuid_v7_floor($9) and a.received_at >= $9))
            and ($10::timestamptz is null or (a.id <= uuid_v7_floor($10 + interval '1 ms') and a.received_at < $10))
            and ($11::uuid is null or a.node_id in (select nodes_below($1, array[$11])))"
    };
}

/// Binds $1 to $12 of `matching!`.
macro_rules! bind {
    ($query:expr, $tx:expr, $filter:expr) => {{
        let (org, filter) = ($tx.org(), $filter);
        $query
            .bind(org)
            .bind(filter.status.as_ref().map(|list| &list.0))
            .bind(filter.severity.as_ref().map(|list| &list.0))
            .bind(filter.source.as_ref().map(|list| &list.0))
            .bind(filter.assigned_to.is_some())
            .bind(filter.assigned_to.and_then(|assignee| assignee.user($tx.actor())))
            .bind(search::typed(filter.q.as_deref()))
            .bind(filter.issue_id)
            .bind(filter.since.map(representable))
            .bind(filter.until.map(representable))
            .bind(filter.node_id)
            .bind(filter.labels.as_ref().map(|labels| Json(&labels.0)))
    }};
}

/// The nearest moment that an id can hold and year 9999 has not passed.
fn representable(at: DateTime<Utc>) -> DateTime<Utc> {
    let latest = DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(at);
    at.max(DateTime::UNIX_EPOCH).min(latest)
}

/// One page, newest first.
pub async fn list(tx: &mut TenantTx, filter: &Filter, page: &PageQuery) -> Result<Page<AlertRow>> {
    let (limit, after) = (page.limit()?, page.after::<AlertId>()?);
    macro_rules! query {
        ($which:tt) => {
            concat!(
                "select ",
                row_columns!(),
                " from alerts a where ",
                matching!($which),
                " and ($13::uuid is null or a.id < $13) order by a.id desc limit $14"
            )
        };
    }
    let query = if filter.searches() {
        search::query_as::<AlertRow>(query!(searching))
    } else {
        sqlx::query_as::<_, AlertRow>(query!(all))
    };
    let query = bind!(query, tx, filter).bind(after).bind(limit + 1);
    let rows = query.fetch_all(tx.conn()).await?;
    Ok(Page::of(rows, limit, |row| row.id))
}

/// How many alerts match, by status, severity and source.
pub async fn facets(tx: &mut TenantTx, filter: &Filter) -> Result<Facets> {
    macro_rules! query {
        ($which:tt) => {
            concat!(
                "select a.status, a.severity, a.source, count(*) from alerts a where ",
                matching!($which),
                " group by grouping sets ((a.status), (a.severity), (a.source)) order by count(*) desc, 1, 2, 3"
            )
        };
    }
    type Row = (Option<String>, Option<String>, Option<String>, i64);
    let query = if filter.searches() {
        search::query_as::<Row>(query!(searching))
    } else {
        sqlx::query_as::<_, Row>(query!(all))
    };
    let rows = bind!(query, tx, filter).fetch_all(tx.conn()).await?;
    let mut facets = Facets::default();
    for row in rows {
        match row {
            (Some(status), _, _, count) => drop(facets.status.insert(status, count)),
            (_, Some(severity), _, count) => drop(facets.severity.insert(severity, count)),
            (_, _, Some(value), count) if facets.source.len() < 100 => {
                facets.source.push(SourceCount { value, count })
            }
            _ => {}
        }
    }
    Ok(facets)
}

/// # Errors
/// 404.
pub async fn exists(tx: &mut TenantTx, id: AlertId) -> Result<()> {
    let org = tx.org();
    let query = "select from alerts where org_id = $1 and id = $2";
    let found = sqlx::query(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.map(drop).ok_or(Error::NotFound("alert"))
}

/// # Errors
/// 404.
pub async fn get(tx: &mut TenantTx, id: AlertId) -> Result<AlertDetail> {
    let org = tx.org();
    let query = concat!(
        "select ",
        row_columns!(),
        ", a.description, a.annotations, a.generator_url, a.raw_payload, a.receiver_im, a.group_key, ",
        person!("a.status_changed_by"),
        " as status_changed_by, a.status_changed_at, ",
        person!("a.resolved_by"),
        " as resolved_by,
        coalesce((
            select jsonb_agg(jsonb_build_object('id', i.id, 'title', i.title, 'status', i.status,
                'created_at', i.created_at) order by i.id desc)
            from issue_alert_bindings b
            join issues i on i.org_id = b.org_id and i.id = b.issue_id
            where b.org_id = a.org_id and b.alert_id = a.id), '[]') as issues
        from alerts a where a.org_id = $1 and a.id = $2"
    );
    let found = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("alert"))
}

/// The most alerts that an issue's page shows at once; the list filtered by `issue_id` has all.
const SHOWN_WITH_ISSUE: i64 = 200;

/// The alerts of an issue, newest first.
pub async fn of_issue(tx: &mut TenantTx, issue: IssueId) -> Result<Vec<AlertRow>> {
    let org = tx.org();
    let query = concat!(
        "select ",
        row_columns!(),
        " from alerts a
        join issue_alert_bindings bound on bound.org_id = a.org_id and bound.alert_id = a.id
        where bound.org_id = $1 and bound.issue_id = $2
        order by a.id desc limit $3"
    );
    let rows =
        sqlx::query_as(query).bind(org).bind(issue).bind(SHOWN_WITH_ISSUE).fetch_all(tx.conn()).await?;
    Ok(rows)
}
