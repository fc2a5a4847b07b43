//! The jobs that this worker holds, and the renewal of their leases.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kernel::JobId;
use tokio_util::sync::CancellationToken;

use super::queue::ends::Done;

/// A job that is held.
struct Lease {
    fence: i64,
    /// Tells the handler to stop in its own way.
    cancelled: CancellationToken,
    /// Ends the handler where it stands: another worker may have the job by now, or its organization was suspended.
    lost: CancellationToken,
}

#[derive(Default)]
pub(super) struct Held(Mutex<HashMap<JobId, Lease>>);

impl Held {
    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, Lease>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers the token that is cancelled when the lease is lost.
    pub fn insert(&self, id: JobId, fence: i64, cancelled: CancellationToken) -> CancellationToken {
        let lost = CancellationToken::new();
        // Held already: its lease was lost, and it was claimed anew by this very process.
        if let Some(before) = self.lock().insert(id, Lease { fence, cancelled, lost: lost.clone() }) {
            before.cancelled.cancel();
            before.lost.cancel();
        }
        lost
    }

    /// Unless it was claimed anew meanwhile.
    pub fn remove(&self, id: JobId, fence: i64) {
        let mut held = self.lock();
        if held.get(&id).is_some_and(|lease| lease.fence == fence) {
            held.remove(&id);
        }
    }

    pub fn all(&self) -> Vec<Done> {
        self.lock().iter().map(|(id, lease)| Done { id: *id, fence: lease.fence }).collect()
    }

    /// Cancels the work on every job of `asked` that was not among the renewed ones.
    pub fn cancel_lost(&self, asked: &[Done], kept: &[JobId]) {
        self.each(asked.iter().filter(|job| !kept.contains(&job.id)), |lease| {
            lease.cancelled.cancel();
            lease.lost.cancel();
        });
    }

    /// Tells the work on these to stop in its own way.
    pub fn tell(&self, jobs: &[Done]) {
        self.each(jobs.iter(), |lease| lease.cancelled.cancel());
    }

    /// A job may have ended meanwhile, or been claimed anew.
    fn each<'a>(&self, jobs: impl Iterator<Item = &'a Done>, act: impl Fn(&Lease)) {
        let held = self.lock();
        for job in jobs {
            held.get(&job.id).filter(|lease| lease.fence == job.fence).inspect(|lease| act(lease));
        }
    }
}
