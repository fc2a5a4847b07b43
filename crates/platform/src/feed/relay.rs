//! Hands the log on, in one process at a time.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{Error, Result};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Options, jetstream::Outlet};
use crate::{
    db::{Db, Work},
    jobs::Leadership,
    record::log::{self, Place, Placed, cursor},
};

/// After this long another process takes over from a dead one.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// The poll for what other processes wrote, and for a NATS that was away.
const POLL: Duration = Duration::from_millis(500);

/// How many messages of the stream are looked at for one that the log has: more than a failover loses.
const LOOKED_BACK: usize = 1000;

/// What the relay of this process does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Another process leads, or the database is away.
    #[default]
    Waiting,
    /// NATS takes what happens.
    Relaying,
    /// NATS does not; the log is ahead of it.
    Away,
}

/// Relays while it leads.
#[derive(Clone)]
pub struct Relay {
    db: Db,
    options: Options,
    status: watch::Sender<Status>,
}

/// What a leader has in its hands.
struct Lead {
    outlet: Outlet,
    /// It has everything up to here.
    place: Place,
    /// What the stream ends with, if that is known: NATS takes nothing behind anything else.
    end: Option<Uuid>,
}

impl Relay {
    pub fn new(db: Db, options: Options) -> Self {
        Self { db: db.working(Work::Machine), options, status: watch::Sender::default() }
    }

    pub fn status(&self) -> Status {
        *self.status.borrow()
    }

    /// How many events wait to be handed on; beyond a hundred thousand nobody counts.
    pub async fn waiting(&self) -> Result<i64> {
        cursor::waiting(&self.db, &self.options.stream).await
    }

    /// Returns when the relay of this process does this.
    pub async fn becomes(&self, status: Status) {
        let mut now = self.status.subscribe();
        let _closed = now.wait_for(|now| *now == status).await;
    }

    /// Relays whenever this process leads, until stopped.
    pub async fn run(self, holder: String, stop: CancellationToken) {
        let mut leadership = Leadership::over(format!("feed {}", self.options.stream), holder, LEASE);
        let mut lead = None;
        while !stop.is_cancelled() {
            let added = self.db.events_added().notified();
            tokio::pin!(added);
            added.as_mut().enable();
            tokio::select! {
                // What was handed on and not noted is recognized.
                () = stop.cancelled() => break,
                () = self.turn(&mut leadership, &mut lead) => {}
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(POLL) => {}
                () = added => {}
            }
        }
        if let Err(error) = leadership.resign(&self.db).await {
            tracing::debug!(%error, "the next relay waits for the lease to run out");
        }
    }

    async fn turn(&self, leadership: &mut Leadership, lead: &mut Option<Lead>) {
        if !self.db.takes_writes() || !leadership.hold(&self.db).await.unwrap_or_default() {
            *lead = None;
            self.say(Status::Waiting, None);
            return;
        }
        match self.hand_on(leadership, lead).await {
            Ok(()) => self.say(Status::Relaying, None),
            Err(error) => {
                // What of it arrived is not known: begin from what is.
                *lead = None;
                self.say(Status::Away, Some(&error));
            }
        }
    }

    /// Hands on what there is.
    async fn hand_on(&self, leadership: &mut Leadership, lead: &mut Option<Lead>) -> Result<()> {
        let begun = match lead.take() {
            Some(lead) => lead,
            None => self.begin().await?,
        };
        let Lead { outlet, place, end } = lead.insert(begun);
        outlet.check()?;
        loop {
            let batch = self.after(*place).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            *end = outlet.publish(&batch, *end).await?;
            *place = Place::of(last);
            cursor::save(&self.db, &self.options.stream, place.position).await?;
            metrics::counter!("steward_events_relayed_total").increment(batch.len() as u64);
            if !leadership.hold(&self.db).await? {
                return Ok(());
            }
        }
    }

    async fn after(&self, place: Place) -> Result<Vec<Placed>> {
        let extent = log::extent(&self.db).await?;
        if extent.settled == place.position {
            return Ok(Vec::new());
        }
        if extent.last < place.position || log::place_at(&self.db, place.position).await? != place {
            return Err(Error::unavailable("the database was taken back to an earlier state"));
        }
        log::read(&self.db, place.position, extent.settled).await
    }

    /// From where the stream ends, which is further than the stored place where a relay died in between, and less far where NATS lost what
    /// it had acknowledged; from the stored place if the stream is empty or of another database's time.
    async fn begin(&self) -> Result<Lead> {
        let outlet = Outlet::open(&self.options).await?;
        let stored = cursor::load(&self.db, &self.options.stream).await?;
        let place = match self.newest(&outlet).await? {
            Some(newest) => newest,
            None => log::place_at(&self.db, stored).await?,
        };
        Ok(Lead { outlet, place, end: None })
    }

    /// The newest event of the stream that the log has. Behind it there may be some that a failover took back; they stay told.
    async fn newest(&self, outlet: &Outlet) -> Result<Option<Place>> {
        let end = outlet.end().await?.unwrap_or_default();
        for sequence in (1..=end).rev().take(LOOKED_BACK) {
            let Some((org, id)) = outlet.at(sequence).await? else { continue };
            if let Some(position) = log::find(&self.db, org, id).await? {
                return Ok(Some(Place { position, id }));
            }
        }
        Ok(None)
    }

    /// Tells a change once.
    fn say(&self, status: Status, error: Option<&Error>) {
        if !self.status.send_if_modified(|now| std::mem::replace(now, status) != status) {
            return;
        }
        match (status, error) {
            (Status::Away, Some(error)) => {
                tracing::warn!(%error, "NATS does not take events; they are handed on when it does");
            }
            (Status::Relaying, _) => {
                tracing::info!(stream = self.options.stream, "this process hands events on to NATS")
            }
            _ => {}
        }
    }
}
