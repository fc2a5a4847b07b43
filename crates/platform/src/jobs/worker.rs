//! Runs the handlers of the jobs that this process claims.
//!
//! ```text
//! commit ── hint ──> scout ──> board <── look, once a second ── scout
//!                                │
//!                 one task for each queue: claim ──> slots ──> handler ──> settle, or completions in batches
//! ```

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures::FutureExt;
use kernel::Result;
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::{
    board::Board,
    ending::{complete_in_batches, settle, written},
    handler::{Failure, Handled, JobContext, Outcome, Registry},
    hint::Hint,
    lease::Held,
    queue::{
        Claimed,
        claim::{Claim, claim},
        ends::{self, Done},
        leases,
    },
    scout::Scout,
};
use crate::db::{Db, Work};

/// The wait after a claim that failed.
const AGAIN: Duration = Duration::from_secs(1);

/// A queue as a process works on it.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    pub name: &'static str,
    /// Jobs that run at once.
    pub slots: usize,
    /// Jobs that are claimed while all slots are busy, so that a claim takes many of them. For short jobs: what is claimed
    /// waits here, even if another process has nothing to do.
    pub ahead: usize,
}

/// How a process works on the queue.
#[derive(Clone, Debug)]
pub struct Options {
    /// Names this process among all that share the database.
    pub worker: String,
    pub queues: Vec<Queue>,
    /// How long a job is held without a sign of life; renewed every third of it.
    pub lease: Duration,
    /// How often to look for jobs that nobody announced.
    pub poll: Duration,
    /// How long a handler may go on after it was told to stop.
    pub grace: Duration,
}

/// How the work on a job is told to end; see [`Held`].
struct Tokens {
    cancelled: CancellationToken,
    lost: CancellationToken,
}

/// The job worker of a process.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    registry: Arc<Registry>,
    kinds: Arc<[&'static str]>,
    options: Arc<Options>,
    board: Arc<Board>,
    held: Arc<Held>,
}

impl Worker {
    pub fn new(db: Db, registry: Registry, options: Options) -> Self {
        Self {
            db: db.working(Work::Machine),
            kinds: registry.kinds().into(),
            registry: Arc::new(registry),
            board: Arc::new(Board::new(options.queues.iter().map(|queue| queue.name))),
            options: Arc::new(options),
            held: Arc::default(),
        }
    }

    /// Works until `stop`, then lets handlers end within the grace period and hands back what is left.
    pub async fn run(self, stop: CancellationToken) {
        let (done, finished) = mpsc::channel(4096);
        let scout = Scout::new(&self.db, &self.options, &self.board, &self.held);
        let mut queues = JoinSet::new();
        for queue in self.options.queues.clone() {
            queues.spawn(self.clone().serve(queue, done.clone(), stop.clone()));
        }
        drop(done);
        // These outlive the queues: the last completions are written, the last leases renewed.
        let (mut completer, mut scouting) = (JoinSet::new(), JoinSet::new());
        completer.spawn(complete_in_batches(self.db.clone(), self.held.clone(), finished, stop.clone()));
        scout.spawn(&mut scouting);
        while queues.join_next().await.is_some() {}
        while completer.join_next().await.is_some() {}
        drop(scouting);
        match leases::release(&self.db, &self.options.worker).await {
            Ok(hints) => self.db.job_hints().tell_all(hints),
            Err(error) => tracing::warn!(%error, "jobs are handed back when their leases run out"),
        }
    }

    async fn serve(self, queue: Queue, done: mpsc::Sender<Done>, stop: CancellationToken) {
        let (free, slots) =
            (Arc::new(Semaphore::new(queue.slots + queue.ahead)), Arc::new(Semaphore::new(queue.slots)));
        let mut running = JoinSet::new();
        // A claim for one job costs as much as a claim for many; what is left of the last one is worked on meanwhile.
        let enough = u32::try_from((queue.ahead / 2).max(1)).unwrap_or(u32::MAX);
        let mut is_full = false;
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                Ok(_) = free.acquire_many(if is_full { enough } else { 1 }) => {}
            }
            let room = free.available_permits();
            let claimed = self.claim(queue.name, room).await;
            is_full = claimed.as_ref().is_some_and(|claimed| claimed.len() >= room);
            if claimed.is_none() {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = self.board.changed(queue.name) => {}
                }
            }
            for job in claimed.into_iter().flatten() {
                let Ok(permit) = free.clone().try_acquire_owned() else { break };
                let cancelled = stop.child_token();
                let lost = self.held.insert(job.id, job.fence, cancelled.clone());
                let (worker, slots) = (self.clone(), slots.clone());
                let (tokens, done, stop) = (Tokens { cancelled, lost }, done.clone(), stop.clone());
                running.spawn(async move {
                    let slot = tokio::select! {
                        biased;
                        () = tokens.cancelled.cancelled() => None,
                        () = tokens.lost.cancelled() => None,
                        slot = slots.acquire() => slot.ok(),
                    };
                    match slot {
                        Some(_slot) => worker.work(job, tokens, done, stop).await,
                        None => worker.leave(&job, &tokens, &stop).await,
                    }
                    drop(permit);
                });
            }
            while running.try_join_next().is_some() {}
        }
        let deadline = Instant::now() + self.options.grace;
        while let Ok(Some(_)) = tokio::time::timeout_at(deadline, running.join_next()).await {}
    }

    /// Claims from those whose turn it is; nothing when nobody is known to have due work.
    async fn claim(&self, queue: &'static str, room: usize) -> Option<Vec<Claimed>> {
        let asked = self.board.next(queue, room);
        if asked.is_empty() {
            return None;
        }
        let started = Instant::now();
        let (worker, kinds, lease) = (&*self.options.worker, &*self.kinds, self.options.lease);
        match claim(&self.db, &Claim { queue, worker, asked: &asked, kinds, lease }).await {
            Ok(claimed) => {
                metrics::histogram!("steward_job_claim_seconds", "queue" => queue).record(started.elapsed());
                self.board.served(queue, &asked, &claimed);
                Some(claimed)
            }
            Err(error) => {
                asked.into_iter().for_each(|asked| self.board.put_back(queue, asked));
                // It is said once that the database is away, and the scout looks when it is back.
                if self.db.takes_writes() {
                    self.db.heed(&error);
                    tracing::warn!(queue, %error, "cannot claim jobs");
                    tokio::time::sleep(AGAIN).await;
                    return Some(Vec::new());
                }
                None
            }
        }
    }

    /// A job that waited for its slot is not begun: it is another's by now, a person cancelled it, or the process stops and hands back all.
    async fn leave(&self, job: &Claimed, tokens: &Tokens, stop: &CancellationToken) {
        if stop.is_cancelled() {
            return;
        }
        if !tokens.lost.is_cancelled() {
            let snoozed = Ok(Outcome::Snooze(Duration::ZERO));
            let written = written(&self.db, stop, || settle(&self.db, job, &snoozed)).await;
            self.tell(job, written);
        }
        self.held.remove(job.id, job.fence);
    }

    /// Tells what is due by a job's end.
    fn tell(&self, job: &Claimed, written: Result<Vec<Hint>>) {
        match written {
            Ok(hints) => hints.into_iter().for_each(|hint| self.db.job_hints().tell(hint)),
            Err(error) => {
                tracing::warn!(job.kind, job.id = %job.id, %error, "the job runs again when its lease runs out");
            }
        }
    }

    async fn work(self, mut job: Claimed, tokens: Tokens, done: mpsc::Sender<Done>, stop: CancellationToken) {
        let ended = tokio::select! {
            biased;
            () = tokens.lost.cancelled() => None,
            ended = handle(&self.db, &self.registry, &mut job, tokens.cancelled) => Some(ended),
        };
        let (id, fence) = (job.id, job.fence);
        let Some((handled, finished)) = ended else {
            // Somebody else has it now.
            self.held.remove(id, fence);
            return self.make_room(&job);
        };
        let is_done = matches!(handled, Ok(Outcome::Done | Outcome::With(_)));
        if is_done && !finished && !job.keep_result && !job.capped {
            let _ = done.send(Done { id, fence }).await;
        } else {
            let written = if is_done && finished {
                written(&self.db, &stop, || ends::ended_by_itself(&self.db, &job)).await
            } else {
                written(&self.db, &stop, || settle(&self.db, &job, &handled)).await
            };
            self.tell(&job, written);
            self.held.remove(id, fence);
        }
        self.make_room(&job);
    }

    /// Where an organization runs only so many at once, there is room for another of it.
    fn make_room(&self, job: &Claimed) {
        if job.capped {
            self.board.found(&job.queue, job.org_id, job.rank);
        }
    }
}

/// Runs the handler, which takes the arguments; answers also whether it ended the job by itself. A panic is a failed attempt, not the end of the
/// worker.
pub(super) async fn handle(
    db: &Db,
    registry: &Registry,
    job: &mut Claimed,
    cancelled: CancellationToken,
) -> (Handled, bool) {
    let args = std::mem::take(&mut job.args);
    let context = JobContext::new(db.working(Work::Job), job, cancelled);
    let finished = context.finished.clone();
    let span = tracing::info_span!("job", job.kind, job.id = %job.id, org.id = %job.org_id, job.attempt);
    let started = Instant::now();
    let work = std::panic::AssertUnwindSafe(registry.run(args, context)).catch_unwind();
    let handled = work
        .instrument(span)
        .await
        .unwrap_or_else(|_| Err(Failure::Retry { error: "the handler panicked".into(), after: None }));
    let outcome = match &handled {
        Ok(Outcome::Done | Outcome::With(_)) => "done",
        Ok(Outcome::Snooze(_)) => "snoozed",
        Err(Failure::Retry { .. }) => "failed",
        Err(Failure::Dead { .. }) => "dead",
    };
    metrics::counter!("steward_jobs_total", "kind" => job.kind.clone(), "outcome" => outcome).increment(1);
    metrics::histogram!("steward_job_seconds", "kind" => job.kind.clone()).record(started.elapsed());
    let waited = (db.clock().now() - job.created_at).to_std().unwrap_or_default();
    metrics::histogram!("steward_job_age_seconds", "kind" => job.kind.clone()).record(waited);
    (handled, finished.load(Ordering::Relaxed))
}
