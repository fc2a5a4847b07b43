//! What people did to the queue.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{http::JobsRead, record::Change};

/// Which job was put back into the queue.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Replayed {
    pub kind: String,
}

/// Which job is not to be done.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Cancelled {
    pub kind: String,
    /// Whether it ran: then it was told to stop.
    pub was_running: bool,
}

/// How a queue is to be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Served {
    pub queue: String,
    pub paused_at: Option<DateTime<Utc>>,
    pub concurrency: Option<i32>,
}

crate::events! {
    /// What happens to jobs that people see.
    pub JOBS, about "job", for JobsRead {
        /// A job that was given up is tried again.
        JobReplayed: Change<Replayed> = "job.replayed.v1",
        /// A job is not to be done, or not to the end.
        JobCancelled: Change<Cancelled> = "job.cancelled.v1",
    }
}

crate::events! {
    /// What happens to an organization's queues. The subject is the organization.
    pub QUEUES, about "organization", for JobsRead {
        /// A queue was paused, goes on, or runs another number of jobs at once.
        QueueChanged: Change<Served> = "organization.queue_changed.v1",
    }
}
