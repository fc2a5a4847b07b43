//! The jobs that this worker holds, and the renewal of their leases.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kernel::JobId;
use tokio_util::sync::CancellationToken;

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
        self.lock().insert(id, Lease { fence, cancelled, lost: lost.clone() });
        lost
    }

    /// Unless it was claimed anew meanwhile.
    pub fn remove(&self, id: JobId, fence: i64) {
        let mut held = self.lock();
        if held.get(&id).is_some_and(|lease| lease.fence == fence) {
            held.remove(&id);
        }
    }

    pub fn all(&self) -> Vec<(JobId, i64)> {
        self.lock().iter().map(|(id, lease)| (*id, lease.fence)).collect()
    }

    /// Cancels the work on every job of `asked` that was not among the renewed ones.
    pub fn cancel_lost(&self, asked: &[(JobId, i64)], kept: &[JobId]) {
        let held = self.lock();
        for (id, fence) in asked.iter().filter(|(id, _)| !kept.contains(id)) {
            // It may have ended meanwhile, or been claimed anew.
            if let Some(lease) = held.get(id).filter(|lease| lease.fence == *fence) {
                lease.cancelled.cancel();
                lease.lost.cancel();
            }
        }
    }

    /// Cancels the work on these jobs, which were handed back as they stood.
    pub fn cancel(&self, asked: &[(JobId, i64)], handed_back: &[JobId]) {
        let kept: Vec<_> = asked.iter().map(|(id, _)| *id).filter(|id| !handed_back.contains(id)).collect();
        self.cancel_lost(asked, &kept);
    }
}
