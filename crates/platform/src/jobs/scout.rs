//! Keeps a process's [`Board`] and leases: listens to hints, and once in a while goes to the database in one transaction for all of it.
//!
//! In that transaction what has become due is promoted, lost leases are freed, and the queue is looked at for work that nobody announced. An idle
//! process asks for nothing else.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Result;
use tokio::{
    sync::{Notify, broadcast::error::RecvError},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, sleep_until},
};

use super::{
    board::Board,
    hint::Hint,
    lease::Held,
    queue::{
        due,
        ends::{self, Done},
        leases,
    },
    worker::Options,
};
use crate::db::Db;

/// Looks take no more than this share of the time, however much there is to look at.
const SHARE_OF_LOOKS: u32 = 20;
/// What another process is about to promote is looked at again after this.
const AGAIN: Duration = Duration::from_millis(20);
/// What was committed so long after its time is found by the next look.
const LATE: TimeDelta = TimeDelta::minutes(1);
/// How often work that is under way asks whether it is to stop.
const WATCH: Duration = Duration::from_secs(1);

/// When to go to the database next.
struct Times {
    promote: Instant,
    look: Instant,
    renew: Instant,
    /// No look before this, whatever is hinted.
    rest: Instant,
    /// The database's time and ours, at the same moment.
    agreed: Option<(DateTime<Utc>, Instant)>,
}

#[derive(Clone)]
pub(super) struct Scout {
    db: Db,
    options: Arc<Options>,
    board: Arc<Board>,
    held: Arc<Held>,
    times: Arc<Mutex<Times>>,
    sooner: Arc<Notify>,
}

impl Scout {
    pub fn new(db: &Db, options: &Arc<Options>, board: &Arc<Board>, held: &Arc<Held>) -> Self {
        let now = Instant::now();
        let times = Times { promote: now, look: now, renew: now, rest: now, agreed: None };
        Self {
            db: db.clone(),
            options: options.clone(),
            board: board.clone(),
            held: held.clone(),
            times: Arc::new(Mutex::new(times)),
            sooner: Arc::default(),
        }
    }

    /// Begins to listen at once, and works until it is dropped.
    pub fn spawn(self, tasks: &mut JoinSet<()>) {
        let mut hints = self.db.job_hints().subscribe();
        let listener = self.clone();
        tasks.spawn(async move {
            loop {
                match hints.recv().await {
                    Ok(hint) => listener.heed(hint),
                    Err(RecvError::Lagged(_)) => listener.heed(Hint::Look),
                    Err(RecvError::Closed) => break,
                }
            }
        });
        tasks.spawn(self.clone().watch());
        tasks.spawn(self.go());
    }

    fn heed(&self, hint: Hint) {
        let now = Instant::now();
        match hint {
            Hint::Due { queue, org, rank } => return self.board.found(&queue, org, rank),
            Hint::Look => self.change(|times| times.look = times.look.min(now.max(times.rest))),
            Hint::Scheduled { run_at } => self.change(|times| {
                let at = times
                    .agreed
                    .map_or(now, |(then, here)| here + (run_at - then).to_std().unwrap_or_default());
                times.promote = times.promote.min(at);
            }),
        }
        self.sooner.notify_one();
    }

    fn change<T>(&self, change: impl FnOnce(&mut Times) -> T) -> T {
        change(&mut self.times.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn go(self) {
        loop {
            let next = self.change(|times| times.promote.min(times.look).min(times.renew));
            tokio::select! {
                () = sleep_until(next) => {}
                () = self.sooner.notified() => continue,
            }
            self.db.comes_back().await;
            if let Err(error) = self.turn().await {
                self.db.heed(&error);
                tracing::warn!(%error, "cannot look at the queue");
                let later = Instant::now() + WATCH;
                self.change(|times| (times.promote, times.look, times.renew) = (later, later, later));
            }
        }
    }

    /// How long between two looks: a hint that is heard makes a look less urgent.
    fn pause(&self) -> Duration {
        if self.db.hears() { self.options.poll * 2 } else { self.options.poll }
    }

    /// What has come due of: looking, renewing. What will be soon is done with the other, in the same transaction.
    fn due(&self, started: Instant) -> (bool, bool) {
        let together = WATCH.min(self.options.poll) / 2;
        self.change(|times| {
            // Told meanwhile is told again.
            times.promote = started + self.pause();
            let due = (times.look <= started, times.renew <= started + together);
            if due.0 {
                times.look = started + self.pause();
            }
            if due.1 {
                times.renew = started + self.options.lease / 3;
            }
            due
        })
    }

    /// One transaction for everything whose time has come, and one before it for what is held.
    async fn turn(&self) -> Result<()> {
        let started = Instant::now();
        let (looks, renews) = self.due(started);
        if renews {
            self.renew().await?;
        }
        let floor = self.change(|times| times.agreed.filter(|_| !looks).map(|(now, _)| now - LATE));
        let floor = floor.unwrap_or(due::ALL);
        let mut tx = self.db.system("workers serve every organization").await?;
        let (mut hints, freed) = if renews { leases::rescue(tx.conn()).await? } else { (Vec::new(), 0) };
        hints.extend(due::promote(tx.conn(), floor).await?);
        let found = if looks { Some(due::look(tx.conn()).await?) } else { None };
        let due::Next { now, seconds } = due::next(tx.conn(), floor).await?;
        tx.commit().await?;
        if freed > 0 {
            tracing::warn!(freed, "freed jobs whose worker stopped");
        }
        found.into_iter().for_each(|found| self.board.replace(found));
        let again = if hints.is_empty() { AGAIN } else { Duration::ZERO };
        hints.into_iter().for_each(|hint| self.heed(hint));
        let next = seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO));
        self.change(|times| {
            times.agreed = Some((now, started));
            if looks {
                times.rest = started + started.elapsed() * SHARE_OF_LOOKS;
                times.look = times.look.max(times.rest);
            }
            if let Some(next) = next {
                times.promote = times.promote.min(Instant::now() + next.max(again));
            }
        });
        Ok(())
    }

    /// What is held is renewed before anything is rescued, and whatever else takes long.
    async fn renew(&self) -> Result<()> {
        let held = self.held.all();
        if held.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.system("workers serve every organization").await?;
        let kept = leases::renew(tx.conn(), &self.options.worker, &held, self.options.lease).await?;
        tx.commit().await?;
        self.held.cancel_lost(&held, &kept);
        Ok(())
    }

    /// Stops work of organizations that were suspended and of jobs that a person cancelled, within about a second. Asks nothing while
    /// nothing is held.
    async fn watch(self) {
        let mut tick = tokio::time::interval(WATCH);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let held = self.held.all();
            if held.is_empty() {
                continue;
            }
            match leases::watch(&self.db, &held).await {
                Ok(told) => self.pass_on(&held, &told).await,
                Err(error) => tracing::warn!(%error, "cannot tell which jobs are to stop"),
            }
        }
    }

    async fn pass_on(&self, held: &[Done], told: &[leases::Told]) {
        let of = |which: &dyn Fn(&leases::Told) -> bool| -> Vec<Done> {
            let ids: Vec<_> = told.iter().filter(|told| which(told)).map(|told| told.id).collect();
            held.iter().filter(|job| ids.contains(&job.id)).copied().collect()
        };
        self.held.cancel_lost(&of(&|told| told.is_suspended), &[]);
        self.held.tell(&of(&|told| told.cancelled_seconds.is_some()));
        let grace = self.options.grace.as_secs_f64();
        let stubborn = of(&|told| told.cancelled_seconds.is_some_and(|seconds| seconds > grace));
        if !stubborn.is_empty() {
            match ends::cancel(&self.db, &stubborn).await {
                Ok(hints) => hints.into_iter().for_each(|hint| self.db.job_hints().tell(hint)),
                Err(error) => tracing::warn!(%error, "cannot end cancelled jobs"),
            }
            self.held.cancel_lost(&stubborn, &[]);
        }
    }
}
