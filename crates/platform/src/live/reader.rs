//! One stream's way through the log.

use std::{collections::VecDeque, sync::Arc};

use kernel::OrgId;
use tokio::sync::broadcast::error::RecvError;

use super::{
    hub::{LiveHub, POLL},
    rings::Listener,
};
use crate::record::log::{self, BATCH, Placed};

/// Takes events from its organization's ring while it keeps pace, and from the log, batch by batch as they are taken from it, while it is
/// behind.
pub(super) struct Reader {
    hub: LiveHub,
    org: OrgId,
    ring: Listener,
    /// It has everything up to here.
    place: i64,
    behind: bool,
    batch: VecDeque<Placed>,
}

impl Reader {
    /// From a place on, which may be before the one where its ring was begun to be listened to.
    pub(super) fn new(hub: LiveHub, org: OrgId, (ring, now): (Listener, i64), place: i64) -> Self {
        Self { hub, org, ring, place, behind: place < now, batch: VecDeque::new() }
    }

    /// The next event; none when the stream has to be begun anew.
    pub(super) async fn next(&mut self) -> Option<Arc<Placed>> {
        loop {
            if let Some(placed) = self.batch.pop_front() {
                self.place = placed.position;
                return Some(Arc::new(placed));
            }
            if self.behind {
                self.read().await;
                continue;
            }
            match self.ring.recv().await {
                // The ring may be behind what was read from the log.
                Ok(placed) if placed.position > self.place => {
                    self.place = placed.position;
                    return Some(placed);
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Everything that the ring was ever given is settled, so it is read or still in the ring.
    async fn read(&mut self) {
        let upto = self.hub.settled();
        match log::read_of(&self.hub.db, self.org, (self.place, upto)).await {
            Ok(batch) => {
                self.behind = batch.len() >= BATCH;
                self.batch = batch.into();
            }
            Err(error) => {
                tracing::debug!(%error, "a stream waits for the database");
                tokio::time::sleep(POLL).await;
            }
        }
    }
}
