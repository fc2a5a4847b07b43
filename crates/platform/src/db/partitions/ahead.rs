//! Making partitions, and giving rows that came before them their place.
//!
//! A row comes late where nobody made its month: on the command line before the first start, or in a version that left such
//! months alone. It lies in the default partition and moves into its month in the transaction that makes that. Nothing refers to a
//! partitioned table by a foreign key, so nothing cascades; keys of its own are checked anew by the attaching.
//!
//! Locks are taken only when they are free (`nowait`): whoever waits for one has all others wait behind.

use chrono::{DateTime, Months, NaiveDate, Utc};
use kernel::{Error, Result};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Db, beginning_of, month_of, name_of};
use crate::db::SystemTx;

/// Makes the partition of a month, unless there is one.
pub(super) async fn make(db: &Db, table: &'static str, month: NaiveDate) -> Result<()> {
    let Some(end) = month.checked_add_months(Months::new(1)) else { return Ok(()) };
    let name = name_of(table, month);
    let mut tx = alone(db).await?;
    if attached(&mut tx, &name).await? {
        return tx.commit().await;
    }
    let [from, to] = [month, end].map(beginning_of);
    let with_default = attached(&mut tx, &default_of(table)).await?;
    if with_default {
        let lock = format!("lock table only {} in access exclusive mode nowait", default_of(table));
        sqlx::raw_sql(AssertSqlSafe(lock)).execute(tx.conn()).await?;
    }
    let create = format!("create table {name} (like {table} including defaults including constraints)");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(tx.conn()).await?;
    if with_default {
        let late = format!(
            "with late as (delete from {table}_default
                where id >= uuid_v7_floor('{from}') and id < uuid_v7_floor('{to}') returning *)
            insert into {name} select * from late"
        );
        let moved = sqlx::raw_sql(AssertSqlSafe(late)).execute(tx.conn()).await?.rows_affected();
        if moved > 0 {
            tracing::info!(partition = name, moved, "rows that came before their partition are in it now");
        }
    }
    let attach = format!(
        "do $$ begin
             execute format('alter table {table} attach partition {name} for values from (%L) to (%L)',
                 uuid_v7_floor('{from}'), uuid_v7_floor('{to}'));
         end $$;"
    );
    sqlx::raw_sql(AssertSqlSafe(attach)).execute(tx.conn()).await?;
    tx.commit().await
}

/// Gives what is left in the default partition its months, and drops it.
pub(super) async fn drop_default(db: &Db, table: &'static str) -> Result<()> {
    while let Some(id) = oldest_late(db, table).await? {
        let Some(month) = moment_of(id).map(month_of) else {
            return Err(Error::internal(format!("{table}: {id} is no UUIDv7")));
        };
        make(db, table, month).await?;
    }
    let mut tx = alone(db).await?;
    if !attached(&mut tx, &default_of(table)).await? {
        return tx.commit().await;
    }
    let drop = format!(
        "lock table only {table} in access exclusive mode nowait;
         lock table only {table}_default in access exclusive mode nowait;"
    );
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(tx.conn()).await?;
    let left = format!("select exists (select from {table}_default)");
    if sqlx::query_scalar::<_, bool>(AssertSqlSafe(left)).fetch_one(tx.conn()).await? {
        // One more came just now.
        return tx.commit().await;
    }
    let drop = format!("drop table {table}_default");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(tx.conn()).await?;
    tx.commit().await
}

/// The id of the oldest row in the default partition, if there is such a row and such a partition.
async fn oldest_late(db: &Db, table: &'static str) -> Result<Option<Uuid>> {
    let mut tx = alone(db).await?;
    if !attached(&mut tx, &default_of(table)).await? {
        tx.commit().await?;
        return Ok(None);
    }
    // Not `min`, which versions before 18 do not have for ids.
    let query = format!("select id from {table}_default order by id limit 1");
    let id = sqlx::query_scalar(AssertSqlSafe(query)).fetch_optional(tx.conn()).await?;
    // Ended here and now: what is only dropped holds its locks for a moment longer.
    tx.commit().await?;
    Ok(id)
}

/// A transaction beside which no other process makes or drops partitions: several may start at the same time.
async fn alone(db: &Db) -> Result<SystemTx> {
    let mut tx = db.system("partitions belong to no organization").await?;
    let turn = "select pg_advisory_xact_lock(hashtext('partitions'))";
    sqlx::query(turn).execute(tx.conn()).await?;
    Ok(tx)
}

async fn attached(tx: &mut SystemTx, name: &str) -> Result<bool> {
    let query = "select exists (select from pg_inherits where inhrelid = to_regclass($1))";
    Ok(sqlx::query_scalar(query).bind(name).fetch_one(tx.conn()).await?)
}

fn default_of(table: &str) -> String {
    format!("{table}_default")
}

/// RFC 9562 section 5.7. None for what can be no row's.
fn moment_of(id: Uuid) -> Option<DateTime<Utc>> {
    let millis = i64::try_from(id.as_u128() >> 80).ok()?;
    DateTime::from_timestamp_millis(millis)
        .filter(|at| *at < DateTime::from_timestamp(253_402_300_800, 0).unwrap_or_default())
}
