//! The place in the log up to which a stream has everything.

use kernel::Result;
use uuid::Uuid;

use crate::{
    db::{Db, Work},
    live::Position,
};

const REASON: &str = "one relay hands on the events of all organizations";

/// The stored place; of a stream that has none, the present one: what happened before is not told.
pub(super) async fn load(db: &Db, stream: &str) -> Result<Position> {
    let begin = crate::live::now(db).await?;
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    let query =
        "insert into feed_cursors (name, txid, event_id, moved_at) values ($1, $2::text::xid8, $3, $4)
        on conflict (name) do update set name = excluded.name
        returning txid::text, event_id";
    let (txid, id): (String, Uuid) = sqlx::query_as(query)
        .bind(stream)
        .bind(&begin.txid)
        .bind(begin.id)
        .bind(db.clock().now())
        .fetch_one(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(Position { txid, id })
}

/// Moves the place on, never back: a leader that lost its lease unawares undoes nothing.
pub(super) async fn save(db: &Db, stream: &str, place: &Position) -> Result<()> {
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    let query = "update feed_cursors set txid = $2::text::xid8, event_id = $3, moved_at = $4
        where name = $1 and (txid, event_id) < ($2::text::xid8, $3)";
    sqlx::query(query)
        .bind(stream)
        .bind(&place.txid)
        .bind(place.id)
        .bind(db.clock().now())
        .execute(tx.conn())
        .await?;
    tx.commit().await
}

/// Whether there is an event at a place: a stream may be ahead of a database that was restored.
pub(super) async fn exists(db: &Db, place: &Position) -> Result<bool> {
    let mut tx = db.working(Work::Machine).system(REASON).await?;
    let query = "select exists (select from event_log where id = $1 and txid = $2::text::xid8)";
    Ok(sqlx::query_scalar(query).bind(place.id).bind(&place.txid).fetch_one(tx.conn()).await?)
}
