//! Runs as they are shown.

use chrono::{DateTime, Utc};
use kernel::{Error, Page, PageQuery, Result, UserId};
use platform::{
    db::TenantTx,
    secrets::{Keyring, Readable},
};
use serde::Serialize;
use serde_json::Value;
use skills::SkillId;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    model::{Conclusion, Mode, Status, Step},
    sealed,
};
use crate::RunId;

/// A run.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RunView {
    pub id: RunId,
    pub status: Status,
    /// Null until it is known.
    #[schema(required)]
    pub mode: Option<Mode>,
    /// The language model, in mode `model`.
    #[schema(required)]
    pub model: Option<String>,
    #[schema(required)]
    pub skill: Option<SkillRef>,
    /// The person who asked for it; null when an alert did.
    #[schema(required)]
    pub requested_by: Option<UserId>,
    /// Why it was given up.
    #[schema(required)]
    pub error: Option<String>,
    pub tokens_in: i64,
    pub tokens_out: i64,
    /// US dollars.
    pub cost_usd: f64,
    pub created_at: DateTime<Utc>,
    #[schema(required)]
    pub started_at: Option<DateTime<Utc>>,
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    #[schema(required)]
    pub output: Option<Conclusion>,
    /// When what it was given, did and found was erased, for ever.
    #[schema(required)]
    pub erased_at: Option<DateTime<Utc>>,
}

/// The skill that a run followed, by its present name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SkillRef {
    pub id: SkillId,
    pub name: String,
}

/// A run with everything it did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RunDetail {
    #[serde(flatten)]
    pub run: RunView,
    /// In their order.
    pub steps: Vec<Step>,
}

#[derive(FromRow)]
struct Row {
    id: RunId,
    subject_type: String,
    subject_id: Uuid,
    status: Status,
    mode: Option<Mode>,
    model: Option<String>,
    skill_id: Option<SkillId>,
    skill_name: Option<String>,
    requested_by: Option<UserId>,
    error: Option<String>,
    tokens_in: i64,
    tokens_out: i64,
    cost_usd: f64,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    output: Option<Value>,
    sealed_output: Option<Vec<u8>>,
}

impl Row {
    fn view(self, readable: &Readable) -> Result<RunView> {
        let row = self;
        let place = (sealed::OUTPUT, row.id.uuid());
        Ok(RunView {
            output: sealed::open(readable, place, (row.output, row.sealed_output.as_deref()))?,
            erased_at: readable.erased_at(),
            id: row.id,
            status: row.status,
            mode: row.mode,
            model: row.model,
            skill: row.skill_id.zip(row.skill_name).map(|(id, name)| SkillRef { id, name }),
            requested_by: row.requested_by,
            error: row.error,
            tokens_in: row.tokens_in,
            tokens_out: row.tokens_out,
            cost_usd: row.cost_usd,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}

macro_rules! select_runs {
    ($condition:literal) => {
        concat!(
            "select r.id, r.subject_type, r.subject_id, r.status, r.mode, r.model, r.skill_id, s.name as skill_name, r.requested_by, r.error,
                r.tokens_in, r.tokens_out, r.cost_usd::float8 as cost_usd, r.created_at, r.started_at, r.finished_at,
                r.output, r.sealed_output
            from runs r left join skill_names s on s.org_id = r.org_id and s.id = r.skill_id ",
            $condition
        )
    };
}

/// The runs of a subject, newest first.
pub async fn list(
    tx: &mut TenantTx,
    keyring: &Keyring,
    (kind, subject): (&str, Uuid),
    page: &PageQuery,
) -> Result<Page<RunView>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let query = select_runs!(
        "where r.org_id = $1 and r.subject_id = $2 and ($3::uuid is null or r.id < $3) order by r.id desc limit $4"
    );
    let rows: Vec<Row> = sqlx::query_as(query)
        .bind(org)
        .bind(subject)
        .bind(page.after::<RunId>()?)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    let readable = sealed::readable(tx, keyring, (kind, subject)).await?;
    let runs = rows.into_iter().map(|row| row.view(&readable)).collect::<Result<_>>()?;
    Ok(Page::of(runs, limit, |run: &RunView| run.id))
}

/// One run.
pub async fn get(tx: &mut TenantTx, keyring: &Keyring, id: RunId) -> Result<RunView> {
    Ok(load(tx, keyring, id).await?.0)
}

/// One run with its steps.
pub async fn run(tx: &mut TenantTx, keyring: &Keyring, id: RunId) -> Result<RunDetail> {
    let (run, readable) = load(tx, keyring, id).await?;
    Ok(RunDetail { run, steps: sealed::steps(tx, &readable, id).await? })
}

async fn load(tx: &mut TenantTx, keyring: &Keyring, id: RunId) -> Result<(RunView, Readable)> {
    let org = tx.org();
    let query = select_runs!("where r.org_id = $1 and r.id = $2");
    let row: Option<Row> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    let row = row.ok_or(Error::NotFound("run"))?;
    let readable = sealed::readable(tx, keyring, (&row.subject_type, row.subject_id)).await?;
    Ok((row.view(&readable)?, readable))
}

/// Verdicts of a day.
#[derive(Debug, Serialize, FromRow, utoipa::ToSchema)]
pub struct VerdictDay {
    pub at: DateTime<Utc>,
    pub real: i64,
    pub false_positive: i64,
    pub undetermined: i64,
}

/// The verdicts of each day in which there were any; of each subject the newest counts.
pub async fn verdicts_by_day(
    tx: &mut TenantTx,
    subject_type: &str,
    since: DateTime<Utc>,
) -> Result<Vec<VerdictDay>> {
    let org = tx.org();
    let query = "with concluded as (
            select distinct on (subject_id) finished_at, output ->> 'verdict' as verdict from runs
            where org_id = $1 and subject_type = $3 and status = 'succeeded' and finished_at >= $2
            order by subject_id, id desc)
        select date_trunc('day', finished_at) as at,
            count(*) filter (where verdict = 'real') as real,
            count(*) filter (where verdict = 'false_positive') as false_positive,
            count(*) filter (where verdict = 'undetermined') as undetermined
        from concluded group by 1 order by 1";
    Ok(sqlx::query_as(query).bind(org).bind(since).bind(subject_type).fetch_all(tx.conn()).await?)
}

/// The median time from when subjects were opened to the end of their first concluded run; of those that have one.
pub async fn median_seconds_to_conclusion(
    tx: &mut TenantTx,
    opened: &[(Uuid, DateTime<Utc>)],
) -> Result<Option<f64>> {
    let org = tx.org();
    let (ids, times): (Vec<_>, Vec<_>) = opened.iter().copied().unzip();
    let query =
        "select percentile_cont(0.5) within group (order by extract(epoch from first - at))::double precision
        from (select o.at, (
                select min(r.finished_at) from runs r
                where r.org_id = $1 and r.subject_id = o.id and r.status = 'succeeded') as first
            from unnest($2::uuid[], $3::timestamptz[]) as o (id, at)) concluded";
    Ok(sqlx::query_scalar(query).bind(org).bind(ids).bind(times).fetch_one(tx.conn()).await?)
}
