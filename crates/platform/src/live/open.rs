//! The streams that are open, and who reads them.
//!
//! A stream outlasts the request that began it, and so may the reader's rights end meanwhile: a person is removed, signs out
//! or changes organization, a token is revoked, an organization is suspended, by this process or another. Once a second all
//! readers are asked about in one go, while there are any; those who would not get in any more are let go.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use crate::http::{Authenticator, Caller};

const EVERY: Duration = Duration::from_secs(1);
/// How often in a row the question may fail before nobody is trusted any more.
const PATIENCE: u32 = 10;

#[derive(Clone, Default)]
pub(super) struct OpenStreams(Arc<Mutex<Streams>>);

#[derive(Default)]
struct Streams {
    next: u64,
    open: HashMap<u64, (Caller, CancellationToken)>,
}

/// A reader's seat among the open streams, until it is dropped.
pub(super) struct Seat {
    streams: OpenStreams,
    number: u64,
    /// Cancelled when the reader has to go.
    pub(super) ended: CancellationToken,
}

impl OpenStreams {
    fn lock(&self) -> MutexGuard<'_, Streams> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn enter(&self, caller: Caller) -> Seat {
        let ended = CancellationToken::new();
        let mut streams = self.lock();
        let number = streams.next;
        streams.next += 1;
        streams.open.insert(number, (caller, ended.clone()));
        Seat { streams: self.clone(), number, ended }
    }

    /// Lets go, until stopped, who would not get in any more.
    pub(super) async fn watch(&self, authenticator: Arc<dyn Authenticator>, stop: CancellationToken) {
        let mut failed = 0;
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            let open: Vec<_> = self.lock().open.values().cloned().collect();
            if open.is_empty() {
                continue;
            }
            let (callers, ends): (Vec<_>, Vec<_>) = open.into_iter().unzip();
            let may_stay = match authenticator.recheck(&callers).await {
                Ok(may_stay) => {
                    failed = 0;
                    may_stay
                }
                Err(error) => {
                    failed += 1;
                    tracing::warn!(%error, "cannot tell whether readers of the live stream may stay");
                    vec![failed < PATIENCE; callers.len()]
                }
            };
            ends.iter().zip(may_stay).filter(|(_, stays)| !stays).for_each(|(ended, _)| ended.cancel());
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.streams.lock().open.remove(&self.number);
    }
}
