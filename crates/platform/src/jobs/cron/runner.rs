//! A process's part in running the periodic tasks.
//!
//! One look is one transaction: write how turns ended, renew what is at work, take what is due. There is one when a task ended, one when the
//! next is due, and at least one in each [`Pace::look`](super::Pace). Beside the database's word on a lease stands this process's own: what it
//! could not renew in time it stops, even if nobody tells it.

use std::{any::Any, collections::HashMap, panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use kernel::Result;
use tokio::{
    task::{AbortHandle, JoinSet},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Cron, Task,
    store::{self, CronOutcome, Turn},
};
use crate::db::{Db, SystemTx, Work};

/// Longest wait for the database in a look: with the longest pause before it shorter than a lease.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Runner {
    cron: Cron,
    db: Db,
    holder: String,
    at_work: HashMap<Turn, AtWork>,
    running: JoinSet<Ended>,
    /// What is to be written.
    ended: Vec<Ended>,
}

struct AtWork {
    /// Until when it is this process's for certain.
    until: Instant,
    abort: AbortHandle,
}

struct Ended {
    turn: Turn,
    outcome: CronOutcome,
    error: Option<String>,
}

/// What a look found.
struct Seen {
    kept: Vec<Turn>,
    claimed: Vec<Turn>,
    next: Option<f64>,
}

impl Runner {
    pub fn new(cron: Cron, db: Db, holder: String) -> Self {
        Self { cron, db, holder, at_work: HashMap::new(), running: JoinSet::new(), ended: Vec::new() }
    }

    pub async fn run(mut self, stop: CancellationToken) {
        let mut pause = Duration::ZERO;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = self.running.join_next() => self.ended(ended),
                () = tokio::time::sleep(pause) => {}
            }
            while let Some(ended) = self.running.try_join_next() {
                self.ended(ended);
            }
            let patience = self.at_most(PATIENCE);
            pause = match timeout(patience, self.look()).await {
                Ok(Ok(pause)) => pause,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "cannot tell which periodic tasks are due");
                    self.cron.pace.least
                }
                Err(_) => {
                    tracing::warn!("the database does not say in time which periodic tasks are due");
                    self.cron.pace.least
                }
            };
            self.stop_what_is_over();
            pause = self.at_most(pause);
        }
        self.running.shutdown().await;
        if let Ok(Err(error)) = timeout(PATIENCE, self.hand_back()).await {
            tracing::warn!(%error, "periodic tasks wait for their leases to run out");
        }
    }

    /// Looks once, and waits until what was due has ended.
    pub async fn run_once(mut self) {
        if let Err(error) = self.look().await {
            tracing::warn!(%error, "cannot tell which periodic tasks are due");
        }
        while let Some(ended) = self.running.join_next().await {
            self.ended(ended);
        }
        if let Err(error) = self.hand_back().await {
            tracing::warn!(%error, "cannot write how periodic tasks ended");
        }
    }

    /// Answers when to look again.
    async fn look(&mut self) -> Result<Duration> {
        let pace = self.cron.pace;
        if !self.db.takes_writes() {
            return Ok(pace.least);
        }
        let until = Instant::now() + pace.lease;
        let mut tx = self.tx().await?;
        let seen = self.ask(&mut tx).await?;
        tx.commit().await?;
        self.ended.clear();
        let lost: Vec<_> = self.at_work.keys().filter(|turn| !seen.kept.contains(turn)).cloned().collect();
        lost.iter().for_each(|turn| self.stop(turn));
        self.at_work.values_mut().for_each(|at_work| at_work.until = until);
        seen.claimed.into_iter().for_each(|turn| self.start(turn, until));
        let due = seen.next.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default());
        Ok(due.unwrap_or(pace.look).clamp(pace.least, pace.look))
    }

    async fn ask(&self, tx: &mut SystemTx) -> Result<Seen> {
        let lease = i64::try_from(self.cron.pace.lease.as_millis()).unwrap_or(i64::MAX);
        let (all, periods) = self.cron.columns(|_| true);
        store::register(tx, &all).await?;
        store::straighten(tx, &all, &periods, lease).await?;
        self.write(tx).await?;
        let turns: Vec<_> = self.at_work.keys().cloned().collect();
        let kept = store::renew(tx, &self.holder, &turns, lease).await?;
        // What was lost a moment ago is still being stopped here.
        let (names, periods) = self.cron.columns(|name| turns.iter().all(|turn| turn.name != name));
        let claimed = store::claim(tx, &self.holder, (&names, &periods), lease).await?;
        let (names, _) = self.cron.columns(|name| turns.iter().chain(&claimed).all(|turn| turn.name != name));
        let next = store::next(tx, &names).await?;
        Ok(Seen { kept, claimed, next })
    }

    async fn write(&self, tx: &mut SystemTx) -> Result<()> {
        for Ended { turn, outcome, error } in &self.ended {
            if !store::finish(tx, &self.holder, turn, (*outcome, error.as_deref())).await? {
                tracing::warn!(task = turn.name, "a periodic task ended when it was another's already");
            }
        }
        Ok(())
    }

    async fn hand_back(&self) -> Result<()> {
        let mut tx = self.tx().await?;
        self.write(&mut tx).await?;
        store::hand_back(&mut tx, &self.holder).await?;
        store::forget(&mut tx, &self.cron.columns(|_| true).0).await?;
        tx.commit().await
    }

    async fn tx(&self) -> Result<SystemTx> {
        self.db.working(Work::Machine).system("periodic tasks belong to no organization").await
    }

    fn start(&mut self, turn: Turn, until: Instant) {
        let Some(task) = self.cron.tasks.iter().find(|task| task.name == turn.name) else { return };
        let work = task.clone().fire(turn.clone(), self.db.working(Work::Maintenance));
        self.at_work.insert(turn, AtWork { until, abort: self.running.spawn(work) });
    }

    /// Stops it where it waits; what it has not committed is taken back.
    fn stop(&mut self, turn: &Turn) {
        if let Some(lost) = self.at_work.remove(turn) {
            tracing::warn!(task = turn.name, "the lease of a periodic task was lost; it is stopped here");
            lost.abort.abort();
        }
    }

    /// This long, or until the first lease is over.
    fn at_most(&self, long: Duration) -> Duration {
        let now = Instant::now();
        self.at_work.values().map(|at_work| at_work.until.duration_since(now)).fold(long, Duration::min)
    }

    fn stop_what_is_over(&mut self) {
        let now = Instant::now();
        let over = self.at_work.iter().filter(|(_, at_work)| at_work.until <= now);
        let over: Vec<_> = over.map(|(turn, _)| turn.clone()).collect();
        over.iter().for_each(|turn| self.stop(turn));
    }

    /// One that was stopped has nothing to say.
    fn ended(&mut self, ended: Result<Ended, tokio::task::JoinError>) {
        if let Ok(ended) = ended
            && self.at_work.remove(&ended.turn).is_some()
        {
            self.ended.push(ended);
        }
    }
}

impl Task {
    /// A panic ends this task and nothing else.
    async fn fire(self, turn: Turn, db: Db) -> Ended {
        let run = self.run;
        let done = AssertUnwindSafe(async move { run(db).await }).catch_unwind().await;
        let (outcome, error) = match done {
            Ok(Ok(())) => (CronOutcome::Succeeded, None),
            Ok(Err(error)) => (CronOutcome::Failed, Some(error.to_string())),
            Err(panic) => (CronOutcome::Panicked, Some(message(&*panic))),
        };
        if let Some(error) = &error {
            tracing::warn!(
                task = self.name,
                error,
                ?outcome,
                "a periodic task failed and runs again next time"
            );
        }
        metrics::counter!("steward_cron_turns_total", "task" => self.name, "outcome" => outcome.as_str())
            .increment(1);
        Ended { turn, outcome, error }
    }
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it said nothing".into())
}
