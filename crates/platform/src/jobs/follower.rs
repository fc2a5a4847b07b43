//! Reactions that may lag: their jobs are put into the queue from the log, not by the commit of the event.
//!
//! That commit then carries less, and what may wait some milliseconds waits ([`On::following`](super::On::following)). The follower
//! reads the log in the order of positions, up to where it is settled ([`crate::record::log`]), and **in one transaction** puts the
//! jobs of what it read into the queue and moves its cursor. Every event's job is therefore enqueued once, whatever is killed when.
//! The cursor's row is locked meanwhile, so that of several processes one follows at a time and the next goes on behind it: nobody
//! leads, and nobody waits for the lease of one that died. What was not followed yet is not dropped (`record::taken`).

use std::time::Duration;

use kernel::Result;
use tokio_util::sync::CancellationToken;

use super::{
    Registry, Subscription, by_hand,
    enqueue::{Placed, enqueue},
};
use crate::{
    db::{Db, Work},
    record::log::{self, cursor},
};

/// The name of the cursor, which the migration put at the end of the log.
pub(crate) const REACTIONS: &str = "reactions";
const REASON: &str = "reactions follow the log of all organizations";
/// The poll for what nobody announced: where hints of other processes are heard, and where they are not.
const POLL: (Duration, Duration) = (Duration::from_secs(5), Duration::from_millis(500));

/// Follows the log while this process works on the queue.
pub struct Follower {
    db: Db,
    following: Vec<Subscription>,
}

impl Follower {
    pub fn new(db: &Db) -> Self {
        Self { db: db.working(Work::Machine), following: db.following() }
    }

    /// Follows until stopped.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // Register before looking, so that what is committed in between is not slept through.
            let added = self.db.events_added().notified();
            tokio::pin!(added);
            added.as_mut().enable();
            tokio::select! {
                // A batch that is left in the middle is rolled back, and followed anew.
                () = stop.cancelled() => break,
                () = self.turn() => {}
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(if self.db.hears() { POLL.0 } else { POLL.1 }) => {}
                () = added => {}
            }
        }
    }

    async fn turn(&self) {
        match self.catch_up().await {
            Ok(()) => {}
            // It is said once that the database is away.
            Err(_) if !self.db.takes_writes() => {}
            Err(error) => {
                self.db.heed(&error);
                tracing::warn!(%error, "reactions wait until the log can be followed");
            }
        }
    }

    /// Follows to where the log is settled now.
    pub async fn catch_up(&self) -> Result<()> {
        if self.following.is_empty() {
            return Ok(());
        }
        while self.db.takes_writes() && self.batch().await? {}
        Ok(())
    }

    /// One batch; answers whether there was anything behind the cursor.
    async fn batch(&self) -> Result<bool> {
        let (settled, now) = (log::extent(&self.db).await?.settled, self.db.clock().now());
        let mut tx = self.db.system(REASON).await?;
        let Some(place) = cursor::lock_before(tx.conn(), REACTIONS, settled).await? else {
            return Ok(false);
        };
        let kinds: Vec<&str> = self.following.iter().map(|reaction| reaction.event).collect();
        let events = log::read_kinds(tx.conn(), &kinds, (place, settled)).await?;
        let jobs = self.jobs(&events)?;
        let hints = enqueue(tx.conn(), &jobs).await?;
        // Of a full batch there may be more before the settled place.
        let last = events.get(log::BATCH - 1).map_or(settled, |last| last.position);
        cursor::move_to(tx.conn(), REACTIONS, (last, now)).await?;
        tx.commit().await?;
        self.db.announce(hints);
        Ok(true)
    }

    /// What events make others do, in their order.
    fn jobs(&self, events: &[log::Placed]) -> Result<Vec<Placed>> {
        let mut jobs = Vec::new();
        for log::Placed { org_id, correlation_id, event, .. } in events {
            let args = serde_json::to_value(event)?;
            for reaction in self.following.iter().filter(|reaction| reaction.event == event.kind) {
                let job = reaction.job(event.id, event.subject_id, args.clone());
                jobs.push(Placed { org: *org_id, correlation: *correlation_id, causation: None, job });
            }
        }
        Ok(jobs)
    }
}

/// Follows the log and runs every job that is due, until there is neither; answers how many ran. For tests and for commands that
/// wait for their own effects.
pub async fn run_due(db: &Db, registry: &Registry) -> Result<usize> {
    let (follower, mut ran) = (Follower::new(db), 0);
    loop {
        follower.catch_up().await?;
        match by_hand::run_due(db, registry).await? {
            0 => return Ok(ran),
            more => ran += more,
        }
    }
}
