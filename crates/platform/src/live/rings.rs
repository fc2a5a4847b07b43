//! One ring of events for each organization that somebody listens to, made for the first listener and dropped after the last.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::OrgId;
use tokio::sync::broadcast;

use crate::record::log::{BATCH, Placed};

/// What a listener may fall behind before it reads the log itself.
const BUFFER: usize = 1024;

pub(super) type Listener = broadcast::Receiver<Arc<Placed>>;

#[derive(Clone, Default)]
pub(super) struct Rings(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    rings: HashMap<OrgId, Ring>,
    /// Up to here it is known which organizations have something new.
    looked: i64,
}

struct Ring {
    sender: broadcast::Sender<Arc<Placed>>,
    /// What it was given is up to here; what it was not given and is before `looked` is none, unless `waiting`.
    given: i64,
    /// The log has more for it.
    waiting: bool,
}

impl Rings {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens to an organization from the place that `now` tells: it is asked once nobody else can change the rings, so that what is
    /// settled later comes.
    pub(super) fn listen(&self, org: OrgId, now: impl FnOnce() -> i64) -> (Listener, i64) {
        let mut state = self.lock();
        let now = now();
        if state.rings.is_empty() {
            state.looked = now;
        }
        let new = || Ring { sender: broadcast::channel(BUFFER).0, given: now, waiting: false };
        (state.rings.entry(org).or_insert_with(new).sender.subscribe(), now)
    }

    /// Who is listened to, and from where it is not known who has something new.
    pub(super) fn listened(&self) -> (Vec<OrgId>, i64) {
        let mut state = self.lock();
        state.rings.retain(|_, ring| ring.sender.receiver_count() > 0);
        (state.rings.keys().copied().collect(), state.looked)
    }

    /// These have something new, and no others up to there.
    pub(super) fn wait(&self, fresh: &[OrgId], looked: i64) {
        let mut state = self.lock();
        for org in fresh {
            if let Some(ring) = state.rings.get_mut(org) {
                ring.waiting = true;
            }
        }
        state.looked = state.looked.max(looked);
    }

    /// Those for whom the log has more, and from where.
    pub(super) fn waiting(&self) -> Vec<(OrgId, i64)> {
        let state = self.lock();
        state.rings.iter().filter(|(_, ring)| ring.waiting).map(|(org, ring)| (*org, ring.given)).collect()
    }

    /// Hands a batch on, which is the first there is up to a place.
    pub(super) fn give(&self, org: OrgId, batch: Vec<Placed>, upto: i64) {
        let mut state = self.lock();
        let Some(ring) = state.rings.get_mut(&org) else { return };
        ring.waiting = batch.len() >= BATCH;
        let given = if ring.waiting { batch.last().map_or(upto, |last| last.position) } else { upto };
        ring.given = ring.given.max(given);
        for placed in batch {
            let _nobody = ring.sender.send(Arc::new(placed));
        }
    }

    /// Ends every stream: their readers come again with the place that they know. Answers whether there was one.
    pub(super) fn end(&self) -> bool {
        self.lock().rings.drain().count() > 0
    }
}
