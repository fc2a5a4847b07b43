//! The first page of the console: what is open, what came in, what became of it.
//!
//! It reads across domains, so it lives here, one statement for each figure.

use alerts::IssueId;
use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result};
use platform::{
    App,
    db::TenantTx,
    http::{Answer, CanIn, IssuesRead, ProblemBody, Query},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(Clone)]
pub struct Deps {
    pub app: App,
    /// None when no model is configured.
    pub model: Option<String>,
    pub embedding_model: String,
}

pub fn routes(deps: Deps) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(get_overview)).with_state(deps)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Window {
    /// Days to look back, 1 to 31; 7 unless given.
    #[param(minimum = 1, maximum = 31)]
    days: Option<i64>,
}

/// Everything that the first page shows.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Overview {
    open_alerts: BySeverity,
    open_issues: OpenIssues,
    /// Issues concluded in the window.
    verdicts: Verdicts,
    /// Alerts received in each hour in which there were any.
    ingest: Vec<Count>,
    /// Verdicts of each day in which there were any.
    verdict_series: Vec<VerdictDay>,
    /// From an issue's opening to the end of its first concluded run; of the newest 5,000 issues in the window.
    median_seconds_to_conclusion: Option<f64>,
    failing_receivers: Vec<FailingReceiver>,
    recent_issues: Vec<RecentIssue>,
    model: ModelStatus,
    dead_jobs: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
struct BySeverity {
    critical: i64,
    high: i64,
    medium: i64,
    low: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
struct OpenIssues {
    analyzing: i64,
    in_progress: i64,
}

#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
struct Verdicts {
    real: i64,
    false_positive: i64,
    undetermined: i64,
}

impl Verdicts {
    fn of(days: &[VerdictDay]) -> Self {
        days.iter().fold(Self::default(), |sum, day| Self {
            real: sum.real + day.real,
            false_positive: sum.false_positive + day.false_positive,
            undetermined: sum.undetermined + day.undetermined,
        })
    }
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
struct Count {
    at: DateTime<Utc>,
    count: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
struct VerdictDay {
    at: DateTime<Utc>,
    real: i64,
    false_positive: i64,
    undetermined: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
struct FailingReceiver {
    id: notify::ReceiverId,
    name: String,
    receiver_im: String,
    im_type: String,
    last_error: Option<String>,
    last_failed_at: Option<DateTime<Utc>>,
    consecutive_failures: i32,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
struct RecentIssue {
    id: IssueId,
    title: String,
    severity: String,
    status: String,
    is_real_issue: Option<bool>,
    ai_conclusion: Option<String>,
    created_at: DateTime<Utc>,
}

/// Who investigates: a model, or the executable steps of skills.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ModelStatus {
    configured: bool,
    name: Option<String>,
    embedding_model: String,
}

/// What is open now and what happened lately.
#[utoipa::path(get, path = "/api/v1/overview", operation_id = "get_overview", tag = "overview", params(Window),
    responses((status = 200, body = Overview), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn get_overview(
    State(deps): State<Deps>,
    caller: CanIn<IssuesRead>,
    Query(window): Query<Window>,
) -> Answer<Json<Overview>> {
    let days = window.days.unwrap_or(7);
    if !(1..=31).contains(&days) {
        return Err(Error::field("invalid_query", "days", "must be from 1 to 31").into());
    }
    let mut tx = caller.tx(&deps.app.db).await?;
    let since = tx.now() - TimeDelta::days(days);
    let model = ModelStatus {
        configured: deps.model.is_some(),
        name: deps.model,
        embedding_model: deps.embedding_model,
    };
    Ok(Json(read(&mut tx, since, model).await?))
}

async fn read(tx: &mut TenantTx, since: DateTime<Utc>, model: ModelStatus) -> Result<Overview> {
    let (org, now) = (tx.org(), tx.now());
    let open_alerts = sqlx::query_as(
        "select count(*) filter (where severity = 'critical') as critical,
            count(*) filter (where severity = 'high') as high,
            count(*) filter (where severity = 'medium') as medium,
            count(*) filter (where severity = 'low') as low
        from alerts where org_id = $1 and status in ('open', 'investigating')",
    );
    let open_issues = sqlx::query_as(
        "select count(*) filter (where status = 'analyzing') as analyzing,
            count(*) filter (where status = 'in_progress') as in_progress
        from issues where org_id = $1 and status in ('analyzing', 'in_progress')",
    );
    // Ids are ordered by time, so an hour is a range of the primary key and is counted without reading the alerts.
    let ingest = sqlx::query_as(
        "select h.at, received.count
        from generate_series(date_trunc('hour', $2::timestamptz), $3, interval '1 hour') as h (at)
        cross join lateral (
            select count(*) from alerts
            where org_id = $1 and id >= uuid_v7_floor(greatest(h.at, $2)) and id < uuid_v7_floor(h.at + interval '1 hour')
        ) received
        where received.count > 0 order by h.at",
    );
    // The newest concluded run of each issue.
    let series = sqlx::query_as(
        "with concluded as (
            select distinct on (subject_id) finished_at, output ->> 'verdict' as verdict from runs
            where org_id = $1 and subject_type = 'issue' and status = 'succeeded' and finished_at >= $2
            order by subject_id, id desc)
        select date_trunc('day', finished_at) as at,
            count(*) filter (where verdict = 'real') as real,
            count(*) filter (where verdict = 'false_positive') as false_positive,
            count(*) filter (where verdict = 'undetermined') as undetermined
        from concluded group by 1 order by 1",
    );
    // Of the newest issues only: more would change the median little, and cost much.
    let median = sqlx::query_scalar(
        "select percentile_cont(0.5) within group (order by extract(epoch from first - created_at))::double precision
        from (select i.created_at, (
                select min(r.finished_at) from runs r
                where r.org_id = $1 and r.subject_id = i.id and r.status = 'succeeded') as first
            from (select id, created_at from issues
                where org_id = $1 and created_at >= $2 order by id desc limit 5000) i) concluded",
    );
    let failing = sqlx::query_as(
        "select id, name, receiver_im, im_type, last_error, last_failed_at, consecutive_failures from im_receivers
        where org_id = $1 and status = 'active' and consecutive_failures > 0 order by last_failed_at desc limit 20",
    );
    let recent = sqlx::query_as(
        "select id, title, severity, status, is_real_issue, ai_conclusion, created_at from issues
        where org_id = $1 order by id desc limit 8",
    );
    let dead = sqlx::query_scalar("select count(*) from dead_jobs where org_id = $1 and replayed_at is null");
    let verdict_series: Vec<VerdictDay> = series.bind(org).bind(since).fetch_all(tx.conn()).await?;
    Ok(Overview {
        open_alerts: open_alerts.bind(org).fetch_one(tx.conn()).await?,
        open_issues: open_issues.bind(org).fetch_one(tx.conn()).await?,
        verdicts: Verdicts::of(&verdict_series),
        ingest: ingest.bind(org).bind(since).bind(now).fetch_all(tx.conn()).await?,
        verdict_series,
        median_seconds_to_conclusion: median.bind(org).bind(since).fetch_one(tx.conn()).await?,
        failing_receivers: failing.bind(org).fetch_all(tx.conn()).await?,
        recent_issues: recent.bind(org).fetch_all(tx.conn()).await?,
        model,
        dead_jobs: dead.bind(org).fetch_one(tx.conn()).await?,
    })
}
