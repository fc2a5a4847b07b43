//! The queue as a measurement uses it: an empty one, jobs of a few organizations, a worker. All that is known of its tables is here and in
//! the `.sql` files beside.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use kernel::{OrgId, Result, Secret, SystemClock};
use platform::{
    db::{self, Db},
    jobs::{NewJob, Options, Outcome, Queue, Registry, Worker},
};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// Jobs that run at once.
const SLOTS: usize = 24;
/// Connections: as many as its peers get.
const CONNECTIONS: u32 = 26;
/// Jobs in one transaction, where many are put in.
pub const ENOUGH: usize = 1_000;
const KIND: &str = "noop";

pub struct Bench {
    pub db: Db,
    url: String,
    pub orgs: Vec<OrgId>,
}

/// A worker at work.
pub struct Working {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Working {
    pub async fn end(self) {
        self.stop.cancel();
        let _ = self.task.await;
    }
}

impl Bench {
    /// An empty queue.
    pub async fn open(url: String) -> Result<Self> {
        let db = connect(&url).await?;
        let mut tx = db.system("a measurement begins with an empty queue").await?;
        sqlx::raw_sql(include_str!("empty.sql")).execute(tx.conn()).await?;
        let orgs =
            sqlx::query_scalar("select id from organizations where slug like 'bench-queue-%' order by slug")
                .fetch_all(tx.conn())
                .await?;
        tx.commit().await?;
        Ok(Self { db, url, orgs })
    }

    /// The same as another process sees it.
    pub async fn as_another(&self) -> Result<Self> {
        Ok(Self { db: connect(&self.url).await?, url: self.url.clone(), orgs: self.orgs.clone() })
    }

    /// Enqueues in one transaction.
    pub async fn put(&self, org: OrgId, jobs: usize) -> Result<()> {
        let mut tx = self.db.tenant(self.db.system_scope(org, "bench")).await?;
        tx.enqueue_all((0..jobs).map(|n| NewJob::new(KIND, json!({ "n": n }))).collect()).await?;
        tx.commit().await
    }

    /// Enqueues many, in large transactions of each organization in turn.
    pub async fn put_many(&self, jobs: usize) -> Result<()> {
        for (from, org) in (0..jobs).step_by(ENOUGH).zip(self.orgs.iter().cycle()) {
            self.put(*org, ENOUGH.min(jobs - from)).await?;
        }
        Ok(())
    }

    /// What a vacuum that comes by itself would have done by then.
    pub async fn settle(&self) -> Result<()> {
        sqlx::raw_sql("vacuum analyze jobs").execute(&mut self.owner().await?).await?;
        Ok(())
    }

    /// A connection of the tables' owner, without any limits.
    pub async fn owner(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect(&self.url).await?)
    }

    pub async fn is_empty(&self) -> Result<bool> {
        let mut tx = self.db.system("a measurement waits for the last end").await?;
        Ok(sqlx::query_scalar("select not exists (select from jobs)").fetch_one(tx.conn()).await?)
    }

    pub fn work(&self, registry: Registry, ahead: usize) -> Working {
        let options = Options {
            worker: "bench".into(),
            queues: vec![Queue { name: "default", slots: SLOTS, ahead }],
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(10),
        };
        let stop = CancellationToken::new();
        let task = tokio::spawn(Worker::new(self.db.clone(), registry, options).run(stop.clone()));
        Working { stop, task }
    }
}

async fn connect(url: &str) -> Result<Db> {
    let url = Secret::new(url.to_owned());
    let options = db::Options {
        url,
        max_connections: CONNECTIONS,
        clock: Arc::new(SystemClock),
        subscriptions: Vec::new(),
    };
    Db::connect(options).await
}

/// Who ends a job, and when that is on the disk.
#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// Its handler, each by a durable commit of its own.
    Singly,
    /// The worker, by one commit for all that ended meanwhile.
    InBatches,
}

impl Ends {
    /// Jobs that are claimed ahead of those that run, so that the claims are as large as the measurement says.
    pub const fn ahead(self) -> usize {
        match self {
            Self::Singly => SLOTS,
            Self::InBatches => 500,
        }
    }
}

/// Counts the jobs that began.
#[derive(Default)]
pub struct Count {
    awaited: usize,
    begun: AtomicUsize,
    first: OnceLock<Instant>,
    reached: Notify,
}

impl Count {
    /// Says when this many have.
    pub fn to(awaited: usize) -> Arc<Self> {
        Arc::new(Self { awaited, ..Self::default() })
    }

    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    fn add(&self) {
        self.first.get_or_init(Instant::now);
        if self.begun.fetch_add(1, Ordering::Relaxed) + 1 == self.awaited {
            self.reached.notify_one();
        }
    }

    /// Answers when the first of them began.
    pub async fn reached(&self) -> Instant {
        self.reached.notified().await;
        *self.first.get_or_init(Instant::now)
    }

    /// Handlers that do nothing but end their jobs.
    pub fn handlers(self: &Arc<Self>, ends: Ends) -> Registry {
        let (count, mut registry) = (self.clone(), Registry::default());
        registry.add(KIND, move |_: serde_json::Value, context| {
            let count = count.clone();
            async move {
                count.add();
                if matches!(ends, Ends::Singly) {
                    let tx = context.tx().await?;
                    context.finish(tx).await?;
                }
                Ok(Outcome::Done)
            }
        });
        registry
    }
}
