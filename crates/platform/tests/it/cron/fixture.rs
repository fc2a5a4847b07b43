//! Processes that run periodic tasks, and tasks whose end a test decides.

use std::time::Duration;

use chrono::TimeDelta;
use platform::{
    db::Db,
    jobs::{
        Cron,
        cron::{CronState, Pace},
    },
};
use testkit::TestDb;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// Looks far more often than a server does.
pub const PACE: Pace = Pace {
    lease: Duration::from_secs(15),
    look: Duration::from_millis(50),
    least: Duration::from_millis(10),
};
pub const MINUTE: TimeDelta = TimeDelta::minutes(1);
/// Longer than a lease, and far less than a minute.
pub const AFTER_THE_LEASE: TimeDelta = TimeDelta::seconds(16);

/// Ends a test that would hang.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("it happens")
}

pub enum End {
    Well,
    Badly,
    Panic,
}

/// A turn of a task that has begun.
pub struct Call(oneshot::Sender<End>);

impl Call {
    pub fn end(self, how: End) {
        assert!(self.0.send(how).is_ok(), "it was stopped before");
    }

    /// Waits until it is stopped from outside.
    pub async fn is_stopped(&mut self) {
        soon(self.0.closed()).await;
    }

    pub fn is_going_on(&self) -> bool {
        !self.0.is_closed()
    }
}

/// The turns of a task, in whatever process.
pub struct Calls(mpsc::UnboundedReceiver<Call>);

impl Calls {
    pub async fn next(&mut self) -> Call {
        soon(self.0.recv()).await.unwrap()
    }

    pub fn are_none(&mut self) -> bool {
        self.0.try_recv().is_err()
    }
}

/// Adds a task.
pub fn task(cron: &mut Cron, period: TimeDelta, name: &'static str) -> Calls {
    let (calls, called) = mpsc::unbounded_channel();
    cron.every(period, name, move |_| {
        let (end, told) = oneshot::channel();
        let _the_test_is_over = calls.send(Call(end));
        async move {
            match told.await {
                Ok(End::Well) => Ok(()),
                Ok(End::Badly) => Err(kernel::Error::unavailable("the test wants it so")),
                Ok(End::Panic) => panic!("the test wants a panic"),
                Err(_) => std::future::pending().await,
            }
        }
    });
    Calls(called)
}

/// A process that runs tasks.
pub struct Process {
    cron: Cron,
    db: Db,
    pub stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Process {
    pub fn start(db: &TestDb, cron: &Cron, name: &str) -> Self {
        Self::over(db.db.clone(), cron, name)
    }

    pub fn over(db: Db, cron: &Cron, name: &str) -> Self {
        let stop = CancellationToken::new();
        let running = tokio::spawn(cron.clone().run(db.clone(), name.into(), stop.clone()));
        Self { cron: cron.clone(), db, stop, running }
    }

    /// It is gone from one moment to the next.
    pub async fn kill(&mut self) {
        self.running.abort();
        let _it_was_killed = (&mut self.running).await;
    }

    /// It ends as it should.
    pub async fn end(&mut self) {
        self.stop.cancel();
        soon(&mut self.running).await.unwrap();
    }

    /// Waits until the task with this name stands so.
    pub async fn shows(&self, name: &str, so: impl Fn(&CronState) -> bool) -> CronState {
        soon(async {
            loop {
                let states = self.cron.states(&self.db).await.unwrap();
                if let Some(state) = states.into_iter().find(|state| state.name == name && so(state)) {
                    return state;
                }
                tokio::task::yield_now().await;
            }
        })
        .await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// Runs a statement past everybody.
pub async fn change(db: &TestDb, query: &'static str) -> u64 {
    let mut tx = db.db.system("a test changes a periodic task").await.unwrap();
    let changed = sqlx::query(query).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    changed.rows_affected()
}
