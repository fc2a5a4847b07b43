//! Group commit: requests of one organization that wait at the same time are stored in one transaction.
//!
//! On a durable database a commit costs more than the rows in it. So there is one flusher at a time for each
//! organization; what arrives while it writes waits, and is what it takes next. An idle server thus stores a request
//! at once, a busy one stores many together. No request waits for a timer.
//!
//! - A request is answered after its commit, with its own outcome.
//! - If a shared transaction fails, its requests are stored one by one: none can fail another.
//! - A flusher belongs to no request: a client that hangs up takes nothing away from the others.
//! - Only requests of the same actor share a transaction, because a transaction has one actor.
//! - What waits is bounded. Beyond it the answer is 503, which senders retry; Alertmanager does not retry a 429.

use std::{
    collections::{HashMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
};

use futures::FutureExt;
use kernel::{Error, OrgId, Result};
use platform::db::{Db, Scope, Work};
use tokio::sync::{Semaphore, oneshot};

use super::{
    actions,
    signal::{Entry, Signal},
};

/// How much is stored together and how much may wait.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Alerts in one transaction. One request alone may have more.
    pub batch_alerts: usize,
    /// Bytes of request bodies in one transaction.
    pub batch_bytes: usize,
    /// Alerts that wait for one organization.
    pub waiting_alerts: usize,
    /// Bytes that wait for one organization.
    pub waiting_bytes: usize,
    /// Organizations that are written for at the same time; each takes a connection.
    pub flushers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch_alerts: 2_000,
            batch_bytes: 8 << 20,
            waiting_alerts: 20_000,
            waiting_bytes: 64 << 20,
            flushers: 4,
        }
    }
}

/// A request that was understood.
pub struct Request {
    pub scope: Scope,
    pub signals: Vec<Signal>,
    /// The size of its body.
    pub bytes: usize,
}

struct Pending {
    request: Request,
    reply: oneshot::Sender<Result<Vec<Entry>>>,
}

/// What waits for one organization. It exists exactly while a flusher works for that organization.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<Pending>,
    alerts: usize,
    bytes: usize,
}

/// Stores the requests of all organizations.
pub struct Batcher {
    db: Db,
    limits: Limits,
    queues: Mutex<HashMap<OrgId, Queue>>,
    flushers: Semaphore,
}

impl Batcher {
    pub fn new(db: Db, limits: Limits) -> Self {
        Self {
            db: db.working(Work::Intake),
            limits,
            queues: Mutex::default(),
            flushers: Semaphore::new(limits.flushers),
        }
    }

    /// Stores a request, together with others that wait. When this returns Ok, it is committed.
    ///
    /// # Errors
    /// `unavailable` when too much waits or the database is away; nothing of this request was stored then, unless the
    /// connection broke during the commit.
    pub async fn submit(self: &Arc<Self>, request: Request) -> Result<Vec<Entry>> {
        let (reply, answer) = oneshot::channel();
        let org = request.scope.org;
        if self.push(Pending { request, reply })? == Position::First {
            tokio::spawn(Arc::clone(self).flush(org));
        }
        // The sender is only dropped when the server stops.
        answer.await.unwrap_or_else(|_| Err(stopping()))
    }

    fn push(&self, pending: Pending) -> Result<Position> {
        let request = &pending.request;
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let position =
            if queues.contains_key(&request.scope.org) { Position::Behind } else { Position::First };
        let queue = queues.entry(request.scope.org).or_default();
        let (alerts, bytes) = (queue.alerts + request.signals.len(), queue.bytes + request.bytes);
        // An empty queue takes any request that the endpoint lets in.
        let full = alerts > self.limits.waiting_alerts || bytes > self.limits.waiting_bytes;
        if full && !queue.waiting.is_empty() {
            return Err(Error::unavailable("too many alerts wait to be stored; send them again"));
        }
        (queue.alerts, queue.bytes) = (alerts, bytes);
        queue.waiting.push_back(pending);
        Ok(position)
    }

    async fn flush(self: Arc<Self>, org: OrgId) {
        loop {
            let permit = self.flushers.acquire().await;
            let Some(batch) = self.take(org) else { return };
            self.store(batch).await;
            drop(permit);
        }
    }

    /// The requests to store next; None ends the flusher. Requests of other actors keep their place.
    fn take(&self, org: OrgId) -> Option<Vec<Pending>> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queues.get_mut(&org)?;
        let Some(first) = queue.waiting.front() else {
            queues.remove(&org);
            return None;
        };
        let actor = first.request.scope.actor.clone();
        let (mut alerts, mut bytes, mut batch, mut left) = (0, 0, Vec::new(), VecDeque::new());
        while let Some(pending) = queue.waiting.pop_front() {
            let request = &pending.request;
            let fits = alerts + request.signals.len() <= self.limits.batch_alerts
                && bytes + request.bytes <= self.limits.batch_bytes;
            if batch.is_empty() || (fits && request.scope.actor == actor) {
                alerts += request.signals.len();
                bytes += request.bytes;
                batch.push(pending);
            } else {
                left.push_back(pending);
            }
        }
        queue.waiting = left;
        queue.alerts -= alerts;
        queue.bytes -= bytes;
        Some(batch)
    }

    async fn store(&self, batch: Vec<Pending>) {
        let requests: Vec<&Request> = batch.iter().map(|pending| &pending.request).collect();
        match self.commit(&requests).await {
            Ok(mut entries) => {
                for pending in batch {
                    let rest = entries.split_off(pending.request.signals.len());
                    pending.answer(Ok(std::mem::replace(&mut entries, rest)));
                }
            }
            // Without a database each would only wait for the same time-out.
            Err(Error::Unavailable { code, detail }) => {
                let again = || Error::Unavailable { code, detail: detail.clone() };
                batch.into_iter().for_each(|pending| pending.answer(Err(again())));
            }
            Err(error) if batch.len() > 1 => {
                tracing::warn!(%error, requests = batch.len(), "a shared transaction failed; storing one by one");
                for pending in batch {
                    let stored = self.commit(&[&pending.request]).await;
                    pending.answer(stored);
                }
            }
            Err(error) => {
                let mut error = Some(error);
                batch
                    .into_iter()
                    .for_each(|pending| pending.answer(Err(error.take().unwrap_or_else(stopping))));
            }
        }
    }

    /// One transaction, in the name of the requests' actor. With several requests it carries the correlation of the
    /// first.
    async fn commit(&self, requests: &[&Request]) -> Result<Vec<Entry>> {
        let Some(first) = requests.first() else { return Ok(Vec::new()) };
        let signals: Vec<&Signal> = requests.iter().flat_map(|request| &request.signals).collect();
        let scope = first.scope.clone();
        metrics::histogram!("steward_ingest_batch_size").record(signals.len() as f64);
        let stored = async {
            let mut tx = self.db.tenant(scope).await?;
            let entries = actions::receive(&mut tx, &signals).await?;
            tx.commit().await?;
            Ok(entries)
        };
        // A panic must not leave the organization without a flusher.
        match AssertUnwindSafe(stored).catch_unwind().await {
            Ok(entries) => entries,
            Err(_) => Err(Error::internal("storing a batch of alerts panicked")),
        }
    }
}

#[derive(PartialEq, Eq)]
enum Position {
    /// Nobody flushes for this organization yet.
    First,
    Behind,
}

impl Pending {
    /// A client that hung up no longer listens; its alerts are stored all the same.
    fn answer(self, entries: Result<Vec<Entry>>) {
        let _ = self.reply.send(entries);
    }
}

fn stopping() -> Error {
    Error::unavailable("the server is stopping; send the alerts again")
}
