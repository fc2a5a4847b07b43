//! Periodic tasks over HTTP. They are the server's own, so every organization sees the same, and no errors.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use kernel::Page;
use serde::Serialize;

use super::{Cron, CronOutcome, CronState};
use crate::{
    db::Db,
    http::{Answer, Can, JobsRead, Routes},
    routes,
};

/// `cron` has the tasks of all domains.
pub fn routes(db: Db, cron: Cron) -> Routes {
    Routes::new().routes(routes!(list_cron_tasks)).with_state((db, cron))
}

/// A periodic task of the server.
#[derive(Serialize, utoipa::ToSchema)]
struct CronTask {
    name: String,
    /// In seconds. A turn begins this long after the one before it began, or when that has ended.
    period: f64,
    next_at: DateTime<Utc>,
    /// When the turn began that is going on.
    running_since: Option<DateTime<Utc>>,
    last_started_at: Option<DateTime<Utc>>,
    last_finished_at: Option<DateTime<Utc>>,
    /// How the last turn that is over ended.
    last_outcome: Option<CronOutcome>,
}

impl From<CronState> for CronTask {
    fn from(state: CronState) -> Self {
        Self {
            name: state.name,
            period: state.period_seconds,
            next_at: state.next_at,
            running_since: state.holder.and(state.last_started_at),
            last_started_at: state.last_started_at,
            last_finished_at: state.last_finished_at,
            last_outcome: state.last_outcome,
        }
    }
}

/// List periodic tasks
///
/// What the server does by itself again and again, and how it went the last time. Why a turn failed is in the server's log.
#[utoipa::path(get, path = "/api/v1/jobs/cron", operation_id = "list_cron_tasks", tag = "jobs",
    responses((status = 200, body = Page<CronTask>)))]
async fn list_cron_tasks(
    State((db, cron)): State<(Db, Cron)>,
    _caller: Can<JobsRead>,
) -> Answer<Json<Page<CronTask>>> {
    let items = cron.states(&db).await?.into_iter().map(CronTask::from).collect();
    Ok(Json(Page { items, next_cursor: None }))
}
