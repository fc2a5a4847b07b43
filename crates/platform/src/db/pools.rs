//! The connections: a pool for requests and jobs, and a small one for what the machine needs itself.
//!
//! Requests that take every connection of theirs must keep no lease from being renewed and no process from being ready.
//! When the database was away both pools are made anew: of the old connections nobody knows which still lead anywhere, and
//! each would fail the request that gets it.
//!
//! A connection that comes back is not asked whether it is well: that would be one more message for each transaction, and the next
//! [`Transaction`](super::transaction::Transaction) finds out as well.

use std::{
    io::ErrorKind,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use deadpool::{
    Runtime,
    managed::{self, Metrics, Object, Pool, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts},
};
use kernel::{Error, Result, Secret};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use super::{Work, keepalive, timeouts};

/// Connections of the machine itself, besides the one that listens for hints.
const MACHINE: u32 = 3;
/// A connection ends at this age: what a session gathers in its process, such as what it knows of tables, grows.
const OLDEST: Duration = Duration::from_mins(30);
/// One that nobody used for so long ends.
const IDLE: Duration = Duration::from_mins(10);
/// How soon a server that refuses connections is tried again: at first, and at last.
const AGAIN: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));
/// How often to look whether what is lent has come back.
const COMES_BACK: Duration = Duration::from_millis(10);

pub(super) struct Pools {
    pub(super) server: PgConnectOptions,
    connections: u32,
    open: RwLock<Open>,
}

#[derive(Clone)]
struct Open {
    work: Pool<Server>,
    machine: Pool<Server>,
}

/// A connection that goes back when it is dropped.
pub(super) type Lent = Object<Server>;

/// How many connections there are, and how many of them nobody uses.
#[derive(Clone, Copy, Debug)]
pub struct PoolState {
    pub open: usize,
    pub idle: usize,
    pub most: usize,
}

impl Pools {
    /// Pools that connect when they are first used.
    pub(super) fn new(url: &Secret<String>, connections: u32) -> Result<Self> {
        let wrong = |_| Error::field("invalid_setting", "--database-url", "is no PostgreSQL URL");
        let server: PgConnectOptions = url.expose().parse().map_err(wrong)?;
        let open = RwLock::new(Open::new(&server, connections)?);
        Ok(Self { server, connections, open })
    }

    fn now(&self) -> Open {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn of(&self, work: Work) -> Pool<Server> {
        let open = self.now();
        if work == Work::Machine { open.machine } else { open.work }
    }

    /// Lends a connection, once one is free.
    pub(super) async fn lend(&self, work: Work) -> Result<Lent, sqlx::Error> {
        self.of(work).get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => sqlx::Error::PoolClosed,
            _ => sqlx::Error::PoolTimedOut,
        })
    }

    pub(super) fn connections(&self, work: Work) -> PoolState {
        let now = self.of(work).status();
        PoolState { open: now.size, idle: now.available, most: now.max_size }
    }

    /// Ends what nobody has used for long.
    pub(super) fn let_go_of_idle(&self) {
        for pool in self.now().all() {
            drop(pool.retain(|_, metrics| metrics.last_used() < IDLE));
        }
    }

    /// Lets go of every connection: those in use when their work is done.
    pub(super) fn renew(&self) {
        let Ok(fresh) = Open::new(&self.server, self.connections) else { return };
        let old = std::mem::replace(&mut *self.open.write().unwrap_or_else(PoisonError::into_inner), fresh);
        old.all().into_iter().for_each(Pool::close);
    }

    /// Closes every connection, once what it does has ended.
    pub(super) async fn close(&self) {
        for pool in self.now().all() {
            let unused = pool.retain(|_, _| false).removed;
            pool.close();
            for connection in unused {
                // It may be gone already.
                let _ = connection.close().await;
            }
            while pool.status().size > 0 {
                tokio::time::sleep(COMES_BACK).await;
            }
        }
    }
}

impl Open {
    fn new(server: &PgConnectOptions, connections: u32) -> Result<Self> {
        let pool = |connections: u32| {
            Pool::builder(Server(server.clone()))
                .max_size(connections as usize)
                .timeouts(Timeouts {
                    wait: Some(timeouts::ACQUIRE),
                    create: Some(timeouts::ACQUIRE),
                    recycle: None,
                })
                // Few that are busy are better than many that are seldom used.
                .queue_mode(QueueMode::Lifo)
                .runtime(Runtime::Tokio1)
                .build()
                .map_err(Error::internal)
        };
        Ok(Self { work: pool(connections)?, machine: pool(MACHINE)? })
    }

    fn all(&self) -> [&Pool<Server>; 2] {
        [&self.work, &self.machine]
    }
}

/// Makes connections to the server.
pub(super) struct Server(PgConnectOptions);

impl managed::Manager for Server {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        let mut pause = AGAIN.0;
        loop {
            match PgConnection::connect_with(&self.0).await {
                Ok(mut connection) => {
                    keepalive::of_connections_to(self.0.get_port());
                    sqlx::query(timeouts::SESSION).execute(&mut connection).await?;
                    return Ok(connection);
                }
                Err(error) if may_begin_soon(&error) => tokio::time::sleep(pause).await,
                Err(error) => return Err(error),
            }
            pause = (pause * 2).min(AGAIN.1);
        }
    }

    async fn recycle(&self, _: &mut PgConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.age() < OLDEST { Ok(()) } else { Err(RecycleError::message("it is old")) }
    }
}

/// Whether the server only begins, or has no connection left for the moment.
fn may_begin_soon(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        sqlx::Error::Database(said) => said.code().is_some_and(|code| matches!(&*code, "57P03" | "53300")),
        _ => false,
    }
}
