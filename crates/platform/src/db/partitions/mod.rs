//! Partitions by time, made ahead and dropped when their time is over (docs/adr/0020-retention.md).
//!
//! The append-mostly tables are partitioned by `id`, a UUIDv7 whose first 48 bits are a moment: a unique key
//! over the id stays possible, foreign keys too, and a look-up by id touches one partition.
//!
//! Migrations make each of them with a default partition, so that rows have a place from the first moment. The reconciler here
//! gives every row its month ([`ahead`]) and then drops the default one, because PostgreSQL detaches nothing concurrently
//! beside it. From then on a month is dropped without anybody waiting for it ([`expired`]), and a row whose month nobody made
//! ahead is refused.

mod ahead;
mod expired;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use kernel::Result;

use super::Db;

/// How many months are made ahead: as long may a server run whose periodic tasks all fail.
const AHEAD: u32 = 3;

/// A table that is partitioned by month.
#[derive(Clone, Copy, Debug)]
pub struct Partitioned {
    pub table: &'static str,
    /// How long its rows are kept, by whole months; none for ever.
    pub kept: Option<TimeDelta>,
}

/// Makes the partitions of this month and the next three, and drops the default ones. Any number of processes may do so at the same time, and
/// does when it starts. Reconciles: doing it twice changes nothing, and what somebody else holds up is done the next time.
///
/// # Errors
/// When a partition of the present could not be made.
pub async fn make_partitions(db: &Db, tables: &[Partitioned]) -> Result<()> {
    let now = db.clock().now();
    let mut made = Ok(());
    for Partitioned { table, .. } in tables {
        for month in (0..=AHEAD).filter_map(|ahead| month_of(now).checked_add_months(Months::new(ahead))) {
            made = made.and(ahead::make(db, table, month).await);
        }
    }
    for Partitioned { table, .. } in tables {
        next_time(table, ahead::drop_default(db, table).await);
    }
    made
}

/// [`make_partitions`], and drops those that are over: for one process at a time.
///
/// # Errors
/// When a partition of the present could not be made.
pub async fn maintain_partitions(db: &Db, tables: &[Partitioned]) -> Result<()> {
    let made = make_partitions(db, tables).await;
    for Partitioned { table, kept } in tables {
        if let Some(kept) = kept {
            let over = month_of(db.clock().now() - *kept);
            next_time(table, expired::drop_before(db, table, over).await);
        }
    }
    made
}

/// Somebody who reads a whole table for an hour, or another process that is at the same, holds up no start and no other table.
fn next_time(table: &str, done: Result<()>) {
    if let Err(error) = done {
        tracing::warn!(table, %error, "partitions that are over are seen to the next time");
    }
}

fn month_of(at: DateTime<Utc>) -> NaiveDate {
    let date = at.date_naive();
    date.with_day(1).unwrap_or(date)
}

fn name_of(table: &str, month: NaiveDate) -> String {
    format!("{table}_{}", month.format("y%Ym%m"))
}

/// The moment at which a month begins, as text.
fn beginning_of(month: NaiveDate) -> String {
    month.and_time(NaiveTime::MIN).and_utc().to_rfc3339()
}
