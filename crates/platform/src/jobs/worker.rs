//! Claims jobs and runs their handlers.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chrono::TimeDelta;
use futures::FutureExt;
use kernel::{JobId, Result};
use tokio::{
    sync::{Notify, Semaphore, mpsc},
    task::JoinSet,
    time::{Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    ending::{complete_in_batches, settle, written},
    handler::{Failure, Handled, JobContext, Outcome, Registry},
    lease::Held,
    queue::{self, Claim, Claimed},
};
use crate::db::{Db, Work};

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
    /// How long a handler may go on after the process was told to stop.
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
    options: Arc<Options>,
    held: Arc<Held>,
}

impl Worker {
    pub fn new(db: Db, registry: Registry, options: Options) -> Self {
        Self {
            db: db.working(Work::Machine),
            registry: Arc::new(registry),
            options: Arc::new(options),
            held: Arc::default(),
        }
    }

    /// Works until `stop`, then lets handlers end within the grace period and hands back what is left.
    pub async fn run(self, stop: CancellationToken) {
        let mut tasks = JoinSet::new();
        let (done, finished) = mpsc::channel(1024);
        for queue in self.options.queues.clone() {
            tasks.spawn(self.clone().serve(queue, done.clone(), stop.clone()));
        }
        drop(done);
        // These two outlive the queues: the last completions are written, the last leases renewed.
        let (mut completer, mut keeper) = (JoinSet::new(), JoinSet::new());
        completer.spawn(complete_in_batches(self.db.clone(), self.held.clone(), finished, stop.clone()));
        keeper.spawn(self.clone().keep_leases());
        keeper.spawn(self.clone().leave_suspended());
        while tasks.join_next().await.is_some() {}
        while completer.join_next().await.is_some() {}
        drop(keeper);
        match queue::release(&self.db, &self.options.worker).await {
            Ok(0) => {}
            Ok(released) => tracing::info!(released, "handed jobs back"),
            Err(error) => tracing::warn!(%error, "jobs are handed back when their leases run out"),
        }
    }

    async fn serve(self, queue: Queue, done: mpsc::Sender<(JobId, i64)>, stop: CancellationToken) {
        let (free, slots) =
            (Arc::new(Semaphore::new(queue.slots + queue.ahead)), Arc::new(Semaphore::new(queue.slots)));
        let mut running = JoinSet::new();
        // The next job of a lane can be claimed when the one before it has ended.
        let lane_moved = Arc::new(Notify::new());
        let mut after = Uuid::nil();
        // A claim for one job costs as much as a claim for many.
        let enough = u32::try_from(queue.ahead.max(1)).unwrap_or(u32::MAX);
        while !stop.is_cancelled() {
            // Register before looking, so that a job that is committed in between is not slept through.
            let added = self.db.jobs_added().notified();
            tokio::pin!(added);
            added.as_mut().enable();
            let claimed = match self.claim(queue.name, free.available_permits(), after).await {
                Ok(claimed) => claimed,
                // It is said once that the database is away, and it wakes us when it is back.
                Err(_) if !self.db.takes_writes() => Vec::new(),
                Err(error) => {
                    self.db.heed(&error);
                    tracing::warn!(queue = queue.name, %error, "cannot claim jobs");
                    Vec::new()
                }
            };
            after = claimed.iter().map(|job| job.org_id.uuid()).max().unwrap_or_default();
            let full = claimed.len() == free.available_permits();
            for job in claimed {
                let Ok(permit) = free.clone().try_acquire_owned() else { break };
                let cancelled = stop.child_token();
                let lost = self.held.insert(job.id, job.fence, cancelled.clone());
                let (slots, stop) = (slots.clone(), stop.clone());
                let lane = job.lane.is_some().then(|| lane_moved.clone());
                let work = self.clone().work(job, Tokens { cancelled, lost }, done.clone(), stop.clone());
                running.spawn(async move {
                    // One that waits for a slot when the process stops is handed back.
                    tokio::select! {
                        biased;
                        () = stop.cancelled() => {}
                        Ok(_slot) = slots.acquire() => work.await,
                    }
                    drop(permit);
                    lane.inspect(|lane| lane.notify_one());
                });
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(self.options.poll), if !full => {}
                () = added, if !full => {}
                () = lane_moved.notified() => {}
                Ok(_) = free.acquire_many(enough), if full => {}
            }
            while running.try_join_next().is_some() {}
        }
        let deadline = Instant::now() + self.options.grace;
        while let Ok(Some(_)) = tokio::time::timeout_at(deadline, running.join_next()).await {}
    }

    /// Claims for the organizations after `after` first, then for all.
    async fn claim(&self, queue: &str, free: usize, after: Uuid) -> Result<Vec<Claimed>> {
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        if limit == 0 || !self.db.takes_writes() {
            return Ok(Vec::new());
        }
        let lease = TimeDelta::from_std(self.options.lease).unwrap_or(TimeDelta::MAX);
        let claim = |after| Claim { queue, worker: &self.options.worker, limit, lease, after };
        let jobs = queue::claim(&self.db, &claim(after)).await?;
        if jobs.is_empty() && !after.is_nil() {
            return queue::claim(&self.db, &claim(Uuid::nil())).await;
        }
        Ok(jobs)
    }

    async fn work(
        self,
        job: Claimed,
        tokens: Tokens,
        done: mpsc::Sender<(JobId, i64)>,
        stop: CancellationToken,
    ) {
        let ended = tokio::select! {
            ended = handle(&self.db, &self.registry, &job, tokens.cancelled) => Some(ended),
            () = tokens.lost.cancelled() => None,
        };
        let Some((handled, finished)) = ended else {
            // Somebody else has it now.
            return self.held.remove(job.id, job.fence);
        };
        // A job in a lane is deleted before its slot is free: only then can the next of the lane be claimed.
        if finished && matches!(handled, Ok(Outcome::Done)) {
            // Its handler ended it together with its effect.
        } else if matches!(handled, Ok(Outcome::Done)) && job.lane.is_none() {
            let _ = done.send((job.id, job.fence)).await;
            return;
        } else if let Err(error) = written(&self.db, &stop, || settle(&self.db, &job, &handled)).await {
            tracing::warn!(job.kind, job.id = %job.id, %error, "the job runs again when its lease runs out");
        }
        self.held.remove(job.id, job.fence);
    }

    /// Stops working for organizations that were suspended, within about a second. Asks nothing while nothing is held.
    async fn leave_suspended(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let held = self.held.all();
            if held.is_empty() {
                continue;
            }
            match queue::hand_back_suspended(&self.db, &held).await {
                Ok(handed_back) => self.held.cancel(&held, &handed_back),
                Err(error) => tracing::warn!(%error, "cannot tell whether organizations were suspended"),
            }
        }
    }

    /// Renews what this worker holds and frees what others lost.
    async fn keep_leases(self) {
        let mut tick = tokio::time::interval(self.options.lease / 3);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let lease = TimeDelta::from_std(self.options.lease).unwrap_or(TimeDelta::MAX);
        loop {
            tick.tick().await;
            // What is held is renewed before anything is rescued: leases that ran out while nobody could be asked.
            self.db.comes_back().await;
            let held = self.held.all();
            if !held.is_empty() {
                match queue::renew(&self.db, &self.options.worker, &held, lease).await {
                    Ok(kept) => self.held.cancel_lost(&held, &kept),
                    Err(error) => tracing::warn!(%error, "cannot renew leases"),
                }
            }
            match queue::rescue(&self.db).await {
                Ok(0) => {}
                Ok(freed) => {
                    tracing::warn!(freed, "freed jobs whose worker stopped");
                    self.db.jobs_added().notify_waiters();
                }
                Err(error) => tracing::warn!(%error, "cannot look for lost jobs"),
            }
        }
    }
}

/// Runs the handler; answers also whether it ended the job by itself. A panic is a failed attempt, not the end of the
/// worker.
async fn handle(
    db: &Db,
    registry: &Registry,
    job: &Claimed,
    cancelled: CancellationToken,
) -> (Handled, bool) {
    let context = JobContext::new(db.working(Work::Job), job, cancelled);
    let finished = context.finished.clone();
    let span = tracing::info_span!("job", job.kind, job.id = %job.id, org.id = %job.org_id, job.attempt);
    let started = Instant::now();
    let work = std::panic::AssertUnwindSafe(registry.run(job.args.clone(), context)).catch_unwind();
    let handled = work
        .instrument(span)
        .await
        .unwrap_or_else(|_| Err(Failure::Retry { error: "the handler panicked".into(), after: None }));
    let outcome = match &handled {
        Ok(Outcome::Done) => "done",
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

/// Runs every job that is due, one after the other, until none is left, and answers how many ran. For tests and for
/// commands that wait for their own effects.
pub async fn run_due(db: &Db, registry: &Registry) -> Result<usize> {
    let db = &db.working(Work::Machine);
    let mut ran = 0;
    loop {
        let mut idle = true;
        for queue in queue::names(db).await? {
            let claim = Claim {
                queue: &queue,
                worker: "run_due",
                limit: 16,
                lease: TimeDelta::minutes(5),
                after: Uuid::nil(),
            };
            for job in queue::claim(db, &claim).await? {
                let (handled, _) = handle(db, registry, &job, CancellationToken::new()).await;
                settle(db, &job, &handled).await?;
                (ran, idle) = (ran + 1, false);
            }
        }
        if idle {
            return Ok(ran);
        }
    }
}
