//! The queue over HTTP.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel::{JobId, Page, PageQuery};

use super::{
    cancel,
    queues::{self, ChangeQueue, QueueSummary},
    views::{self, Job, JobsQuery},
};
use crate::{
    db::Db,
    http::{Answer, Body, Can, JobsRead, JobsWrite, Path, Query, Routes},
    jobs::Registry,
    routes,
};

#[derive(Clone)]
struct Jobs {
    db: Db,
    registry: Arc<Registry>,
    queues: Arc<[&'static str]>,
}

impl Jobs {
    /// Says whether it may be cancelled.
    fn rate(&self, job: &mut Job) {
        job.cancellable = job.state.is_open() && self.registry.may_be_cancelled(&job.kind);
    }
}

/// The jobs of these kinds, in these queues.
pub fn routes(db: Db, registry: Registry, queues: impl IntoIterator<Item = &'static str>) -> Routes {
    let jobs = Jobs { db, registry: Arc::new(registry), queues: queues.into_iter().collect() };
    Routes::new()
        .routes(routes!(list_job_queues))
        .routes(routes!(change_job_queue))
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(cancel_job))
        .with_state(jobs)
}

/// List the queues
///
/// How much waits and runs in each queue of the organization, and how it is served.
#[utoipa::path(get, path = "/api/v1/jobs/queues", operation_id = "list_job_queues", tag = "jobs",
    responses((status = 200, body = Page<QueueSummary>)))]
async fn list_job_queues(
    State(jobs): State<Jobs>,
    caller: Can<JobsRead>,
) -> Answer<Json<Page<QueueSummary>>> {
    let mut tx = caller.tx(&jobs.db).await?;
    Ok(Json(Page { items: queues::list(&mut tx, &jobs.queues).await?, next_cursor: None }))
}

/// Pause a queue, let it go on, or limit it
///
/// Of the caller's organization alone. What runs goes on to its end; nothing is lost meanwhile.
#[utoipa::path(patch, path = "/api/v1/jobs/queues/{queue}", operation_id = "change_job_queue", tag = "jobs",
    params(("queue" = String, Path, description = "Such as `default`")), request_body = ChangeQueue,
    responses((status = 200, body = QueueSummary)))]
async fn change_job_queue(
    State(jobs): State<Jobs>,
    caller: Can<JobsWrite>,
    Path(queue): Path<String>,
    Body(change): Body<ChangeQueue>,
) -> Answer<Json<QueueSummary>> {
    let mut tx = caller.tx(&jobs.db).await?;
    let changed = queues::change(&mut tx, &jobs.queues, &queue, &change).await?;
    tx.commit().await?;
    Ok(Json(changed))
}

/// List jobs
///
/// Those that wait or run, in the order in which they are due; or those that ended and are kept, the latest first.
#[utoipa::path(get, path = "/api/v1/jobs", operation_id = "list_jobs", tag = "jobs", params(JobsQuery, PageQuery),
    responses((status = 200, body = Page<Job>)))]
async fn list_jobs(
    State(jobs): State<Jobs>,
    caller: Can<JobsRead>,
    Query(page): Query<PageQuery>,
    Query(asked): Query<JobsQuery>,
) -> Answer<Json<Page<Job>>> {
    let mut tx = caller.tx(&jobs.db).await?;
    let mut page = views::list(&mut tx, &asked, &page, &jobs.queues).await?;
    page.items.iter_mut().for_each(|job| jobs.rate(job));
    Ok(Json(page))
}

/// Get a job
///
/// One that was done is found for as long as its result is kept, if that was asked for.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", operation_id = "get_job", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Job)))]
async fn get_job(
    State(jobs): State<Jobs>,
    caller: Can<JobsRead>,
    Path(id): Path<JobId>,
) -> Answer<Json<Job>> {
    let mut tx = caller.tx(&jobs.db).await?;
    let mut job = views::get(&mut tx, id).await?;
    jobs.rate(&mut job);
    Ok(Json(job))
}

/// Cancel a job
///
/// One that waits is not run. One that runs is told to stop within about a second, ended where it stands when it does not, and not run again.
/// What it works on ends with it: a run fails, a message that is not out yet is not sent. A reaction cannot be cancelled: its issue would wait for it.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/cancel", operation_id = "cancel_job", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Job)))]
async fn cancel_job(
    State(jobs): State<Jobs>,
    caller: Can<JobsWrite>,
    Path(id): Path<JobId>,
) -> Answer<Json<Job>> {
    let mut tx = caller.tx(&jobs.db).await?;
    cancel::cancel(&mut tx, &jobs.registry, id).await?;
    let mut job = views::get(&mut tx, id).await?;
    jobs.rate(&mut job);
    tx.commit().await?;
    Ok(Json(job))
}
