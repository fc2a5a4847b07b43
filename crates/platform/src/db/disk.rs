//! Room on the disk of the database.
//!
//! PostgreSQL that cannot write its log ends, and may not come up again before somebody makes room. So the embedded one is kept
//! from getting there: while less than a reserve is free, every transaction is read-only and nothing that must write
//! begins. People go on reading, and all goes on by itself when there is room. Of another machine's disk nobody tells us
//! before it is full; when the server says so, the same holds for a moment, and then it is tried again.

use std::{path::PathBuf, time::Duration};

use kernel::Error;
use nix::sys::statvfs::statvfs;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Db, health::Condition};

/// How often the disk is looked at: what a fast one takes in that time must fit into the reserve.
const LOOK: Duration = Duration::from_millis(250);
/// How long a server that said that its disk is full is believed.
const BELIEVED: Duration = Duration::from_secs(5);

/// The disk of the embedded database.
pub struct Disk {
    db: Db,
    /// A folder on it.
    folder: PathBuf,
    /// In bytes; none is kept when 0.
    reserve: u64,
}

impl Disk {
    /// Looks at it for the first time.
    pub fn new(db: Db, folder: PathBuf, reserve: u64) -> Self {
        let disk = Self { db, folder, reserve };
        disk.look();
        disk
    }

    /// Watches over it until `stop`.
    pub async fn watch(self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(LOOK);
        while stop.run_until_cancelled(tick.tick()).await.is_some() {
            self.look();
        }
    }

    #[expect(clippy::useless_conversion, reason = "the types are narrower on other systems")]
    fn look(&self) {
        let free = match statvfs(&self.folder) {
            // What is left for those who are not root.
            Ok(disk) => u64::from(disk.blocks_available()) * u64::from(disk.fragment_size()),
            Err(error) => return tracing::warn!(%error, "cannot tell how much of the disk is free"),
        };
        metrics::gauge!("steward_disk_free_bytes").set(free as f64);
        let was_full = self.db.condition().full;
        // A little more than the reserve must be free again, so that it does not go back and forth.
        let enough = if was_full { self.reserve + self.reserve / 8 } else { self.reserve };
        let full = free < enough;
        if full != was_full {
            self.db.learn(|condition| condition.full = full);
            let (folder, free_mb, reserve_mb) = (self.folder.display(), free >> 20, self.reserve >> 20);
            if full {
                tracing::error!(%folder, free_mb, reserve_mb, "the disk is full: nothing is stored until there is room");
            } else {
                tracing::info!(%folder, free_mb, "there is room on the disk again");
            }
        }
    }
}

impl Db {
    /// Whether nothing can be stored for want of room.
    pub fn disk_is_full(&self) -> bool {
        self.condition().disk_is_full()
    }

    /// Takes note of a server that says that its disk is full.
    pub fn heed(&self, error: &Error) {
        if error.code() == Error::DISK_FULL {
            self.learn(|condition| condition.said_full = Some(Instant::now()));
        }
    }

    /// Tries again after a while.
    pub(super) fn forget_what_it_said(&self) {
        if self.condition().said_full.is_some_and(|said| said.elapsed() > BELIEVED) {
            self.learn(|condition| condition.said_full = None);
        }
    }
}

impl Condition {
    pub(super) fn disk_is_full(self) -> bool {
        self.full || self.said_full.is_some()
    }
}
