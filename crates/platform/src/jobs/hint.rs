//! What a commit says to workers: hints, which may be lost. A slow look at the queue stands behind them.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use kernel::OrgId;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// Something that workers may want to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Hint {
    /// An organization has a due job in a queue, with this rank.
    Due { queue: String, org: OrgId, rank: DateTime<Utc> },
    /// A job becomes due, or enters its lane, at this time.
    Scheduled { run_at: DateTime<Utc> },
    /// Something may be due: look.
    Look,
}

/// How many hints a worker may be behind before it looks for itself.
const BEHIND: usize = 4096;
/// How many hints are sent to other processes at once; instead of more, they are told to look.
const OUTGOING: usize = 64;

/// The hints of a process: to its own workers at once, to others with the next notification.
pub(crate) struct Hints {
    workers: broadcast::Sender<Hint>,
    outgoing: Mutex<Vec<Hint>>,
}

impl Default for Hints {
    fn default() -> Self {
        Self { workers: broadcast::Sender::new(BEHIND), outgoing: Mutex::default() }
    }
}

impl Hints {
    pub fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.workers.subscribe()
    }

    /// Wakes this process's workers.
    pub fn tell(&self, hint: Hint) {
        // There may be no worker.
        let _ = self.workers.send(hint);
    }

    /// Wakes every process's workers.
    pub fn tell_all(&self, hints: Vec<Hint>) {
        let mut outgoing = self.outgoing.lock().unwrap_or_else(PoisonError::into_inner);
        for hint in hints {
            if outgoing.len() < OUTGOING {
                outgoing.push(hint.clone());
            } else {
                *outgoing = vec![Hint::Look; OUTGOING];
            }
            self.tell(hint);
        }
    }

    /// What other processes were not told yet.
    pub fn take_outgoing(&self) -> Vec<Hint> {
        let mut hints = std::mem::take(&mut *self.outgoing.lock().unwrap_or_else(PoisonError::into_inner));
        if hints.contains(&Hint::Look) {
            hints = vec![Hint::Look];
        }
        hints
    }
}
