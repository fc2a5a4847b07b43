//! Telling other processes that something was committed.
//!
//! Inside the transaction `notify` takes a lock that serializes commits. So it is sent afterwards, by one task, once for all
//! commits of a moment. It is a hint: it may be lost, and a slow poll stands behind it. It needs a connection in
//! session mode; where there is none, the polls remain.

use std::time::Duration;

use kernel::Result;
use sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use super::Db;

const CHANNEL: &str = "steward_committed";
/// Commits that come within this time share one notification.
const COALESCE: Duration = Duration::from_millis(20);
/// How long to wait before a lost connection is made anew.
const AGAIN: Duration = Duration::from_secs(5);

/// Sends this process's hints and wakes it by those of others, until `stop`. `process` tells the two apart.
pub async fn exchange_hints(db: Db, process: String, stop: CancellationToken) {
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
        tokio::time::sleep(COALESCE).await;
        sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(process).execute(db.pool()).await?;
    }
}

async fn listen(db: &Db, process: &str) -> Result<()> {
    let mut listener = PgListener::connect_with(db.pool()).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let hint = listener.recv().await?;
        if hint.payload() != process {
            db.wake();
        }
    }
}
