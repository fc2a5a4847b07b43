//! One queue in PostgreSQL for everything that must happen after a commit.
//!
//! A job is enqueued by the transaction whose effect it is ([`TenantTx::enqueue`](crate::db::TenantTx::enqueue)). A
//! [`Worker`] claims due jobs in batches under a lease: a short update, never a transaction around the work. While
//! a handler runs, the lease is renewed; a worker that died loses it and another takes over, with a higher
//! fence. A handler therefore may run twice and must be idempotent; [`JobContext::finish`] makes its effect and the
//! job's end one commit.
//!
//! - **Retry**: full jitter (0 to 2^attempt seconds, at most five minutes), or when the error says so.
//! - **Dead letters**: a job out of attempts, or one that cannot succeed, moves to `dead_jobs` and can be replayed.
//! - **Fairness**: a claim takes from every organization that has due jobs before it takes more from one.
//! - **Lanes**: jobs of one lane run one after the other, oldest first; a slow lane delays no other.
//! - **A database that is away**: nothing is claimed, and what ends meanwhile is written down when it is back.
//! - **Queues**: a worker serves each with slots of its own, so that long jobs do not hold up short ones.
//! - **Following**: what may lag is enqueued from the log ([`Follower`]), not by the commit of its event.
//! - **Waking**: a commit in this process wakes the worker at once, one in another process through the poll.

pub mod cron;
mod dead;
mod ending;
mod enqueue;
mod follower;
mod handler;
mod leadership;
mod lease;
mod queue;
mod reaction;
mod routes;
mod worker;

pub use cron::Cron;
pub use dead::{
    DEAD_JOBS_KEPT, DeadJob, JOBS, JobReplayed, Replayed, count_dead, forget_dead_jobs, list_dead, replay,
};
pub use enqueue::NewJob;
pub(crate) use follower::REACTIONS;
pub use follower::{Follower, run_due};
pub use handler::{Failure, Handled, JobContext, Outcome, Registry};
pub use leadership::Leadership;
pub use queue::{Waiting, expire_leases, waiting};
pub use reaction::{On, Reaction, Subscription, on};
pub use routes::routes;
pub use worker::{Options, Queue, Worker};
