//! The log in the order in which its readers follow it.
//!
//! Every event has a **position**: a number that its transaction took from a sequence when it wrote. Numbers are taken in one order and
//! committed in another, so a reader needs to know up to where the log is **settled**: where no event will appear any more. That must
//! depend on transactions that write events alone. All others of the server, such as a dump or a forgotten session in another
//! database, are strangers, and none of them may hold a reader up.
//!
//! How (migration `platform_event_positions`). A writer, by the default of the column so that none can forget,
//! 1. reads the last number that was given, its *floor*;
//! 2. takes a shared advisory lock that says so, which lasts exactly as long as its transaction;
//! 3. takes its numbers.
//!
//! A reader (`settled_events()`)
//! 1. reads the last number that was given, *last*;
//! 2. looks who holds such locks;
//! 3. takes the least of *last* and the floors it saw: up to there the log is settled. It reads in a statement that begins after.
//!
//! Why it is right. Take an event whose position is not above the settled place, so not above *last*. Its number was taken before the reader's step 1, and
//! the lock before that. At step 2 its transaction either holds the lock, and then its floor, which is less than all its numbers, was
//! counted: the position would be above the settled place. Or it has ended: PostgreSQL makes a commit visible before it gives up
//! the locks, so the statement that begins after sees the event, or it never was one. Readers remember nothing, so a process that just
//! began, one behind a pooler that lends sessions in transaction mode, and one of many replicas are all alike.
//!
//! What follows:
//! - What was settled once is settled for good. A reader may use the greatest place that any reader found.
//! - A writer that stands between its steps 1 and 2 names an old floor. That makes a reader wait, and leaves nothing out.
//! - Readers wait for the slowest writer of events. Those are ours, in this database, and limited ([`crate::db::Work`]).
//! - A number of a transaction that is rolled back is a gap, and nobody waits for it.
//! - A savepoint that is taken back gives up the lock and the note of it together.
//!
//! What it needs: a sequence without a cache; locks that a transaction keeps until it ends, so no two-phase commits (we make none);
//! `pg_locks`, which every role may read; reading at the primary. A database that was taken back to an earlier state, by a failover that lost
//! the last commits, gives numbers anew: whoever keeps a place over such a time keeps the event's id with it ([`Place`]).

pub(crate) mod cursor;
#[cfg(test)]
mod tests;

use kernel::{OrgId, Result};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::Event;
use crate::db::Db;

/// Events read in one go.
pub(crate) const BATCH: usize = 500;

const REASON: &str = "readers follow the log of all organizations";

/// An event and its position in the log.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Placed {
    pub(crate) org_id: OrgId,
    pub(crate) position: i64,
    /// What ties it to all else that its cause led to.
    pub(crate) correlation_id: Uuid,
    #[sqlx(flatten)]
    pub(crate) event: Event,
}

/// A place behind an event, as readers outside keep it: `<position>.<id>`. The id tells whether the log is still the same one; it is nil for a
/// place that was found while nothing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) position: i64,
    pub(crate) id: Uuid,
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.position, self.id)
    }
}

impl Place {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (position, id) = text.split_once('.')?;
        Some(Self { position: position.parse().ok()?, id: id.parse().ok()? })
    }

    pub(crate) const fn of(placed: &Placed) -> Self {
        Self { position: placed.position, id: placed.event.id.uuid() }
    }

    pub(crate) const fn at(position: i64) -> Self {
        Self { position, id: Uuid::nil() }
    }
}

/// How far the log is.
#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Extent {
    /// The last position that was given.
    pub(crate) last: i64,
    /// Up to here nothing appears any more.
    pub(crate) settled: i64,
}

pub(crate) async fn extent(db: &Db) -> Result<Extent> {
    let mut tx = db.system(REASON).await?;
    Ok(sqlx::query_as("select last, settled from settled_events()").fetch_one(tx.conn()).await?)
}

macro_rules! events_where {
    ($condition:literal) => {
        concat!(
            "select org_id, position, correlation_id, id, kind, subject_type, subject_id, node_id, payload, occurred_at from event_log
            where ",
            $condition,
            " order by event_log.position limit $3"
        )
    };
}

/// The first events of all organizations after one position and up to another, which must be settled.
pub(crate) async fn read(db: &Db, after: i64, upto: i64) -> Result<Vec<Placed>> {
    let query = events_where!("position > $1 and position <= $2");
    let mut tx = db.system(REASON).await?;
    Ok(sqlx::query_as(query).bind(after).bind(upto).bind(limit()).fetch_all(tx.conn()).await?)
}

/// The same of one organization.
pub(crate) async fn read_of(db: &Db, org: OrgId, (after, upto): (i64, i64)) -> Result<Vec<Placed>> {
    let query = events_where!("position > $1 and position <= $2 and org_id = $4");
    let mut tx = db.system(REASON).await?;
    let events = sqlx::query_as(query).bind(after).bind(upto).bind(limit()).bind(org);
    Ok(events.fetch_all(tx.conn()).await?)
}

/// The same of these kinds, in a transaction that follows them.
pub(crate) async fn read_kinds(
    conn: &mut PgConnection,
    kinds: &[&str],
    (after, upto): (i64, i64),
) -> Result<Vec<Placed>> {
    let query = events_where!("position > $1 and position <= $2 and kind = any($4)");
    Ok(sqlx::query_as(query).bind(after).bind(upto).bind(limit()).bind(kinds).fetch_all(conn).await?)
}

fn limit() -> i64 {
    i64::try_from(BATCH).unwrap_or(i64::MAX)
}

/// Which of these organizations have events after one position and up to another.
pub(crate) async fn with_events(db: &Db, among: &[OrgId], (after, upto): (i64, i64)) -> Result<Vec<OrgId>> {
    let query =
        "select distinct org_id from event_log where position > $1 and position <= $2 and org_id = any($3)";
    let mut tx = db.system(REASON).await?;
    Ok(sqlx::query_scalar(query).bind(after).bind(upto).bind(among).fetch_all(tx.conn()).await?)
}

/// The position of an organization's event, if the log has it.
pub(crate) async fn find(db: &Db, org: OrgId, id: Uuid) -> Result<Option<i64>> {
    let query = "select position from event_log where org_id = $1 and id = $2";
    let mut tx = db.system(REASON).await?;
    Ok(sqlx::query_scalar(query).bind(org).bind(id).fetch_optional(tx.conn()).await?)
}

/// A settled position with the last event up to there. Whoever keeps it finds another event there after the database was taken back
/// and has written on, when numbers alone say nothing.
pub(crate) async fn place_at(db: &Db, position: i64) -> Result<Place> {
    let query = "select id from event_log where position <= $1 order by position desc limit 1";
    let mut tx = db.system(REASON).await?;
    let last: Option<Uuid> = sqlx::query_scalar(query).bind(position).fetch_optional(tx.conn()).await?;
    Ok(Place { position, id: last.unwrap_or_default() })
}

/// Where an organization's reader goes on who was told up to a place; none if something between is not there any more. What
/// stands before the id does not matter where there is one: it once was a transaction's.
pub(crate) async fn resume(db: &Db, org: OrgId, place: Place, now: i64) -> Result<Option<i64>> {
    if !place.id.is_nil() {
        return find(db, org, place.id).await;
    }
    let mut tx = db.system(REASON).await?;
    let oldest: Option<i64> =
        sqlx::query_scalar("select min(position) from event_log").fetch_one(tx.conn()).await?;
    let kept = place.position <= now && oldest.unwrap_or(now) <= place.position + 1;
    Ok(kept.then_some(place.position))
}
