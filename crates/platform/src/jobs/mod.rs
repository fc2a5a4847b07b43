//! One queue in PostgreSQL for everything that must happen after a commit. docs/jobs.md says what it guarantees.
//!
//! A job is enqueued by the transaction whose effect it is ([`TenantTx::enqueue`](crate::db::TenantTx::enqueue)). A
//! [`Worker`] claims due jobs in batches under a lease: a short update, never a transaction around the work. While
//! a handler runs, the lease is renewed; a worker that died loses it and another takes over, with a higher
//! fence. A handler therefore may run twice and must be idempotent; [`JobContext::finish`] makes its effect and the
//! job's end one commit.
//!
//! - **Due and scheduled jobs** stand apart: what has a time is promoted in batches when it comes ([`queue`]).
//! - **Fairness**: organizations with due work take turns ([`board`]); within one, a point of priority counts like a minute of waiting.
//! - **Lanes**: jobs of one lane run one after the other, oldest first; a slow lane delays no other. Each is a row that knows whose turn it is.
//! - **Retry**: full jitter (0 to 2^attempt seconds, at most five minutes), or when the error says so. A job out of attempts, or one that
//!   cannot succeed, becomes a [dead letter](crate::dead_letters) and can be replayed.
//! - **A database that is away**: nothing is claimed, and what ends meanwhile is written down when it is back.
//! - **Queues**: a worker serves each with slots of its own, so that long jobs do not hold up short ones.
//! - **Following**: what may lag is enqueued from the log ([`Follower`]), not by the commit of its event.
//! - **Waking**: a commit tells the workers of this process at once and those of others through a notification; a look once a
//!   second stands behind it ([`scout`]).

mod board;
pub mod by_hand;
pub mod cron;
mod ending;
mod enqueue;
mod follower;
mod handler;
mod hint;
mod leadership;
mod lease;
mod people;
mod queue;
mod reaction;
mod scout;
mod worker;

pub use cron::Cron;
pub use enqueue::NewJob;
pub(crate) use follower::REACTIONS;
pub use follower::{Follower, run_due};
pub use handler::{Failure, Handled, JobContext, Outcome, Progress, Registry};
pub(crate) use hint::{Hint, Hints};
pub use leadership::Leadership;
pub use people::{
    DEAD_JOBS, FINISHED_JOBS_KEPT, JOBS, JobCancelled, JobReplayed, QUEUES, QueueChanged,
    forget_finished_jobs, routes,
};
pub use queue::{Waiting, expire_leases, waiting};
pub use reaction::{On, Reaction, Subscription, on};
pub use worker::{Options, Queue, Worker};
