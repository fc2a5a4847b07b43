//! Telling other processes that something was committed.
//!
//! Inside the transaction `notify` takes a lock that serializes commits. So it is sent afterwards, by one task, once for all
//! commits of a moment. It is a hint: it may be lost, and a slow poll stands behind it. Listening needs a connection
//! of one's own; behind a pooler in transaction mode there is none, and the polls remain.

use std::time::Duration;

use kernel::Result;
use serde::{Deserialize, Serialize};
use sqlx::{
    PgExecutor,
    postgres::{PgListener, PgPoolOptions},
};
use tokio_util::sync::CancellationToken;

use super::{Db, Work, timeouts::ACQUIRE};
use crate::jobs::Hint;

const CHANNEL: &str = "steward_committed";
/// Commits that come within this time share one notification.
const COALESCE: Duration = Duration::from_millis(20);
/// How long to wait before a lost connection is made anew.
const AGAIN: Duration = Duration::from_secs(5);
/// How often to ask whether a connection is our own: under load a pooler does not always lend the same one.
const QUESTIONS: usize = 10;

/// The longest payload of a notification is just below 8000 bytes.
const LONGEST: usize = 7900;

/// What a process committed within a moment.
#[derive(Serialize, Deserialize)]
struct Committed {
    by: String,
    jobs: Vec<Hint>,
}

/// Sends this process's hints and wakes it by those of others, until `stop`. `process` tells the two apart.
pub async fn exchange_hints(db: Db, process: String, stop: CancellationToken) {
    let db = db.working(Work::Machine);
    let work = async {
        loop {
            let ended = tokio::select! {
                ended = publish(&db, &process) => ended,
                ended = listen(&db, &process) => ended,
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "no hints are exchanged; polls remain");
            }
            tokio::time::sleep(AGAIN).await;
            db.comes_back().await;
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

async fn publish(db: &Db, process: &str) -> Result<()> {
    loop {
        db.committed().notified().await;
        let mut committed = Committed { by: process.into(), jobs: db.job_hints().take_outgoing() };
        let mut payload = serde_json::to_string(&committed)?;
        if payload.len() > LONGEST {
            committed.jobs = vec![Hint::Look];
            payload = serde_json::to_string(&committed)?;
        }
        sqlx::query("select pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(payload)
            .execute(&mut *db.connection().await?)
            .await?;
        // The first of a moment is told at once, the others together.
        tokio::time::sleep(COALESCE).await;
    }
}

async fn listen(db: &Db, process: &str) -> Result<()> {
    let mut listener = listener(db).await?;
    if !is_our_own(db, &mut listener).await? {
        drop(listener);
        tracing::info!(
            "a pooler in transaction mode is in front of the database: other processes' commits are polled for"
        );
        return std::future::pending().await;
    }
    listener.listen(CHANNEL).await?;
    let _listening = db.listening();
    loop {
        let notification = listener.recv().await?;
        match serde_json::from_str::<Committed>(notification.payload()) {
            Ok(committed) if committed.by == process => {}
            Ok(committed) => {
                committed.jobs.into_iter().for_each(|hint| db.job_hints().tell(hint));
                db.events_added().notify_waiters();
            }
            // Another version says it in another way.
            Err(_) => db.wake(),
        }
    }
}

/// Over a connection of its own.
async fn listener(db: &Db) -> Result<PgListener> {
    let server = db.inner.pools.server.clone();
    let of_its_own =
        PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE).connect_lazy_with(server);
    let listener = PgListener::connect_with(&of_its_own).await?;
    Ok(listener)
}

/// Whether one process of the server serves this connection for as long as it lives. A pooler in transaction mode lends
/// the process to others between our transactions, and a notification would reach them in the middle of a query.
async fn is_our_own(db: &Db, listener: &mut PgListener) -> Result<bool> {
    let ours = served_by(&mut *listener).await?;
    for _ in 0..QUESTIONS {
        let mut other = db.system("which process serves a connection belongs to no organization").await?;
        if served_by(other.conn()).await? == ours || served_by(&mut *listener).await? != ours {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn served_by(connection: impl PgExecutor<'_>) -> Result<i32> {
    Ok(sqlx::query_scalar("select pg_backend_pid()").fetch_one(connection).await?)
}
