//! How far the streams outside have the log: what they have yet to take does not go.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Result;

use crate::db::{Db, Work};

/// How long events are kept for a stream that takes none, beyond what an organization wants.
const HELD: TimeDelta = TimeDelta::days(30);
/// Ids and positions are given in almost the same order.
const MARGIN: TimeDelta = TimeDelta::hours(1);

/// When the first event happened that a stream has yet to take; none of it and later may go. A stream that took nothing for longer than
/// that is not waited for, and after as long again nobody warns of it any more.
pub(super) async fn taken_until(db: &Db) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.working(Work::Machine).system("streams have the events of all organizations").await?;
    let now = db.clock().now();
    let query = "select c.name, c.moved_at, e.occurred_at from feed_cursors c
        cross join lateral (select occurred_at from event_log where position > c.position order by position limit 1) e
        where c.moved_at > $1";
    let waiting: Vec<(String, DateTime<Utc>, DateTime<Utc>)> =
        sqlx::query_as(query).bind(now - HELD - HELD).fetch_all(tx.conn()).await?;
    let mut first = None::<DateTime<Utc>>;
    for (stream, moved_at, occurred_at) in waiting {
        if moved_at > now - HELD {
            first = Some(first.map_or(occurred_at, |first| first.min(occurred_at)));
        } else {
            tracing::warn!(stream, since = %moved_at, "events whose time is over go although NATS never took them");
        }
    }
    Ok(first.map(|first| first - MARGIN))
}
