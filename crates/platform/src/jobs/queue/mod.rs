//! The queue's statements. Times are the database's ([`database_time()`](../../../../migrations)), because processes' clocks differ.
//!
//! - [`due`]: what becomes due is promoted, and who has due work is looked for.
//! - [`claim`]: due jobs are taken under a lease.
//! - [`ends`]: a job is done, handed back, buried or cancelled.
//! - [`lanes`]: a lane goes on when its job has ended.
//! - [`leases`]: leases are renewed, and freed where nobody renews them.

pub(super) mod claim;
pub(super) mod due;
pub(super) mod ends;
pub(super) mod lanes;
pub(super) mod leases;
mod waiting;

use chrono::{DateTime, Utc};
use kernel::{EventId, JobId, OrgId};
use serde_json::Value;
use uuid::Uuid;

pub use leases::expire_leases;
pub use waiting::{Waiting, waiting};

use super::hint::Hint;

/// A job under this worker's lease.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Claimed {
    pub id: JobId,
    pub org_id: OrgId,
    pub queue: String,
    pub kind: String,
    pub args: Value,
    pub attempt: i32,
    pub max_attempts: i32,
    pub fence: i64,
    pub rank: DateTime<Utc>,
    pub lane: Option<String>,
    pub keep_result: bool,
    pub correlation_id: Uuid,
    pub causation_id: Option<EventId>,
    pub created_at: DateTime<Utc>,
    /// Whether its organization runs only so many of this queue at once.
    pub capped: bool,
}

/// What a statement made due in a queue of an organization, or when something will be.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Moved {
    pub org_id: OrgId,
    pub queue: String,
    /// The least rank of what is due.
    pub rank: Option<DateTime<Utc>>,
    /// When the first of what is not due will be.
    pub run_at: Option<DateTime<Utc>>,
}

impl Hint {
    pub(super) fn of(moved: Moved) -> impl Iterator<Item = Self> {
        let Moved { org_id: org, queue, rank, run_at } = moved;
        let due = rank.map(|rank| Self::Due { queue, org, rank });
        due.into_iter().chain(run_at.map(|run_at| Self::Scheduled { run_at }))
    }
}
