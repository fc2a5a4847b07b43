//! A migration that stands in no transaction: indexes that are made while everybody goes on, and rows that are changed some at a time.
//!
//! Its statements run one after the other over a connection of their own, while the transaction with the lock waits beside it and asks the
//! database something now and then, so that nobody takes it for gone. It holds no snapshot meanwhile, which is what `concurrently` would wait for.
//! Only when all statements are done is the migration noted, so whoever was killed in the middle begins at the first one again: each must
//! bear that. An index that was left half made is dropped and made again, one that is whole is left alone.

use std::time::Duration;

use kernel::{Error, Result};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection,
    migrate::{Migrate, Migration, Migrator},
};

use super::{
    explain,
    file::{self, Piece, index_made_concurrently, pieces},
    history,
};
use crate::db::{Db, SystemTx};

/// Well below the silence that a migration's transaction is allowed.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Applies a migration under the lock of this transaction, which ends with it.
pub(super) async fn apply(
    db: &Db,
    mut lock: SystemTx,
    migrator: &Migrator,
    migration: &Migration,
) -> Result<()> {
    let mut connection = db.inner.pools.server.connect().await?;
    sqlx::raw_sql("set role none").execute(&mut connection).await?;
    // What is at work there ends soon after this process, and does not stand in the way of the next. Not on every system.
    let _ = sqlx::raw_sql("set client_connection_check_interval = 2000").execute(&mut connection).await;
    {
        let work = run_all(&mut connection, migration.sql.as_str());
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => break done?,
                () = tokio::time::sleep(SIGN_OF_LIFE) => {
                    sqlx::raw_sql("select 1").execute(lock.conn()).await?;
                }
            }
        }
    }
    // A pooler lends the session on: as every other begins.
    let _ = sqlx::raw_sql("set role steward_tenant").execute(&mut connection).await;
    let _ = connection.close().await;
    lock.conn().skip(&migrator.table_name, migration).await.map_err(explain)?;
    history::mark(&mut lock, migration.version, file::expands(migration.sql.as_str())).await?;
    lock.commit().await
}

async fn run_all(connection: &mut PgConnection, sql: &str) -> Result<()> {
    for piece in pieces(sql) {
        run(connection, &piece).await?;
    }
    Ok(())
}

async fn run(connection: &mut PgConnection, piece: &Piece<'_>) -> Result<()> {
    if let Some(index) = index_made_concurrently(piece.sql) {
        let valid = "select indisvalid from pg_index where indexrelid = to_regclass($1)";
        match sqlx::query_scalar(valid).bind(index).fetch_optional(&mut *connection).await? {
            Some(true) => return Ok(()),
            Some(false) => {
                tracing::info!(index, "an index was left half made; it is made again");
                send(connection, &format!("drop index concurrently if exists {index}")).await?;
            }
            None => {}
        }
    }
    while send(connection, piece.sql).await? > 0 && piece.batched {}
    Ok(())
}

/// By itself: several statements in one message would be a transaction. Answers how many rows it was about.
async fn send(connection: &mut PgConnection, sql: &str) -> Result<u64> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    done.map(|done| done.rows_affected()).map_err(Error::from)
}
