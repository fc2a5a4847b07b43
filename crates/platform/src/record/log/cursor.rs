//! The place in the log up to which a follower has everything: a stream outside ([`crate::feed`]), or the reactions ([`crate::jobs`]).

use chrono::{DateTime, Utc};
use kernel::Result;
use sqlx::PgConnection;

use crate::{
    db::{Db, Work},
    record::log,
};

const REASON: &str = "who follows the log has the events of all organizations";

/// The stored place; of a stream that has none, the present one: what happened before is not told. One that the log never came to is of a database
/// that was taken back since: what is settled there is all that can be said.
pub(crate) async fn load(db: &Db, stream: &str) -> Result<i64> {
    let extent = log::extent(db).await?;
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    let query = "insert into feed_cursors (name, position, moved_at) values ($1, $2, $3)
        on conflict (name) do update set name = excluded.name
        returning position";
    let now = db.clock().now();
    let place: i64 =
        sqlx::query_scalar(query).bind(stream).bind(extent.settled).bind(now).fetch_one(tx.conn()).await?;
    tx.commit().await?;
    Ok(place.min(extent.settled))
}

/// Moves the place on, never back: a leader that lost its lease unawares undoes nothing.
pub(crate) async fn save(db: &Db, stream: &str, place: i64) -> Result<()> {
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    move_to(tx.conn(), stream, (place, db.clock().now())).await?;
    tx.commit().await
}

/// The same within a transaction.
pub(crate) async fn move_to(
    conn: &mut PgConnection,
    name: &str,
    (place, now): (i64, DateTime<Utc>),
) -> Result<()> {
    let query = "update feed_cursors set position = $2, moved_at = $3 where name = $1 and position < $2";
    sqlx::query(query).bind(name).bind(place).bind(now).execute(conn).await?;
    Ok(())
}

/// The stored place, locked until the transaction ends; none when it is not before this one.
pub(crate) async fn lock_before(conn: &mut PgConnection, name: &str, place: i64) -> Result<Option<i64>> {
    let query = "select position from feed_cursors where name = $1 and position < $2 for update";
    Ok(sqlx::query_scalar(query).bind(name).bind(place).fetch_optional(conn).await?)
}

/// How many events there are behind the stored place, up to a hundred thousand.
pub(crate) async fn waiting(db: &Db, stream: &str) -> Result<i64> {
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    let query = "select count(*) from (
            select from event_log where position > (select position from feed_cursors where name = $1) limit 100000
        ) waiting";
    Ok(sqlx::query_scalar(query).bind(stream).fetch_one(tx.conn()).await?)
}
