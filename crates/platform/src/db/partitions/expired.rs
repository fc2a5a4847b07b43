//! Dropping partitions that are over.
//!
//! `detach partition … concurrently` waits until nobody can see the partition any more, and whoever reads or writes meanwhile
//! does not wait for it. It stands in no transaction, so it has a connection of its own. Broken off, by its lock time-out or because its
//! process died, it leaves the partition marked: `finalize` ends that. What is detached is nobody's any more, and dropped.

use std::time::Duration;

use chrono::NaiveDate;
use kernel::{Error, Result};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::{Db, name_of};

/// Longer than the lock time-out, and for whoever does not obey it: a pooler may have given that to another session.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a detaching waits for those who read.
const LOCK_TIMEOUT: &str = "set lock_timeout = '3s'";

/// A partition that is over.
#[derive(sqlx::FromRow)]
struct Over {
    name: String,
    /// Part of its table.
    attached: bool,
    /// Its detaching has begun.
    pending: bool,
}

/// Drops the partitions of months before this one. One after the other, the oldest first; what is broken off is taken up the next time.
pub(super) async fn drop_before(db: &Db, table: &'static str, month: NaiveDate) -> Result<()> {
    for partition in over(db, table, month).await? {
        if partition.attached {
            let work = tokio::time::timeout(PATIENCE, detach(db, table, &partition));
            work.await.map_err(|_| Error::unavailable("detaching a partition took too long"))??;
        }
        let mut tx = db.system("retention belongs to no organization").await?;
        let drop = format!("drop table if exists {}", partition.name);
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(tx.conn()).await?;
        tx.commit().await?;
        metrics::counter!("steward_retention_partitions_dropped_total", "table" => table).increment(1);
        tracing::info!(partition = partition.name, "dropped a partition that was over");
    }
    Ok(())
}

async fn over(db: &Db, table: &'static str, month: NaiveDate) -> Result<Vec<Over>> {
    let mut tx = db.system("retention belongs to no organization").await?;
    let query = "select c.relname::text as name, i.inhrelid is not null as attached,
            coalesce(i.inhdetachpending, false) as pending
        from pg_class c left join pg_inherits i on i.inhrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
            and c.relname ~ ('^' || $1 || '_y[0-9]{4}m[0-9]{2}$') and c.relname < $2
        order by pending desc, name";
    let over = sqlx::query_as(query).bind(table).bind(name_of(table, month)).fetch_all(tx.conn()).await?;
    tx.commit().await?;
    Ok(over)
}

async fn detach(db: &Db, table: &str, partition: &Over) -> Result<()> {
    let how = if partition.pending { "finalize" } else { "concurrently" };
    let detach = format!("alter table {table} detach partition {} {how}", partition.name);
    let mut connection = db.inner.pools.server.connect().await?;
    // Each a message of its own: several in one would be a transaction.
    sqlx::raw_sql("set role none").execute(&mut connection).await?;
    sqlx::raw_sql(LOCK_TIMEOUT).execute(&mut connection).await?;
    let done = sqlx::raw_sql(AssertSqlSafe(detach)).execute(&mut connection).await;
    give_back(connection).await;
    done.map(drop).map_err(Error::from)
}

/// A pooler lends the session on: as every other begins.
async fn give_back(mut connection: PgConnection) {
    let _ = sqlx::raw_sql("set lock_timeout to default").execute(&mut connection).await;
    let _ = sqlx::raw_sql("set role steward_tenant").execute(&mut connection).await;
    let _ = connection.close().await;
}
