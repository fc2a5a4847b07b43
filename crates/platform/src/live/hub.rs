//! One reader of the log for all streams of this process.

use std::{sync::Arc, time::Duration};

use kernel::{OrgId, Result};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    open::OpenStreams,
    rings::{Listener, Rings},
};
use crate::{
    db::Db,
    http::Authenticator,
    record::{
        Catalogue,
        log::{self, Place},
    },
};

/// The poll for what other processes wrote.
pub(super) const POLL: Duration = Duration::from_millis(500);

/// Feeds the streams of this process.
#[derive(Clone)]
pub struct LiveHub {
    pub(super) db: Db,
    rings: Rings,
    /// The greatest place at which the log was found settled.
    settled: watch::Sender<Place>,
    pub(super) open: OpenStreams,
    authenticator: Arc<dyn Authenticator>,
    /// Who may see which kind.
    pub(super) catalogue: Catalogue,
    pub(super) stop: CancellationToken,
}

impl LiveHub {
    pub fn new(
        db: Db,
        authenticator: Arc<dyn Authenticator>,
        catalogue: Catalogue,
        stop: CancellationToken,
    ) -> Self {
        let (rings, settled, open) =
            (Rings::default(), watch::Sender::new(Place::at(0)), OpenStreams::default());
        Self { db, rings, settled, open, authenticator, catalogue, stop }
    }

    /// Reads the log while anybody listens, and lets go who may not listen any more, until stopped.
    pub async fn run(self) {
        let watch = self.open.watch(self.authenticator.clone(), self.stop.clone());
        tokio::join!(self.read_on(), watch);
    }

    async fn read_on(&self) {
        loop {
            let added = self.db.events_added().notified();
            tokio::pin!(added);
            added.as_mut().enable();
            tokio::select! {
                () = self.stop.cancelled() => return,
                result = self.advance() => match result {
                    Err(error) if self.db.is_there() => tracing::warn!(%error, "cannot read events"),
                    _ => {}
                }
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(POLL) => {}
                // Coalesces a burst.
                () = async { added.await; tokio::time::sleep(Duration::from_millis(50)).await } => {}
            }
        }
    }

    /// Gives every organization that is listened to one batch after the other, in turns, and looks between them who has something new:
    /// nobody waits for more than a batch of each other. What fails is done by the next call.
    async fn advance(&self) -> Result<()> {
        loop {
            let (orgs, _) = self.rings.listened();
            if orgs.is_empty() {
                return Ok(());
            }
            let upto = self.look().await?;
            // Asked for after that: who begins to listen from now on has its place behind it.
            let (orgs, looked) = self.rings.listened();
            if upto > looked {
                let fresh = log::with_events(&self.db, &orgs, (looked, upto)).await?;
                self.rings.wait(&fresh, upto);
            }
            let waiting = self.rings.waiting();
            if waiting.is_empty() {
                return Ok(());
            }
            for (org, given) in waiting {
                let batch = log::read_of(&self.db, org, (given, upto)).await?;
                self.rings.give(org, batch, upto);
            }
        }
    }

    /// Finds out how far the log is settled.
    pub(super) async fn look(&self) -> Result<i64> {
        let before = *self.settled.borrow();
        let extent = log::extent(&self.db).await?;
        if extent.settled == before.position {
            return Ok(before.position);
        }
        let there = log::place_at(&self.db, extent.settled).await?;
        if extent.last < before.position || log::place_at(&self.db, before.position).await? != before {
            self.settled.send_replace(there);
            // With nobody to listen, it may as well be over what stood there.
            if self.rings.end() {
                tracing::warn!("the database was taken back to an earlier state");
            }
        } else {
            self.settled.send_if_modified(|settled| {
                let further = there.position > settled.position;
                *settled = if further { there } else { *settled };
                further
            });
        }
        Ok(self.settled())
    }

    pub(super) fn settled(&self) -> i64 {
        self.settled.borrow().position
    }

    /// Listens to an organization, from a place that is the present one if [`LiveHub::look`] was just called.
    pub(super) fn listen(&self, org: OrgId) -> (Listener, i64) {
        self.rings.listen(org, || self.settled())
    }
}
