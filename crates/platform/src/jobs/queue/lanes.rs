//! A lane goes on when its job has ended.
//!
//! Only these statements, a promotion and a claim touch a lane's row, each in a short transaction of the queue's own; several lanes are locked
//! in their order, so that nobody waits for somebody who waits for him.

use kernel::{JobId, OrgId, Result};
use sqlx::PgConnection;

use super::Moved;
use crate::jobs::hint::Hint;

/// A job that has ended in its lane, for good or for now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::jobs) struct InLane {
    pub org_id: OrgId,
    pub queue: String,
    pub lane: String,
    pub id: JobId,
}

const LOCK: &str =
    "select l.head from unnest($1::uuid[], $2::text[], $3::text[]) as ended (org_id, queue, lane)
    join job_lanes l using (org_id, queue, lane)
    order by l.org_id, l.queue, l.lane for update of l";

/// The next head is the first of those that stand in line, which may be the one that ended for now. It sees what was promoted before the lane
/// was locked, and a promotion after that finds the lane as it is left here.
const GO_ON: &str = "
    with ended as (
        select l.org_id, l.queue, l.lane, next.id, next.rank, next.run_at
        from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) as ended (org_id, queue, lane, id)
        join job_lanes l on (l.org_id, l.queue, l.lane) = (ended.org_id, ended.queue, ended.lane) and l.head = ended.id
        left join lateral (
            select j.id, j.rank, j.run_at from jobs j
            where j.org_id = l.org_id and j.queue = l.queue and j.lane = l.lane and j.state = 'available'
            order by j.id limit 1) next on true
    ), emptied as (
        delete from job_lanes l using ended
        where ended.id is null and (l.org_id, l.queue, l.lane) = (ended.org_id, ended.queue, ended.lane)
    ), moved as (
        update job_lanes l set head = ended.id, rank = ended.rank, next_at = ended.run_at,
            state = case when ended.run_at <= database_time() then 'ready' else 'waiting' end
        from ended
        where ended.id is not null and (l.org_id, l.queue, l.lane) = (ended.org_id, ended.queue, ended.lane)
        returning l.org_id, l.queue, l.rank, l.state, l.next_at
    )
    select org_id, queue, min(rank) filter (where state = 'ready') as rank,
        min(next_at) filter (where state = 'waiting') as run_at
    from moved group by org_id, queue";

/// Lets the lanes of these jobs go on, in the transaction in which they ended.
pub(in crate::jobs) async fn go_on(conn: &mut PgConnection, ended: &[InLane]) -> Result<Vec<Hint>> {
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let orgs: Vec<_> = ended.iter().map(|job| job.org_id).collect();
    let queues: Vec<_> = ended.iter().map(|job| &*job.queue).collect();
    let lanes: Vec<_> = ended.iter().map(|job| &*job.lane).collect();
    sqlx::query(LOCK).bind(&orgs).bind(&queues).bind(&lanes).execute(&mut *conn).await?;
    let ids: Vec<_> = ended.iter().map(|job| job.id).collect();
    let moved: Vec<Moved> =
        sqlx::query_as(GO_ON).bind(&orgs).bind(&queues).bind(&lanes).bind(&ids).fetch_all(&mut *conn).await?;
    Ok(moved.into_iter().flat_map(Hint::of).collect())
}

/// Lets lanes go on whose job ended without them: its worker died between the two.
pub(in crate::jobs) async fn rescue(conn: &mut PgConnection) -> Result<Vec<Hint>> {
    let query = "select l.org_id, l.queue, l.lane, l.head as id from job_lanes l
        where l.state = 'running' and not exists (select from jobs j where j.id = l.head and j.state = 'running')";
    let lost: Vec<InLane> = sqlx::query_as(query).fetch_all(&mut *conn).await?;
    go_on(conn, &lost).await
}
