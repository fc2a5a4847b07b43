//! Lists of jobs for people. A job's arguments stay inside: they may hold what outsiders sent.

use chrono::{DateTime, Utc};
use kernel::{Error, JobId, Page, PageQuery, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{db::TenantTx, jobs::Progress};

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It has a time, or waits for its next attempt.
    Scheduled,
    /// It is due, or stands in its lane's line.
    Available,
    Running,
    Completed,
    Cancelled,
    /// It was given up: a dead letter.
    Dead,
}

/// Which jobs to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct JobsQuery {
    /// One queue; all of them when left out.
    pub queue: Option<String>,
    /// `running` unless given, `available`, `scheduled`; or `finished`: those that were cancelled, tried again by a person, or whose result was asked
    /// for.
    #[serde(default)]
    #[param(inline)]
    pub state: Listed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Listed {
    #[default]
    Running,
    Available,
    Scheduled,
    Finished,
}

/// A job, as far as people see it.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Job {
    pub id: JobId,
    #[sqlx(try_from = "String")]
    pub state: JobState,
    pub queue: String,
    pub kind: String,
    /// Jobs of one lane run one after the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<String>,
    /// A point counts like a minute of waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i16>,
    /// Attempts that were begun.
    pub attempt: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<i32>,
    /// When it is due, or was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_at: Option<DateTime<Utc>>,
    /// When its last attempt began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<DateTime<Utc>>,
    /// How far it says that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Progress>)]
    pub progress: Option<sqlx::types::Json<Progress>>,
    /// Since when it has been asked to stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// What its last failed attempt said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// What it came to, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    pub created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether a person may cancel it now: a reaction must be done.
    #[sqlx(default)]
    pub cancellable: bool,
    /// Its place in the list.
    #[serde(skip)]
    turn: DateTime<Utc>,
}

impl JobState {
    /// Whether it is still to be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Scheduled | Self::Available | Self::Running)
    }
}

impl TryFrom<String> for JobState {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        serde_json::from_value(Value::String(text))
    }
}

macro_rules! waiting_columns {
    () => {
        "j.id, j.state, j.queue, j.kind, j.lane, j.priority, j.attempt, j.max_attempts, j.run_at, j.started_at,
            j.progress,
            j.cancel_requested_at, j.errors -> -1 ->> 'error' as last_error, null::jsonb as result, j.created_at,
            null::timestamptz as finished_at, case when j.state = 'available' then j.rank else j.run_at end as turn"
    };
}

macro_rules! finished_columns {
    () => {
        "f.id, f.outcome as state, f.queue, f.kind, null::text as lane, null::smallint as priority, f.attempt,
            null::integer as max_attempts, null::timestamptz as run_at, null::timestamptz as started_at, null::jsonb as progress,
            null::timestamptz as cancel_requested_at, null::text as last_error, f.result, f.created_at, f.finished_at, f.finished_at as turn"
    };
}

/// Jobs that wait or run are listed in the order of their turn, so that the next come first; jobs that ended, the latest first.
pub(super) async fn list(
    tx: &mut TenantTx,
    asked: &JobsQuery,
    page: &PageQuery,
    queues: &[&str],
) -> Result<Page<Job>> {
    if asked.queue.as_deref().is_some_and(|queue| !queues.contains(&queue)) {
        return Err(Error::NotFound("queue"));
    }
    let (org, limit) = (tx.org(), page.limit()?);
    let (after_time, after_id) = page.after::<(DateTime<Utc>, JobId)>()?.unzip();
    let query = match asked.state {
        Listed::Running => {
            concat!("select ", waiting_columns!(), " from jobs j where j.org_id = $1 and j.state = 'running' and j.queue = any ($6)
                and ($2::text is null or j.queue = $2) and ($3::timestamptz is null or (j.run_at, j.id) > ($3, $4))
                order by j.run_at, j.id limit $5")
        }
        Listed::Available => {
            concat!("select * from (
                select free.* from unnest($6::text[]) as q (queue) cross join lateral (select ", waiting_columns!(), " from jobs j
                    where j.queue = q.queue and j.org_id = $1 and j.state = 'available' and j.lane is null
                    and ($2::text is null or j.queue = $2) and ($3::timestamptz is null or (j.rank, j.id) > ($3, $4))
                    order by j.rank, j.id limit $5) free
                union all
                select laned.* from (select ", waiting_columns!(), " from jobs j
                    where j.org_id = $1 and j.state = 'available' and j.lane is not null
                    and ($2::text is null or j.queue = $2) and ($3::timestamptz is null or (j.rank, j.id) > ($3, $4))
                    order by j.rank, j.id limit $5) laned) available
                order by turn, id limit $5")
        }
        Listed::Scheduled => {
            concat!("select ", waiting_columns!(), " from jobs j where j.org_id = $1 and j.state = 'scheduled'
                and j.queue = any ($6) and ($2::text is null or j.queue = $2) and ($3::timestamptz is null or (j.run_at, j.id) > ($3, $4))
                order by j.run_at, j.id limit $5")
        }
        Listed::Finished => {
            concat!("select ", finished_columns!(), " from finished_jobs f where f.org_id = $1 and f.queue = any ($6)
                and ($2::text is null or f.queue = $2) and ($3::timestamptz is null or (f.finished_at, f.id) < ($3, $4))
                order by f.finished_at desc, f.id desc limit $5")
        }
    };
    let rows: Vec<Job> = sqlx::query_as(query)
        .bind(org)
        .bind(&asked.queue)
        .bind(after_time)
        .bind(after_id)
        .bind(limit + 1)
        .bind(queues)
        .fetch_all(tx.conn())
        .await?;
    Ok(Page::of(rows, limit, |job: &Job| (job.turn, job.id)))
}

/// A job wherever it is: to be done, ended, or given up.
///
/// # Errors
/// `not_found`: it was done and nobody had asked for its result, or that is over, or it never was.
pub(super) async fn get(tx: &mut TenantTx, id: JobId) -> Result<Job> {
    let org = tx.org();
    let query = concat!(
        "select ",
        waiting_columns!(),
        " from jobs j where j.org_id = $1 and j.id = $2
        union all select ",
        finished_columns!(),
        " from finished_jobs f where f.org_id = $1 and f.id = $2
        union all select l.id, 'dead', l.context ->> 'queue', l.event_type, l.context ->> 'lane', null, l.retry_count + 1, null,
            null, null, null, null, l.error, null, l.created_at, l.created_at, l.created_at
        from dead_letters l where l.org_id = $1 and l.id = $2 and l.source = 'job'
            and (l.processed_at is null or l.context ->> 'dismissed' = 'true')
        limit 1"
    );
    let job = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    job.ok_or(Error::NotFound("job"))
}
