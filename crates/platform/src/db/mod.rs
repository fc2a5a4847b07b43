//! The database and the two ways to reach it.
//!
//! Every connection works as the role `steward_tenant`, which owns nothing: row-level security shows it the
//! rows of the organization that the transaction names, and none when it names none. [`TenantTx`] names
//! one. [`Db::system`] is the exception that can be searched for: it works as the owner of the tables, sees every
//! organization, and says why.

mod disk;
pub mod embedded;
mod health;
mod hints;
mod keepalive;
mod partitions;
mod pools;
pub mod schema;
mod scope;
mod tenant_tx;
mod timeouts;
mod transaction;

use std::{
    ops::DerefMut,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use kernel::{Clock, Error, OrgId, Result, Secret};
use sqlx::PgConnection;
use tokio::sync::Notify;
use uuid::Uuid;

pub use disk::Disk;
pub use health::watch_over;
pub use hints::exchange_hints;
pub use partitions::{Partitioned, maintain_partitions, make_partitions};
pub use scope::{Actor, Origin, Reach, Scope};
pub use tenant_tx::TenantTx;
pub use timeouts::Work;

use crate::jobs::{Hint, Hints, Subscription};
use health::{Begun, Health};
pub use pools::PoolState;
use pools::Pools;

/// The oldest pgvector that has iterative index scans, which filtered semantic search needs.
const PGVECTOR: (u32, u32) = (0, 8);

/// A commit that does not wait for the disk. What it committed is never there in part, nor without what was committed before it.
const DEFERRED: &str = "; set local synchronous_commit = off";

/// Connections and what a transaction needs besides.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    work: Work,
}

struct Inner {
    pools: Pools,
    health: Health,
    clock: Arc<dyn Clock>,
    subscriptions: Vec<Subscription>,
    job_hints: Hints,
    events_added: Notify,
    committed: Notify,
    listeners: AtomicUsize,
}

/// How to connect.
pub struct Options {
    pub url: Secret<String>,
    pub max_connections: u32,
    pub clock: Arc<dyn Clock>,
    /// Which jobs each event starts.
    pub subscriptions: Vec<Subscription>,
}

impl Db {
    /// Connects without touching the schema.
    ///
    /// # Errors
    /// [`kernel::Error::Unavailable`] when the server cannot be reached within ten seconds; `database_unusable` when it
    /// refuses, such as a wrong password.
    pub async fn connect(options: Options) -> Result<Self> {
        let db = Self::lazy(options)?;
        db.connection().await.map_err(refused)?;
        Ok(db)
    }

    /// A pool that connects when it is first used. Call it inside a runtime.
    pub fn lazy(options: Options) -> Result<Self> {
        let inner = Inner {
            pools: Pools::new(&options.url, options.max_connections)?,
            health: Health::default(),
            clock: options.clock,
            subscriptions: options.subscriptions,
            job_hints: Hints::default(),
            events_added: Notify::new(),
            committed: Notify::new(),
            listeners: AtomicUsize::new(0),
        };
        Ok(Self { inner: Arc::new(inner), work: Work::Request })
    }

    /// The same database for another kind of work, whose limits its transactions get.
    #[must_use]
    pub fn working(&self, work: Work) -> Self {
        Self { inner: self.inner.clone(), work }
    }

    /// A transaction of one organization.
    pub async fn tenant(&self, scope: Scope) -> Result<TenantTx> {
        self.begin(scope, "").await
    }

    /// [`Db::tenant`] whose commit does not wait for the disk: what a machine that fails within that moment may lose.
    pub(crate) async fn tenant_deferred(&self, scope: Scope) -> Result<TenantTx> {
        self.begin(scope, DEFERRED).await
    }

    async fn begin(&self, scope: Scope, settings: &'static str) -> Result<TenantTx> {
        // One round trip. The organization and the nodes are UUIDs, so the text is safe.
        let settings = format!(
            "set local role steward_tenant; set local app.org_id = '{}'; set local app.nodes = '{}'; {}{settings}",
            scope.org.uuid().simple(),
            scope.reach.setting(),
            self.work.limits(),
        );
        Ok(TenantTx::new(self.clone(), self.open(settings).await?.tx, scope))
    }

    /// A transaction that sees every organization, for work that belongs to none: claiming jobs, finding whose
    /// token this is, retention. The reason is for the reader of the code.
    pub async fn system(&self, _reason: &'static str) -> Result<SystemTx> {
        self.begin_system("").await
    }

    /// [`Db::system`] whose commit does not wait for the disk, like that of [`Db::tenant_deferred`].
    pub(crate) async fn system_deferred(&self, _reason: &'static str) -> Result<SystemTx> {
        self.begin_system(DEFERRED).await
    }

    async fn begin_system(&self, settings: &'static str) -> Result<SystemTx> {
        Ok(SystemTx(self.open(format!("set local role none; {}{settings}", self.work.limits())).await?))
    }

    /// A connection as the server's role has it, which sees no rows of any tenant. For health checks and hints.
    pub async fn connection(&self) -> Result<impl DerefMut<Target = PgConnection> + use<>, sqlx::Error> {
        self.inner.pools.lend(self.work).await
    }

    /// How many connections there are for this kind of work.
    pub fn connections(&self) -> PoolState {
        self.inner.pools.connections(self.work)
    }

    /// Closes every connection, once what it does has ended.
    pub async fn close(&self) {
        self.inner.pools.close().await;
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// The clock itself, for whoever must agree with the database on the time.
    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        self.inner.clock.clone()
    }

    /// Jobs were committed, of whichever organizations: tells the workers of every process.
    pub(crate) fn announce(&self, hints: Vec<Hint>) {
        if !hints.is_empty() {
            self.inner.job_hints.tell_all(hints);
            self.inner.committed.notify_one();
        }
    }

    /// What was committed to the queue, by this process or as another one hinted.
    pub(crate) fn job_hints(&self) -> &Hints {
        &self.inner.job_hints
    }

    /// Wakes when an event was committed, by this process or as another one hinted.
    pub(crate) fn events_added(&self) -> &Notify {
        &self.inner.events_added
    }

    /// Wakes once for all that this process committed since it was last waited for.
    fn committed(&self) -> &Notify {
        &self.inner.committed
    }

    /// Something may have been committed unseen: look.
    fn wake(&self) {
        self.inner.job_hints.tell(Hint::Look);
        self.inner.events_added.notify_waiters();
    }

    /// Whether other processes' hints are heard, so that polls need not be quick.
    pub(crate) fn hears(&self) -> bool {
        self.inner.listeners.load(Ordering::Relaxed) > 0
    }

    /// Hints are heard for as long as this lives.
    fn listening(&self) -> Listening {
        self.inner.listeners.fetch_add(1, Ordering::Relaxed);
        Listening(self.clone())
    }

    /// What a commit with this event puts into the queue.
    pub(crate) fn subscriptions_to(&self, event: &str) -> Vec<Subscription> {
        let waiting = self.inner.subscriptions.iter();
        waiting.filter(|waiting| waiting.event == event && !waiting.is_following()).copied().collect()
    }

    /// What is put into the queue by following the log.
    pub(crate) fn following(&self) -> Vec<Subscription> {
        self.inner.subscriptions.iter().filter(|waiting| waiting.is_following()).copied().collect()
    }

    /// Checks the version of the server and makes sure that pgvector is there.
    ///
    /// # Errors
    /// A message that says what to install.
    pub async fn prepare(&self) -> Result<()> {
        let mut tx = self.working(Work::Migration).system("extensions belong to the database").await?;
        let version: String = sqlx::query_scalar("show server_version_num").fetch_one(tx.conn()).await?;
        if version.parse::<u32>().unwrap_or_default() < 150_000 {
            return Err(unusable(format!("PostgreSQL 15 or later is needed, this server is {version}")));
        }
        // Another Steward on this server brought it, or an administrator.
        let foreign: bool = sqlx::query_scalar(
            "select exists (select from pg_roles where rolname = 'steward_tenant' and not pg_has_role(oid, 'member'))",
        )
        .fetch_one(tx.conn())
        .await?;
        if foreign {
            let remedy = "the login role may not become the role steward_tenant, which exists on this server: run \
                          `grant steward_tenant to <login role>` as superuser";
            return Err(unusable(remedy.into()));
        }
        // Two that begin at once would both find it missing.
        schema::wait_for_turn(&mut tx).await?;
        let created = sqlx::query("create extension if not exists vector").execute(tx.conn()).await;
        if let Err(error) = created {
            let remedy = "pgvector 0.8 or later is needed: install it on the server (package postgresql-NN-pgvector), \
                          and, if the login role may not create extensions, run `create extension vector` as superuser";
            return Err(unusable(format!("{remedy} ({error})")));
        }
        let version: String =
            sqlx::query_scalar("select extversion from pg_extension where extname = 'vector'")
                .fetch_one(tx.conn())
                .await?;
        let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
        if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < PGVECTOR {
            return Err(unusable(format!("pgvector 0.8 or later is needed, the server has {version}")));
        }
        tx.commit().await
    }
}

/// See [`Db::hears`].
struct Listening(Db);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.inner.listeners.fetch_sub(1, Ordering::Relaxed);
        // Something may have been missed meanwhile.
        self.0.wake();
    }
}

/// The server answered, and does not let us in.
fn refused(error: sqlx::Error) -> kernel::Error {
    match error {
        sqlx::Error::Database(said) => {
            unusable(format!("the server refuses the connection: {}", said.message()))
        }
        // Nobody else has a connection yet.
        sqlx::Error::PoolTimedOut => kernel::Error::unavailable("the database cannot be reached"),
        other => other.into(),
    }
}

fn unusable(detail: String) -> kernel::Error {
    kernel::Error::invalid("database_unusable", detail)
}

/// A transaction over all organizations; see [`Db::system`].
pub struct SystemTx(Begun);

impl SystemTx {
    pub fn conn(&mut self) -> &mut PgConnection {
        self.0.tx.conn()
    }

    /// Whether anything can be stored. What is only noted by the way is left out when not.
    pub const fn takes_writes(&self) -> bool {
        self.0.takes_writes
    }

    pub async fn commit(self) -> Result<()> {
        Ok(self.0.tx.commit().await?)
    }
}

/// The violated constraint of a database error, by which a query maps it to a code.
pub fn violated(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.constraint()
}

/// Why a row could not be locked to be changed: there is none that this transaction may see, or it may see it and no more,
/// because a node above owns it.
pub fn not_changeable(what: &'static str, seen: bool) -> Error {
    if !seen {
        return Error::NotFound(what);
    }
    let detail = format!(
        "this {what} belongs to a node above yours, or to the whole organization; you may use it, not change it"
    );
    Error::forbidden("forbidden", detail)
}

/// An id that ties together all that one request or job led to.
pub(crate) fn new_correlation(clock: &dyn Clock) -> Uuid {
    kernel::EventId::new(clock.now()).uuid()
}

impl Db {
    /// The scope of work that no person asked for, such as a periodic task of an organization.
    pub fn system_scope(&self, org: OrgId, name: &'static str) -> Scope {
        Scope {
            org,
            reach: Reach::Everywhere,
            home: None,
            actor: Actor::System { name: name.into() },
            origin: Origin::default(),
            correlation: new_correlation(self.clock()),
            causation: None,
        }
    }
}
