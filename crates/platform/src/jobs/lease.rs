//! The jobs that this worker holds, and the renewal of their leases.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kernel::JobId;
use tokio_util::sync::CancellationToken;

/// What is held: the fence, and the token that tells the handler that the lease is gone.
#[derive(Default)]
pub(super) struct Held(Mutex<HashMap<JobId, (i64, CancellationToken)>>);

impl Held {
    fn lock(&self) -> MutexGuard<'_, HashMap<JobId, (i64, CancellationToken)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn insert(&self, id: JobId, fence: i64, cancelled: CancellationToken) {
        self.lock().insert(id, (fence, cancelled));
    }

    /// Unless it was claimed anew meanwhile.
    pub fn remove(&self, id: JobId, fence: i64) {
        let mut held = self.lock();
        if held.get(&id).is_some_and(|(now, _)| *now == fence) {
            held.remove(&id);
        }
    }

    pub fn all(&self) -> Vec<(JobId, i64)> {
        self.lock().iter().map(|(id, (fence, _))| (*id, *fence)).collect()
    }

    /// Cancels the work on every job of `asked` that was not among the renewed ones.
    pub fn cancel_lost(&self, asked: &[(JobId, i64)], kept: &[JobId]) {
        let held = self.lock();
        for (id, fence) in asked.iter().filter(|(id, _)| !kept.contains(id)) {
            // It may have ended meanwhile, or been claimed anew.
            if let Some((_, cancelled)) = held.get(id).filter(|(now, _)| now == fence) {
                cancelled.cancel();
            }
        }
    }
}
