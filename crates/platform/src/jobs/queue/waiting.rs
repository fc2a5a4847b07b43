//! How much waits, for those who watch over the server.

use kernel::Result;

use crate::db::Db;

/// What waits in a queue.
#[derive(Debug, sqlx::FromRow)]
pub struct Waiting {
    pub queue: String,
    /// Up to ten thousand: more is a lot.
    pub jobs: i64,
    /// For how long the first of them has been due.
    pub oldest_seconds: f64,
}

/// The jobs that are due, at most ten thousand of each queue: a long queue costs no more to look at than one of that length.
pub async fn waiting(db: &Db, queues: impl IntoIterator<Item = &'static str>) -> Result<Vec<Waiting>> {
    let mut tx = db.system("the queue's length is of the process").await?;
    let query = "select q.queue, count(due.run_at) as jobs,
            coalesce(greatest(0, extract(epoch from database_time() - min(due.run_at))), 0)::double precision
                as oldest_seconds
        from unnest($1::text[]) as q (queue) left join lateral (
            (select j.run_at from jobs j where j.queue = q.queue and j.state = 'available' and j.lane is null limit 10000)
            union all
            (select l.next_at from job_lanes l where l.queue = q.queue and l.state = 'ready' limit 10000)
        ) due on true
        group by q.queue";
    let queues: Vec<_> = queues.into_iter().collect();
    Ok(sqlx::query_as(query).bind(queues).fetch_all(tx.conn()).await?)
}
