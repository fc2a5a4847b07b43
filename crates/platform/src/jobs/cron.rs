//! Periodic tasks, run by one process at a time.
//!
//! The leader holds a lease on a row; when it dies, another takes over after at most one lease. When a task
//! fired last is stored, so a restart neither skips a firing nor repeats one; firings that were missed
//! while no leader ran are made up for once.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Result;
use tokio_util::sync::CancellationToken;

use crate::db::{Db, Work};

type Task = Arc<dyn Fn(Db) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// The periodic tasks of the product.
#[derive(Clone, Default)]
pub struct Cron {
    tasks: Vec<(&'static str, TimeDelta, Task)>,
}

impl Cron {
    /// Adds a reconciler: it takes no input, compares what should be with what is, and may run at any time.
    pub fn every<F, Fut>(&mut self, period: TimeDelta, name: &'static str, task: F)
    where
        F: Fn(Db) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.tasks.push((name, period, Arc::new(move |db| Box::pin(task(db)))));
    }

    /// Takes over the tasks of another.
    pub fn extend(&mut self, other: Self) {
        self.tasks.extend(other.tasks);
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.tasks.iter().map(|(name, ..)| *name)
    }

    /// Runs the tasks that are due, while leading, until `stop`.
    pub async fn run(self, db: Db, holder: String, stop: CancellationToken) {
        let mut leadership = Leadership::new(holder, TimeDelta::seconds(15));
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = tick.tick() => {}
            }
            if !db.takes_writes() {
                continue;
            }
            match leadership.hold(&db).await {
                Ok(true) => self.fire_due(&db).await,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "cannot tell who leads"),
            }
        }
        if let Err(error) = leadership.resign(&db).await {
            tracing::warn!(%error, "the next leader waits for the lease to run out");
        }
    }

    /// Fires every task whose period has passed since it last fired.
    pub async fn fire_due(&self, db: &Db) {
        for (name, period, task) in &self.tasks {
            let outcome = match due(db, name, *period).await {
                Ok(true) => task(db.working(Work::Maintenance)).await,
                Ok(false) => continue,
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                tracing::warn!(task = name, %error, "a periodic task failed and runs again next time");
            }
        }
    }
}

/// Claims a firing. The row is written before the task runs: a task that fails waits for its next turn.
async fn due(db: &Db, name: &str, period: TimeDelta) -> Result<bool> {
    let now = db.clock().now();
    let mut tx = db.working(Work::Machine).system("periodic tasks belong to no organization").await?;
    let query = "insert into cron_tasks (name, last_fired_at) values ($1, $2)
        on conflict (name) do update set last_fired_at = $2 where cron_tasks.last_fired_at <= $3";
    let fired = sqlx::query(query).bind(name).bind(now).bind(now - period).execute(tx.conn()).await?;
    tx.commit().await?;
    Ok(fired.rows_affected() == 1)
}

/// A lease on the role of leader. A row rather than an advisory lock, so that it works through PgBouncer.
pub struct Leadership {
    /// Of what.
    name: String,
    holder: String,
    lease: TimeDelta,
    until: Option<DateTime<Utc>>,
}

impl Leadership {
    /// Of the periodic tasks.
    pub fn new(holder: String, lease: TimeDelta) -> Self {
        Self::over("cron".into(), holder, lease)
    }

    /// Of what has this name.
    pub fn over(name: String, holder: String, lease: TimeDelta) -> Self {
        Self { name, holder, lease, until: None }
    }

    /// Takes or renews the lease; answers whether this process leads. The database is asked only when a third of
    /// the lease is over.
    pub async fn hold(&mut self, db: &Db) -> Result<bool> {
        let now = db.clock().now();
        if self.until.is_some_and(|until| until - now > self.lease * 2 / 3) {
            return Ok(true);
        }
        let mut tx = db.working(Work::Machine).system("one leader for all organizations").await?;
        let query = "insert into leaders (name, holder, fence, lease_until) values ($4, $1, 1, $2)
            on conflict (name) do update set holder = $1, lease_until = $2,
                fence = leaders.fence + (leaders.holder <> $1)::int
            where leaders.holder = $1 or leaders.lease_until < $3";
        let until = now + self.lease;
        let held = sqlx::query(query).bind(&self.holder).bind(until).bind(now).bind(&self.name);
        let held = held.execute(tx.conn()).await?;
        tx.commit().await?;
        self.until = (held.rows_affected() == 1).then_some(until);
        Ok(self.until.is_some())
    }

    /// Gives the lease up, so that another process leads at once.
    pub async fn resign(&mut self, db: &Db) -> Result<()> {
        if self.until.take().is_none() {
            return Ok(());
        }
        let mut tx = db.working(Work::Machine).system("one leader for all organizations").await?;
        sqlx::query("delete from leaders where name = $2 and holder = $1")
            .bind(&self.holder)
            .bind(&self.name)
            .execute(tx.conn())
            .await?;
        tx.commit().await
    }
}
