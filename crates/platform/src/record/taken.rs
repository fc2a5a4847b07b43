//! How far those who follow the log have it, streams outside and our own reactions: what they have yet to take does not go.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Result;

use crate::{
    db::{Db, Work},
    jobs,
};

/// How long events are kept for a stream that takes none, beyond what an organization wants.
const HELD: TimeDelta = TimeDelta::days(30);
/// Ids and positions are given in almost the same order.
const MARGIN: TimeDelta = TimeDelta::hours(1);

/// When the first event happened that somebody has yet to take; none of it and later may go. A stream that took nothing for longer than
/// that is not waited for, and after as long again nobody warns of it any more. Our own reactions are waited for as long as there are any.
pub(super) async fn taken_until(db: &Db) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.working(Work::Machine).system("streams have the events of all organizations").await?;
    let now = db.clock().now();
    let query = "select c.name, c.moved_at, e.occurred_at from feed_cursors c
        cross join lateral (select occurred_at from event_log where position > c.position order by position limit 1) e
        where case when c.name = $2 then $3 else c.moved_at > $1 end";
    let reactions = !db.following().is_empty();
    let waiting = sqlx::query_as(query).bind(now - HELD - HELD).bind(jobs::REACTIONS).bind(reactions);
    let waiting: Vec<(String, DateTime<Utc>, DateTime<Utc>)> = waiting.fetch_all(tx.conn()).await?;
    let mut first = None::<DateTime<Utc>>;
    for (stream, moved_at, occurred_at) in waiting {
        if moved_at > now - HELD || stream == jobs::REACTIONS {
            first = Some(first.map_or(occurred_at, |first| first.min(occurred_at)));
        } else {
            tracing::warn!(stream, since = %moved_at, "events whose time is over go although nobody took them from there");
        }
    }
    Ok(first.map(|first| first - MARGIN))
}
