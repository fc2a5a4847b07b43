//! What people see of the queue and do to it: lists, pausing, cancelling, replaying. Always of their own organization.

mod cancel;
mod events;
mod finished;
mod queues;
mod replay;
mod routes;
mod views;

pub use events::{JOBS, JobCancelled, JobReplayed, QUEUES, QueueChanged};
pub use finished::{FINISHED_JOBS_KEPT, forget_finished_jobs};
pub use replay::DEAD_JOBS;
pub use routes::routes;
