//! What becomes due, and who has due work.

use chrono::{DateTime, Utc};
use kernel::{OrgId, Result};
use sqlx::PgConnection;

use super::Moved;
use crate::jobs::hint::Hint;

/// How many jobs are promoted at once.
const BATCH: i64 = 500;

/// Jobs whose time has come become available, of each organization its share of the batch, so that nobody's many hold up another's few. Those
/// of a lane stand in line there. A lane that waits takes the new one for its head if that was enqueued before the one that it has.
const PROMOTE: &str = "
    with recursive orgs (org_id) as (
        (select j.org_id from jobs j where j.state = 'scheduled' order by j.org_id limit 1)
        union all
        select next.org_id from orgs cross join lateral (
            select j.org_id from jobs j where j.state = 'scheduled' and j.org_id > orgs.org_id order by j.org_id limit 1) next
    ), due as (
        select picked.id from orgs cross join lateral (
            select j.id from jobs j
            where j.org_id = orgs.org_id and j.state = 'scheduled' and j.run_at >= $2 and j.run_at <= database_time()
            order by j.run_at, j.id limit greatest(1, $1 / (select count(*) from orgs)) for update skip locked) picked
    ), promoted as (
        update jobs set state = 'available' where id = any (array(select id from due))
        returning org_id, queue, lane, id, rank, run_at
    ), heads as (
        insert into job_lanes (org_id, queue, lane, head, state, rank, next_at)
        select distinct on (org_id, queue, lane) org_id, queue, lane, id, 'ready', rank, run_at from promoted
        where lane is not null order by org_id, queue, lane, id
        on conflict (org_id, queue, lane) do update set head = excluded.head, state = 'ready', rank = excluded.rank,
            next_at = excluded.next_at
        where job_lanes.state <> 'running' and excluded.head < job_lanes.head
    )
    select org_id, queue, min(rank) as rank, null::timestamptz as run_at from promoted group by org_id, queue";

/// Lanes whose head's time has come are ready again.
const READY: &str = "
    with due as (
        select org_id, queue, lane from job_lanes where state = 'waiting' and next_at >= $2 and next_at <= database_time()
        order by next_at limit $1 for update skip locked
    ), promoted as (
        update job_lanes set state = 'ready' from due
        where (job_lanes.org_id, job_lanes.queue, job_lanes.lane) = (due.org_id, due.queue, due.lane)
        returning job_lanes.org_id, job_lanes.queue, job_lanes.rank
    )
    select org_id, queue, min(rank) as rank, null::timestamptz as run_at from promoted group by org_id, queue";

/// From when on times are looked at. What was promoted stays in the index for as long as any transaction on the server is open, and would be
/// walked again and again.
pub(in crate::jobs) const ALL: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Promotes what has become due since `floor`, a batch of it.
pub(in crate::jobs) async fn promote(conn: &mut PgConnection, floor: DateTime<Utc>) -> Result<Vec<Hint>> {
    let mut moved: Vec<Moved> = sqlx::query_as(PROMOTE).bind(BATCH).bind(floor).fetch_all(&mut *conn).await?;
    moved.extend(sqlx::query_as::<_, Moved>(READY).bind(BATCH).bind(floor).fetch_all(&mut *conn).await?);
    Ok(moved.into_iter().flat_map(Hint::of).collect())
}

/// The database's time, and in how many seconds something becomes due: in none if it is due already, as another process is at it.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::jobs) struct Next {
    pub now: DateTime<Utc>,
    pub seconds: Option<f64>,
}

pub(in crate::jobs) async fn next(conn: &mut PgConnection, floor: DateTime<Utc>) -> Result<Next> {
    let query = "select database_time() as now, extract(epoch from least(
            (select min(run_at) from jobs where state = 'scheduled' and run_at >= $1),
            (select min(next_at) from job_lanes where state = 'waiting' and next_at >= $1)) - database_time())::double precision as seconds";
    Ok(sqlx::query_as(query).bind(floor).fetch_one(conn).await?)
}

/// An organization that has due work in a queue.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::jobs) struct Found {
    pub queue: String,
    pub org_id: OrgId,
    /// The least rank of its due jobs.
    pub rank: DateTime<Utc>,
    pub capped: bool,
}

/// Walks the queues' organizations with due jobs by the index, one step each; suspended ones and paused queues have none.
const LOOK: &str = "
    with recursive free (queue, org_id, rank) as (
        (select j.queue, j.org_id, j.rank from jobs j where j.state = 'available' and j.lane is null
         order by j.queue, j.org_id, j.rank, j.id limit 1)
        union all
        select next.queue, next.org_id, next.rank from free cross join lateral (
            select j.queue, j.org_id, j.rank from jobs j
            where j.state = 'available' and j.lane is null and (j.queue, j.org_id) > (free.queue, free.org_id)
            order by j.queue, j.org_id, j.rank, j.id limit 1) next
    ), laned (queue, org_id, rank) as (
        (select l.queue, l.org_id, l.rank from job_lanes l where l.state = 'ready'
         order by l.queue, l.org_id, l.rank, l.head limit 1)
        union all
        select next.queue, next.org_id, next.rank from laned cross join lateral (
            select l.queue, l.org_id, l.rank from job_lanes l
            where l.state = 'ready' and (l.queue, l.org_id) > (laned.queue, laned.org_id)
            order by l.queue, l.org_id, l.rank, l.head limit 1) next
    )
    select due.queue, due.org_id, min(due.rank) as rank, bool_or(c.concurrency is not null) as capped
    from (select queue, org_id, rank from free union all select queue, org_id, rank from laned) due
    join tenants t on t.org_id = due.org_id and t.is_active
    left join job_queues c on c.org_id = due.org_id and c.queue = due.queue
    where c.paused_at is null
    group by due.queue, due.org_id";

pub(in crate::jobs) async fn look(conn: &mut PgConnection) -> Result<Vec<Found>> {
    Ok(sqlx::query_as(LOOK).fetch_all(conn).await?)
}
