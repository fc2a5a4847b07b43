//! Partitions by time, made ahead and dropped when their time is over.
//!
//! The append-mostly tables are partitioned by `id`, a UUIDv7 whose first 48 bits are a moment: a unique key
//! over the id stays possible, foreign keys too, and a look-up by id touches one partition.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use kernel::Result;
use sqlx::AssertSqlSafe;

use super::Db;
use crate::domain::{Kept, Table, TableKind};

/// How many months are made ahead.
const AHEAD: u32 = 2;

/// Makes the partitions of this month and the next two, and drops records older than `retention`, if any.
/// Reconciles: running it twice changes nothing.
pub async fn maintain_partitions(db: &Db, tables: &[Table], retention: Option<TimeDelta>) -> Result<()> {
    let now = db.clock().now();
    let first = month_of(now);
    for Table { name: table, kind } in tables {
        let TableKind::Monthly(kept) = kind else { continue };
        for ahead in 0..=AHEAD {
            if let Some(month) = first.checked_add_months(Months::new(ahead)) {
                create(db, table, month).await?;
            }
        }
        if let (Kept::AsRecord, Some(retention)) = (kept, retention) {
            drop_before(db, table, month_of(now - retention)).await?;
        }
    }
    if let Some(retention) = retention {
        forget_reasons(db, month_of(now - retention)).await?;
    }
    Ok(())
}

fn month_of(at: DateTime<Utc>) -> NaiveDate {
    let date = at.date_naive();
    date.with_day(1).unwrap_or(date)
}

fn name_of(table: &str, month: NaiveDate) -> String {
    format!("{table}_{}", month.format("y%Ym%m"))
}

async fn create(db: &Db, table: &'static str, month: NaiveDate) -> Result<()> {
    let Some(end) = month.checked_add_months(Months::new(1)) else { return Ok(()) };
    let name = name_of(table, month);
    let [from, to] = [month, end].map(|date| date.and_time(NaiveTime::MIN).and_utc().to_rfc3339());
    let mut tx = db.system("partitions belong to no organization").await?;
    // Rows of this month that already lie in the default partition stay there, and so does the rest of the
    // month: moving them would cascade through foreign keys.
    let covered = format!(
        "select to_regclass('{name}') is not null or exists (
            select from {table}_default where id >= uuid_v7_floor('{from}') and id < uuid_v7_floor('{to}'))"
    );
    if sqlx::query_scalar::<_, bool>(AssertSqlSafe(covered)).fetch_one(tx.conn()).await? {
        return Ok(());
    }
    let ddl = format!(
        "create table {name} (like {table} including defaults including constraints);
         do $$ begin
             execute format('alter table {table} attach partition {name} for values from (%L) to (%L)',
                 uuid_v7_floor('{from}'), uuid_v7_floor('{to}'));
         end $$;"
    );
    sqlx::raw_sql(AssertSqlSafe(ddl)).execute(tx.conn()).await?;
    tx.commit().await
}

async fn drop_before(db: &Db, table: &'static str, month: NaiveDate) -> Result<()> {
    let mut tx = db.system("retention belongs to no organization").await?;
    let query = "select child.relname::text from pg_inherits
        join pg_class child on child.oid = inhrelid
        where inhparent = to_regclass($1) and child.relname ~ '_y[0-9]{4}m[0-9]{2}$' and child.relname < $2";
    let old: Vec<String> =
        sqlx::query_scalar(query).bind(table).bind(name_of(table, month)).fetch_all(tx.conn()).await?;
    for name in old {
        sqlx::raw_sql(AssertSqlSafe(format!("drop table {name}"))).execute(tx.conn()).await?;
    }
    tx.commit().await
}

/// The words beside audit lines go with them.
async fn forget_reasons(db: &Db, month: NaiveDate) -> Result<()> {
    let mut tx = db.system("retention belongs to no organization").await?;
    let query = "delete from change_reasons where id < uuid_v7_floor($1)";
    sqlx::query(query).bind(month.and_time(NaiveTime::MIN).and_utc()).execute(tx.conn()).await?;
    tx.commit().await
}
