//! The place in the log up to which a stream has everything.

use kernel::Result;

use crate::{
    db::{Db, Work},
    record::log,
};

const REASON: &str = "one relay hands on the events of all organizations";

/// The stored place; of a stream that has none, the present one: what happened before is not told. One that the log never came to is of a database
/// that was taken back since: what is settled there is all that can be said.
pub(super) async fn load(db: &Db, stream: &str) -> Result<i64> {
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
pub(super) async fn save(db: &Db, stream: &str, place: i64) -> Result<()> {
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    let query = "update feed_cursors set position = $2, moved_at = $3 where name = $1 and position < $2";
    sqlx::query(query).bind(stream).bind(place).bind(db.clock().now()).execute(tx.conn()).await?;
    tx.commit().await
}

/// How many events there are behind the stored place, up to a hundred thousand.
pub(super) async fn waiting(db: &Db, stream: &str) -> Result<i64> {
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    let query = "select count(*) from (
            select from event_log where position > (select position from feed_cursors where name = $1) limit 100000
        ) waiting";
    Ok(sqlx::query_scalar(query).bind(stream).fetch_one(tx.conn()).await?)
}
