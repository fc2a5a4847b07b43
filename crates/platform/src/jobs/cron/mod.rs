//! Periodic tasks, each leased by itself.
//!
//! A task is a row of `cron_tasks`. Every process looks a few seconds apart, takes what is due and what somebody died over, and renews what
//! it has at work ([`runner`]); no process leads. A task is at work once at a time, whoever has it: one that is still at work when its time
//! comes again fires when it is done. What was missed while nobody ran is made up for once. Times are the database's.
//!
//! Tasks run beside each other. One that fails or panics waits for its next turn and ends nobody else; one whose lease was lost is stopped
//! where it waits, because somebody else may be at it by now. docs/cron.md has every state and what may happen in it.

mod routes;
mod runner;
mod store;

use std::{pin::Pin, sync::Arc, time::Duration};

use chrono::TimeDelta;
use kernel::Result;
use tokio_util::sync::CancellationToken;

pub use routes::routes;
pub use store::{CronOutcome, CronState};

use crate::db::{Db, Work};
use runner::Runner;

type Run = Arc<dyn Fn(Db) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

#[derive(Clone)]
struct Task {
    name: &'static str,
    period: TimeDelta,
    run: Run,
}

/// How often a process looks, and how long it is believed to live after that.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// After this long another process takes over from a dead one.
    pub lease: Duration,
    /// The longest pause between two looks: well below the lease, which each look renews.
    pub look: Duration,
    /// The shortest pause, whatever is due.
    pub least: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let [lease, look, least] = [15, 5, 1].map(Duration::from_secs);
        Self { lease, look, least }
    }
}

/// The periodic tasks of the product.
#[derive(Clone, Default)]
pub struct Cron {
    tasks: Vec<Task>,
    pace: Pace,
}

impl Cron {
    /// None yet, which will be run at this pace.
    pub fn at(pace: Pace) -> Self {
        Self { tasks: Vec::new(), pace }
    }

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

    /// Runs what is due, together with all other processes of the database, until `stop`. `holder` names this one.
    pub async fn run(self, db: Db, holder: String, stop: CancellationToken) {
        Runner::new(self, db, holder).run(stop).await;
    }

    /// Fires what is due at this moment, and waits until it has ended.
    pub async fn fire_due(&self, db: &Db) {
        let holder = uuid::Uuid::new_v4().simple().to_string();
        Runner::new(self.clone(), db.clone(), holder).run_once().await;
    }

    /// How every task stands, in the order of their names. One that no process has looked at yet is left out.
    pub async fn states(&self, db: &Db) -> Result<Vec<CronState>> {
        let (names, periods) = self.columns(|_| true);
        let mut tx = db.working(Work::Machine).system("periodic tasks belong to no organization").await?;
        let states = store::states(&mut tx, &names, &periods).await?;
        tx.commit().await?;
        Ok(states)
    }

    /// Names and periods in milliseconds, as the store takes them.
    fn columns(&self, these: impl Fn(&str) -> bool) -> (Vec<&'static str>, Vec<i64>) {
        let tasks = self.tasks.iter().filter(|task| these(task.name));
        tasks.map(|task| (task.name, task.period.num_milliseconds())).unzip()
    }
}
