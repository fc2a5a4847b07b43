//! Having a job that was given up tried again.

use chrono::{DateTime, Utc};
use kernel::{JobId, Result};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::events::{JobReplayed, Replayed};
use crate::{
    db::TenantTx,
    dead_letters::{Source, Stored},
    jobs::{Hint, queue::Moved},
    record::Change,
};

/// Jobs that were given up, as dead letters.
pub const DEAD_JOBS: Source = Source { name: "job", replay: |tx, letter| Box::pin(replay(tx, letter)) };

/// What a letter knows of its job beside the arguments.
#[derive(Deserialize)]
struct Context {
    queue: String,
    priority: i16,
    lane: Option<String>,
    max_attempts: i32,
    correlation_id: Uuid,
    created_at: DateTime<Utc>,
}

/// Puts a dead job back into the queue with fresh attempts. It keeps its id, so replaying twice runs it once, and its result is kept for
/// whoever wants to see what became of it.
async fn replay(tx: &mut TenantTx, letter: &Stored) -> Result<()> {
    let context: Context = serde_json::from_value(letter.context.clone())?;
    let (org, id) = (tx.org(), JobId(letter.id));
    let query =
        "insert into jobs (id, org_id, queue, kind, args, state, priority, rank, lane, run_at, max_attempts,
            keep_result, correlation_id, created_at)
        values ($1, $2, $3, $4, $5, case when $7::text is null then 'available' else 'scheduled' end, $6::smallint,
            database_time() - make_interval(mins => $6::smallint), $7, database_time(), $8, true, $9, $10)
        on conflict do nothing
        returning org_id, queue, case when state = 'available' then rank end as rank,
            case when state = 'scheduled' then run_at end as run_at";
    let moved: Option<Moved> = sqlx::query_as(query)
        .bind(id)
        .bind(org)
        .bind(context.queue)
        .bind(&letter.event_type)
        .bind::<&Value>(&letter.payload)
        .bind(context.priority)
        .bind(context.lane)
        .bind(context.max_attempts)
        .bind(context.correlation_id)
        .bind(context.created_at)
        .fetch_optional(tx.conn())
        .await?;
    tx.hints.extend(moved.into_iter().flat_map(Hint::of));
    let change = Change::to(Replayed { kind: letter.event_type.clone() });
    tx.record::<JobReplayed, _>((id.uuid(), None), change).await.map(drop)
}
