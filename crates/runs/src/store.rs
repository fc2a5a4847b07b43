//! The statements of runs and their steps.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Result};
use llm::Usage;
use platform::{
    db::{SystemTx, TenantTx, violated},
    retention::{Batch, Expired},
    settings::{Counted, MOST_COUNTED},
};
use serde_json::Value;
use skills::SkillId;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    actions::NewRun,
    model::{Mode, Status, Step, StepKind},
};
use crate::{RunId, StepId};

/// A run under a worker's hands.
#[derive(Clone, Debug, FromRow)]
pub struct RunRow {
    pub id: RunId,
    pub subject_type: String,
    pub subject_id: Uuid,
    pub node_id: Option<NodeId>,
    pub skill_id: Option<SkillId>,
    pub created_at: DateTime<Utc>,
}

/// What a run was given and keeps in mind, in the open or sealed.
#[derive(FromRow)]
pub struct Held {
    #[sqlx(flatten)]
    pub run: RunRow,
    pub input: Option<Value>,
    pub memory: Option<Value>,
    pub sealed_input: Option<Vec<u8>>,
    pub sealed_memory: Option<Vec<u8>>,
}

/// A step, in the open or sealed.
#[derive(FromRow)]
pub struct StoredStep {
    pub id: StepId,
    pub seq: i32,
    pub key: String,
    pub kind: StepKind,
    pub content: Option<String>,
    pub metadata: Option<Value>,
    pub sealed: Option<Vec<u8>>,
    pub duration_ms: Option<i64>,
    pub created_at: DateTime<Utc>,
}

/// What an event says of a run that ended.
#[derive(Clone, Debug, FromRow)]
pub struct Ended {
    pub id: RunId,
    pub subject_type: String,
    pub subject_id: Uuid,
    pub node_id: Option<NodeId>,
}

/// Answers false when there is a run of this id already.
pub async fn insert(tx: &mut TenantTx, id: RunId, new: &NewRun, sealed_input: &[u8]) -> Result<bool> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "insert into runs (org_id, id, subject_type, subject_id, skill_id, requested_by, sealed_input, created_at, node_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (org_id, id) do nothing";
    let inserted = sqlx::query(query)
        .bind(org)
        .bind(id)
        .bind(&new.subject_type)
        .bind(new.subject_id)
        .bind(new.skill_id)
        .bind(new.requested_by)
        .bind(sealed_input)
        .bind(now)
        .bind(new.node_id)
        .execute(tx.conn())
        .await;
    match inserted {
        Err(error) if violated(&error) == Some("runs_skill_fkey") => Err(Error::NotFound("skill")),
        inserted => Ok(inserted?.rows_affected() == 1),
    }
}

/// Cancels the runs of a subject that have not ended, save one.
pub async fn cancel_others(tx: &mut TenantTx, subject: Uuid, except: RunId) -> Result<Vec<Ended>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update runs set status = 'cancelled', finished_at = $4
        where org_id = $1 and subject_id = $2 and id <> $3 and status in ('queued', 'running')
        returning id, subject_type, subject_id, node_id";
    Ok(sqlx::query_as(query).bind(org).bind(subject).bind(except).bind(now).fetch_all(tx.conn()).await?)
}

/// Takes a run over for the claim with this fence, unless it ended or a later claim holds it.
pub async fn take_over(tx: &mut TenantTx, id: RunId, fence: i64) -> Result<Option<Held>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update runs set status = 'running', fence = $3, started_at = coalesce(started_at, $4)
        where org_id = $1 and id = $2 and fence <= $3 and status in ('queued', 'running')
        returning id, subject_type, subject_id, node_id, skill_id, created_at, input, memory, sealed_input, sealed_memory";
    Ok(sqlx::query_as(query).bind(org).bind(id).bind(fence).bind(now).fetch_optional(tx.conn()).await?)
}

/// Locks a run, unless it ended or a later claim holds it: false then.
pub async fn hold(tx: &mut TenantTx, id: RunId, fence: i64) -> Result<bool> {
    let org = tx.org();
    let query = "select from runs
        where org_id = $1 and id = $2 and fence = $3 and status = 'running' for update";
    let held = sqlx::query(query).bind(org).bind(id).bind(fence).fetch_optional(tx.conn()).await?;
    Ok(held.is_some())
}

/// [`hold`], and counts one more step: answers its number.
pub async fn hold_for_step(tx: &mut TenantTx, id: RunId, fence: i64) -> Result<Option<i32>> {
    let org = tx.org();
    let query = "update runs set step_count = step_count + 1
        where org_id = $1 and id = $2 and fence = $3 and status = 'running' returning step_count";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).bind(fence).fetch_optional(tx.conn()).await?)
}

pub async fn insert_step(tx: &mut TenantTx, run: RunId, step: &Step, sealed: &[u8]) -> Result<()> {
    let org = tx.org();
    let query = "insert into run_steps (org_id, id, run_id, seq, key, kind, sealed, duration_ms, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(query)
        .bind(org)
        .bind(step.id)
        .bind(run)
        .bind(step.seq)
        .bind(&step.key)
        .bind(step.kind)
        .bind(sealed)
        .bind(step.duration_ms)
        .bind(step.created_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn steps(tx: &mut TenantTx, run: RunId) -> Result<Vec<StoredStep>> {
    let org = tx.org();
    let query = "select id, seq, key, kind, content, metadata, sealed, duration_ms, created_at from run_steps
        where org_id = $1 and run_id = $2 order by seq";
    Ok(sqlx::query_as(query).bind(org).bind(run).fetch_all(tx.conn()).await?)
}

pub async fn save_memory(tx: &mut TenantTx, run: RunId, sealed: &[u8]) -> Result<()> {
    let org = tx.org();
    let query = "update runs set memory = null, sealed_memory = $3 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(run).bind(sealed).execute(tx.conn()).await?;
    Ok(())
}

/// Empties what stands in the open about a subject's runs. An output keeps its verdict.
pub async fn empty(tx: &mut TenantTx, subject: Uuid, text: &str) -> Result<Vec<RunId>> {
    let org = tx.org();
    let query = "update run_steps s set content = $3, metadata = '{}' from runs r
        where r.org_id = $1 and r.subject_id = $2 and s.org_id = $1 and s.run_id = r.id and s.sealed is null";
    sqlx::query(query).bind(org).bind(subject).bind(text).execute(tx.conn()).await?;
    let query = "update runs set memory = null, error = case when error is not null then $3 end,
            input = case when input is not null then '{}'::jsonb end,
            output = case when output is not null then jsonb_build_object('verdict', output -> 'verdict') end
        where org_id = $1 and subject_id = $2 returning id";
    Ok(sqlx::query_scalar(query).bind(org).bind(subject).bind(text).fetch_all(tx.conn()).await?)
}

/// Says which skill is followed, and how.
pub async fn set_course(
    tx: &mut TenantTx,
    run: RunId,
    skill: Option<SkillId>,
    mode: Mode,
    model: Option<&str>,
) -> Result<()> {
    let org = tx.org();
    let query = "update runs set skill_id = $3, mode = $4, model = $5 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(run).bind(skill).bind(mode).bind(model).execute(tx.conn()).await?;
    Ok(())
}

/// Writes a call of a model into the ledger and adds it to its run.
pub async fn charge(tx: &mut TenantTx, run: RunId, model: &str, usage: Usage) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let [tokens_in, tokens_out] =
        [usage.tokens_in, usage.tokens_out].map(|tokens| i64::try_from(tokens).unwrap_or(i64::MAX));
    let cost = usage.cost_usd.to_string();
    let query =
        "insert into llm_usage (org_id, id, run_id, model, tokens_in, tokens_out, cost_usd, created_at)
        values ($1, $2, $3, $4, $5, $6, $7::numeric, $8)";
    sqlx::query(query)
        .bind(org)
        .bind(StepId::new(now))
        .bind(run)
        .bind(model)
        .bind(tokens_in)
        .bind(tokens_out)
        .bind(&cost)
        .bind(now)
        .execute(tx.conn())
        .await?;
    let query = "update runs set tokens_in = tokens_in + $3, tokens_out = tokens_out + $4,
            cost_usd = cost_usd + $5::numeric
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(run)
        .bind(tokens_in)
        .bind(tokens_out)
        .bind(cost)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Of the output, figures need the verdict; all of it is sealed.
pub async fn succeed(tx: &mut TenantTx, run: RunId, verdict: &str, sealed: &[u8]) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update runs set status = $3, output = jsonb_build_object('verdict', $4::text), finished_at = $5, sealed_output = $6
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(run)
        .bind(Status::Succeeded)
        .bind(verdict)
        .bind(now)
        .bind(sealed)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Fails a run that has not ended and that no later claim holds.
pub async fn fail(tx: &mut TenantTx, run: RunId, fence: i64, error: &str) -> Result<Option<Ended>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update runs set status = 'failed', error = $4, finished_at = $5
        where org_id = $1 and id = $2 and fence <= $3 and status in ('queued', 'running')
        returning id, subject_type, subject_id, node_id";
    let ended = sqlx::query_as(query)
        .bind(org)
        .bind(run)
        .bind(fence)
        .bind(error)
        .bind(now)
        .fetch_optional(tx.conn())
        .await?;
    Ok(ended)
}

/// Runs that have not ended and for which no job is left, of every organization.
pub async fn abandoned(tx: &mut SystemTx) -> Result<Vec<(kernel::OrgId, RunId)>> {
    let query = "select r.org_id, r.id from runs r
        where r.status in ('queued', 'running') and is_active(r.org_id) and not exists (
            select from pending_jobs j
            where j.org_id = r.org_id and j.kind = 'execute_run' and j.args ->> 'run_id' = r.id::text)
        order by r.org_id, r.id limit 500";
    Ok(sqlx::query_as(query).fetch_all(tx.conn()).await?)
}

/// How many are over, as `forget` sees it.
pub async fn usage_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(created_at) as oldest from (
            select created_at from llm_usage where org_id = $1 and id < uuid_v7_floor($2) order by id limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

/// Removes calls of models that are over.
pub async fn forget_usage(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = "delete from llm_usage where org_id = $1 and id < uuid_v7_floor($2) and id = any (array(
            select id from llm_usage where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4))
        returning id";
    let gone = sqlx::query_scalar(query).bind(org).bind(over.before).bind(over.after).bind(over.rows);
    Ok(Batch::all(gone.fetch_all(tx.conn()).await?))
}

/// Removes the runs of these subjects with their steps.
pub async fn forget(tx: &mut TenantTx, subjects: &[Uuid]) -> Result<()> {
    let org = tx.org();
    let query = "delete from run_steps where org_id = $1 and run_id in (
            select id from runs where org_id = $1 and subject_id = any($2))";
    sqlx::query(query).bind(org).bind(subjects).execute(tx.conn()).await?;
    let query = "delete from runs where org_id = $1 and subject_id = any($2)";
    sqlx::query(query).bind(org).bind(subjects).execute(tx.conn()).await?;
    Ok(())
}
