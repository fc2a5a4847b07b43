//! The first page of the console: what is open, what came in, what became of it.
//!
//! Each figure comes from the domain whose it is.

use alerts::{
    permissions::IssuesRead,
    views::{BySeverity, Count, OpenIssues, RecentIssue},
};
use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result};
use notify::receivers::{self, FailingReceiver};
use platform::routes;
use platform::{
    App,
    db::TenantTx,
    dead_letters,
    http::{Answer, CanIn, Query, Routes},
};
use runs::VerdictDay;
use serde::{Deserialize, Serialize};

#[derive(Clone)]
pub struct Deps {
    pub app: App,
    /// None when no model is configured.
    pub model: Option<String>,
    pub embedding_model: String,
}

pub fn routes(deps: Deps) -> Routes {
    Routes::new().routes(routes!(get_overview)).with_state(deps)
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
    /// Work that was given up and waits for somebody.
    dead_letters: i64,
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

/// Who investigates: a model, or the executable steps of skills.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ModelStatus {
    configured: bool,
    name: Option<String>,
    embedding_model: String,
}

/// Get what is open and what happened lately
#[utoipa::path(get, path = "/api/v1/overview", operation_id = "get_overview", tag = "overview", params(Window),
    responses((status = 200, body = Overview)))]
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
    let verdict_series = runs::verdicts_by_day(tx, alerts::ISSUE, since).await?;
    // Of the newest issues only: more would change the median little, and cost much.
    let opened = alerts::views::opened_since(tx, since, 5000).await?;
    let opened: Vec<_> = opened.into_iter().map(|(id, at)| (id.uuid(), at)).collect();
    Ok(Overview {
        open_alerts: alerts::views::open_alerts(tx).await?,
        open_issues: alerts::views::open_issues(tx).await?,
        verdicts: Verdicts::of(&verdict_series),
        ingest: alerts::views::received_by_hour(tx, since).await?,
        verdict_series,
        median_seconds_to_conclusion: runs::median_seconds_to_conclusion(tx, &opened).await?,
        failing_receivers: receivers::failing(tx, 20).await?,
        recent_issues: alerts::views::recent_issues(tx, 8).await?,
        model,
        dead_letters: dead_letters::count(tx).await?,
    })
}
