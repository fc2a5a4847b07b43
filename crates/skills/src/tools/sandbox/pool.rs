//! Who may run a program now, and in which process.
//!
//! So many programs run at once, and of one organization half of them: each waits among its own, so that programs that
//! spin until their limit delay nobody else's. A process serves one organization in its life, for so many calls and so much
//! time; a few wait that have served nobody. What is idle for long ends, and so does the longest idle one when there are too
//! many. A process that was not given back ends with its [`Lease`]: after a breach of a limit, or a call that was dropped.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, Once, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use kernel::OrgId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, interval, timeout},
};

use super::process::{Executable, Process, Spawner};

/// How long a call waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// Processes that wait for their first organization.
const FRESH: usize = 2;
/// Calls after which a process is replaced.
const MAX_CALLS: u32 = 100;
/// Time at work after which a process is replaced. Below the limit of processor time that it is given.
const MAX_WORK: Duration = Duration::from_secs(300);

#[derive(Clone, Debug)]
pub struct Options {
    /// Programs that run at once.
    pub slots: usize,
    /// What is started for them.
    pub executable: Executable,
    /// How long a process waits for the next call of its organization.
    pub idle: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { slots: 8, executable: Executable::default(), idle: Duration::from_secs(60) }
    }
}

pub struct Pool {
    slots: Arc<Semaphore>,
    max_slots: usize,
    /// Each organization's part of them.
    shares: Mutex<HashMap<OrgId, Weak<Semaphore>>>,
    spawner: Spawner,
    resting: Mutex<Resting>,
    alive: Arc<AtomicUsize>,
    idle: Duration,
    refilling: Arc<Semaphore>,
    sweeping: Once,
    unfiltered: Once,
}

#[derive(Default)]
struct Resting {
    /// Served nobody yet.
    fresh: Vec<Held>,
    /// The longest idle first.
    idle: Vec<Idle>,
}

struct Idle {
    org: OrgId,
    since: Instant,
    held: Held,
}

/// A process, counted.
struct Held {
    process: Process,
    calls: u32,
    work: Duration,
    _counted: Counted,
}

/// Counts a process for as long as it is held.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        metrics::gauge!("steward_sandbox_processes").increment(1);
        Self(alive.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
        metrics::gauge!("steward_sandbox_processes").decrement(1);
    }
}

/// A process for one call. Dropped, it is killed, and its slot is free.
pub struct Lease {
    held: Held,
    org: OrgId,
    pool: Arc<Pool>,
    since: Instant,
    _turn: (OwnedSemaphorePermit, OwnedSemaphorePermit),
}

/// Why there is no process for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Busy,
    /// The log says why.
    CannotStart,
}

impl Refusal {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Busy => "too many programs run at once; try again later",
            Self::CannotStart => "the sandbox cannot be started; the server's log says why",
        }
    }
}

impl Pool {
    pub fn new(options: Options) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(options.slots)),
            max_slots: options.slots,
            shares: Mutex::default(),
            spawner: Spawner::new(options.executable),
            resting: Mutex::default(),
            alive: Arc::default(),
            idle: options.idle,
            refilling: Arc::new(Semaphore::new(1)),
            sweeping: Once::new(),
            unfiltered: Once::new(),
        }
    }

    /// Waits for the organization's turn, and hands out a process that served no other.
    pub async fn lease(self: &Arc<Self>, org: OrgId) -> Result<Lease, Refusal> {
        let began = Instant::now();
        let turn = timeout(PATIENCE, self.turn(org)).await.map_err(|_| Refusal::Busy)?;
        metrics::histogram!("steward_sandbox_wait_seconds").record(began.elapsed());
        let held = match self.take(org) {
            Some(held) => held,
            None => self.start().await?,
        };
        self.keep_fresh();
        self.keep_sweeping();
        Ok(Lease { held, org, pool: self.clone(), since: Instant::now(), _turn: turn })
    }

    async fn turn(&self, org: OrgId) -> (OwnedSemaphorePermit, OwnedSemaphorePermit) {
        let (share, slots) = (self.share(org), self.slots.clone());
        loop {
            // neither semaphore is ever closed
            if let Ok(of_share) = share.clone().acquire_owned().await
                && let Ok(of_all) = slots.clone().acquire_owned().await
            {
                return (of_share, of_all);
            }
        }
    }

    /// Half of the slots, at least one.
    fn share(&self, org: OrgId) -> Arc<Semaphore> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = shares.get(&org).and_then(Weak::upgrade) {
            return share;
        }
        shares.retain(|_, share| share.strong_count() > 0);
        let share = Arc::new(Semaphore::new((self.max_slots / 2).max(1)));
        shares.insert(org, Arc::downgrade(&share));
        share
    }

    /// One that the organization used before, else a fresh one.
    fn take(&self, org: OrgId) -> Option<Held> {
        let mut resting = self.resting();
        while let Some(at) = resting.idle.iter().rposition(|idle| idle.org == org) {
            let mut idle = resting.idle.remove(at);
            if idle.held.process.is_alive() {
                return Some(idle.held);
            }
        }
        while let Some(mut held) = resting.fresh.pop() {
            if held.process.is_alive() {
                return Some(held);
            }
        }
        None
    }

    async fn start(&self) -> Result<Held, Refusal> {
        // counted before it is there, so that the bound holds for those that are being started
        let counted = Counted::new(&self.alive);
        while self.alive.load(Ordering::SeqCst) > self.max_alive() && self.end_longest_idle() {}
        let process = self.spawner.spawn().await.map_err(|reason| {
            tracing::error!(reason, "a process of the sandbox cannot be started");
            Refusal::CannotStart
        })?;
        if !process.filtered {
            self.unfiltered.call_once(|| {
                tracing::warn!("this kernel cannot filter system calls; the sandbox's processes run without");
            });
        }
        Ok(Held { process, calls: 0, work: Duration::ZERO, _counted: counted })
    }

    #[cfg(test)]
    pub fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }

    /// Running ones fill the slots, and as many again may rest.
    fn max_alive(&self) -> usize {
        2 * self.max_slots
    }

    fn end_longest_idle(&self) -> bool {
        let mut resting = self.resting();
        if resting.idle.is_empty() {
            return resting.fresh.pop().is_some();
        }
        resting.idle.remove(0);
        true
    }

    /// Replaces fresh ones that were handed out, in the background.
    fn keep_fresh(self: &Arc<Self>) {
        let Ok(only_one) = self.refilling.clone().try_acquire_owned() else { return };
        let pool = self.clone();
        tokio::spawn(async move {
            let _only_one = only_one;
            while pool.wants_fresh() {
                let Ok(held) = pool.start().await else { return };
                pool.resting().fresh.push(held);
            }
        });
    }

    fn wants_fresh(&self) -> bool {
        let room = self.alive.load(Ordering::SeqCst) < self.max_alive();
        room && self.resting().fresh.len() < FRESH.min(self.max_slots)
    }

    /// Ends what is idle for long, as long as the pool is there.
    fn keep_sweeping(self: &Arc<Self>) {
        self.sweeping.call_once(|| {
            let (pool, mut tick) = (Arc::downgrade(self), interval(self.idle / 4));
            tokio::spawn(async move {
                loop {
                    tick.tick().await;
                    let Some(pool) = pool.upgrade() else { return };
                    pool.sweep();
                }
            });
        });
    }

    fn sweep(&self) {
        let mut resting = self.resting();
        resting.idle.retain_mut(|idle| idle.since.elapsed() < self.idle && idle.held.process.is_alive());
        resting.fresh.retain_mut(|held| held.process.is_alive());
    }

    fn resting(&self) -> MutexGuard<'_, Resting> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub fn process(&mut self) -> &mut Process {
        &mut self.held.process
    }

    /// Gives the process back after a call that kept to its limits.
    pub fn give_back(self) {
        let Self { mut held, org, pool, since, _turn } = self;
        held.calls += 1;
        held.work += since.elapsed();
        if held.calls < MAX_CALLS && held.work < MAX_WORK {
            pool.resting().idle.push(Idle { org, since: Instant::now(), held });
        }
    }
}
