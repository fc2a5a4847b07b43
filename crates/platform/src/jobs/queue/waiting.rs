//! How much waits, for those who watch over the server.

use kernel::Result;

use super::due;
use crate::db::Db;

/// What waits in a queue.
#[derive(Debug, sqlx::FromRow)]
pub struct Waiting {
    pub queue: String,
    pub jobs: i64,
    /// For how long the first of them has been due.
    pub oldest_seconds: f64,
}

/// The jobs that are due, at most a thousand of each organization; not those that nobody may begin, because their queue is paused or their organization
/// suspended. A queue with none is told too.
pub async fn waiting(db: &Db, queues: impl IntoIterator<Item = &'static str>) -> Result<Vec<Waiting>> {
    let mut tx = db.system("the queue's length is of the process").await?;
    let found = due::look(tx.conn()).await?;
    let query = "select q.queue, coalesce(sum(due.jobs), 0)::bigint as jobs,
            coalesce(greatest(0, extract(epoch from database_time() - min(due.oldest))), 0)::double precision as oldest_seconds
        from unnest($1::text[]) as q (queue)
        left join unnest($2::text[], $3::uuid[]) as found (queue, org_id) on found.queue = q.queue
        left join lateral (
            select count(*) as jobs, min(few.run_at) as oldest from (
                (select j.run_at from jobs j where j.queue = found.queue and j.org_id = found.org_id and j.state = 'available'
                    and j.lane is null order by j.rank, j.id limit 1000)
                union all
                (select l.next_at from job_lanes l where l.queue = found.queue and l.org_id = found.org_id and l.state = 'ready'
                    order by l.rank, l.head limit 1000)
            ) few
        ) due on true
        group by q.queue";
    let rows = sqlx::query_as(query)
        .bind(queues.into_iter().collect::<Vec<_>>())
        .bind(found.iter().map(|found| &*found.queue).collect::<Vec<_>>())
        .bind(found.iter().map(|found| found.org_id).collect::<Vec<_>>());
    Ok(rows.fetch_all(tx.conn()).await?)
}
