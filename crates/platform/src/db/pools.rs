//! The connections: a pool for requests and jobs, and a small one for what the machine needs itself.
//!
//! Requests that take every connection of theirs must keep no lease from being renewed and no process from being ready.
//! When the database was away both pools are made anew: of the old connections nobody knows which still lead anywhere, and
//! each would fail the request that gets it.

use std::sync::{PoisonError, RwLock};

use kernel::{Error, Result, Secret};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{Work, keepalive, timeouts};

/// Connections of the machine itself; one listens for hints.
const MACHINE: u32 = 4;

pub(super) struct Pools {
    pub(super) server: PgConnectOptions,
    connections: u32,
    open: RwLock<Open>,
}

#[derive(Clone)]
struct Open {
    work: PgPool,
    machine: PgPool,
}

impl Pools {
    /// Pools that connect when they are first used.
    pub(super) fn new(url: &Secret<String>, connections: u32) -> Result<Self> {
        let wrong = |_| Error::field("invalid_setting", "--database-url", "is no PostgreSQL URL");
        let server: PgConnectOptions = url.expose().parse().map_err(wrong)?;
        let open = RwLock::new(Open::new(&server, connections));
        Ok(Self { server, connections, open })
    }

    pub(super) fn of(&self, work: Work) -> PgPool {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        match work {
            Work::Machine => open.machine.clone(),
            _ => open.work.clone(),
        }
    }

    /// Lets go of every connection: those in use when their work is done.
    pub(super) fn renew(&self) {
        let fresh = Open::new(&self.server, self.connections);
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *open, fresh);
        drop(open);
        tokio::spawn(async move { old.close().await });
    }

    /// Closes every connection, once what it does has ended.
    pub(super) async fn close(&self) {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner).clone();
        open.close().await;
    }
}

impl Open {
    fn new(server: &PgConnectOptions, connections: u32) -> Self {
        let port = server.get_port();
        let pool = |connections| {
            PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(timeouts::ACQUIRE)
                // A transaction that cannot begin over one begins over the next.
                .test_before_acquire(false)
                .after_connect(move |connection, _| {
                    keepalive::of_connections_to(port);
                    Box::pin(async { sqlx::query(timeouts::SESSION).execute(connection).await.map(drop) })
                })
                .connect_lazy_with(server.clone())
        };
        Self { work: pool(connections), machine: pool(MACHINE) }
    }

    async fn close(&self) {
        tokio::join!(self.work.close(), self.machine.close());
    }
}
