//! Periodic tasks, run by one process at a time.
//!
//! The leader holds a lease on a row; when it dies, another takes over after at most one lease. When a task
//! fired last is stored, so a restart neither skips a firing nor repeats one; firings that were missed
//! while no leader ran are made up for once.
//!
//! Tasks run beside each other and beside the renewal of the lease, so that a long one delays nothing. One that is still at work when its
//! time comes again fires when it is done. A process that has lost the lease stops what it has under way: somebody else may be at it by now.

use std::{collections::HashMap, pin::Pin, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use kernel::Result;
use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::Leadership;
use crate::db::{Db, SystemTx, Work};

/// After this long another process takes over from a dead one.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// Longest wait for the database in a look at the lease and at what is due: shorter than what is left of a lease when it is renewed.
const PATIENCE: Duration = Duration::from_secs(5);

type Run = Arc<dyn Fn(Db) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

#[derive(Clone)]
struct Task {
    name: &'static str,
    period: TimeDelta,
    run: Run,
}

/// The periodic tasks of the product.
#[derive(Clone, Default)]
pub struct Cron {
    tasks: Vec<Task>,
}

impl Cron {
    /// Adds a reconciler: it takes no input, compares what should be with what is, and may run at any time. It may be stopped wherever it
    /// waits.
    pub fn every<F, Fut>(&mut self, period: TimeDelta, name: &'static str, task: F)
    where
        F: Fn(Db) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.tasks.push(Task { name, period, run: Arc::new(move |db| Box::pin(task(db))) });
    }

    /// Takes over the tasks of another.
    pub fn extend(&mut self, other: Self) {
        self.tasks.extend(other.tasks);
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.tasks.iter().map(|task| task.name)
    }

    /// Runs the tasks that are due, while leading, until `stop`.
    pub async fn run(self, db: Db, holder: String, stop: CancellationToken) {
        let mut leadership = Leadership::new(holder, LEASE);
        let mut at_work = AtWork::default();
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = tick.tick() => {}
            }
            match timeout(PATIENCE, self.turn(&db, &mut leadership, &mut at_work)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "cannot tell who leads, or what is due"),
                Err(_) => tracing::warn!("the database does not say in time who leads, or what is due"),
            }
            if !leadership.lasts(&db) {
                at_work.stop().await;
            }
        }
        at_work.stop().await;
        if let Err(error) = leadership.resign(&db).await {
            tracing::warn!(%error, "the next leader waits for the lease to run out");
        }
    }

    async fn turn(&self, db: &Db, leadership: &mut Leadership, at_work: &mut AtWork) -> Result<()> {
        if db.takes_writes() && leadership.hold(db).await? {
            for task in self.claim(db, at_work).await? {
                let task = task.clone();
                at_work.0.insert(task.name, AbortOnDropHandle::new(tokio::spawn(task.fire(db.clone()))));
            }
        }
        Ok(())
    }

    /// Fires every task whose period has passed since it last fired, and waits for them.
    pub async fn fire_due(&self, db: &Db) {
        match self.claim(db, &AtWork::default()).await {
            Ok(due) => drop(join_all(due.into_iter().map(|task| task.clone().fire(db.clone()))).await),
            Err(error) => tracing::warn!(%error, "cannot tell what is due"),
        }
    }

    /// Claims the firings of this moment, of tasks that are not at work. They are written before the tasks run: one that fails waits for its next turn.
    async fn claim(&self, db: &Db, at_work: &AtWork) -> Result<Vec<&Task>> {
        let now = db.clock().now();
        let mut tx = db.working(Work::Machine).system("periodic tasks belong to no organization").await?;
        let mut due = Vec::new();
        for task in &self.tasks {
            if !at_work.has(task.name) && task.claim(&mut tx, now).await? {
                due.push(task);
            }
        }
        tx.commit().await?;
        Ok(due)
    }
}

impl Task {
    async fn claim(&self, tx: &mut SystemTx, now: DateTime<Utc>) -> Result<bool> {
        let query = "insert into cron_tasks (name, last_fired_at) values ($1, $2)
            on conflict (name) do update set last_fired_at = $2 where cron_tasks.last_fired_at <= $3";
        let fired = sqlx::query(query).bind(self.name).bind(now).bind(now - self.period);
        Ok(fired.execute(tx.conn()).await?.rows_affected() == 1)
    }

    async fn fire(self, db: Db) {
        if let Err(error) = (self.run)(db.working(Work::Maintenance)).await {
            tracing::warn!(task = self.name, %error, "a periodic task failed and runs again next time");
        }
    }
}

/// The tasks that were fired here, by name.
#[derive(Default)]
struct AtWork(HashMap<&'static str, AbortOnDropHandle<()>>);

impl AtWork {
    fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|task| !task.is_finished())
    }

    /// Stops them where they wait; what they have not committed is taken back.
    async fn stop(&mut self) {
        for task in self.0.values() {
            task.abort();
        }
        join_all(self.0.drain().map(|(_, task)| task)).await;
    }
}
