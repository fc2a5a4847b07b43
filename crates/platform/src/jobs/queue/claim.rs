//! Taking due jobs under a lease: one short statement, never a transaction around the work.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::{OrgId, Result};

use super::Claimed;
use crate::db::Db;

/// How many jobs to take from an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) struct Asked {
    pub org: OrgId,
    /// No due job of it has a lower rank, so far as is known. What was done before it may still stand in the index, and need not be walked.
    pub floor: DateTime<Utc>,
    pub take: usize,
    /// Whether it runs only so many at once.
    pub capped: bool,
}

/// Which jobs to claim, and as whom.
pub(in crate::jobs) struct Claim<'a> {
    pub queue: &'a str,
    pub worker: &'a str,
    pub asked: &'a [Asked],
    /// The kinds that this process has handlers for.
    pub kinds: &'a [&'static str],
    pub lease: Duration,
}

/// From each organization its most urgent jobs and heads of lanes. `skip locked` keeps workers out of each other's way. An organization that
/// runs only so many at once gives what is left of them, to one that has locked its row and to nobody else.
///
/// A fence is the microsecond of its claim. A claim does not wait for the disk, and a server that fails may forget one: the next claim of the job
/// must not have the same fence, since whoever had the forgotten one may still be at work.
const CLAIM: &str = "
    with asked as (
        select asked.org_id, asked.floor, c.concurrency is not null as capped,
            case when c.concurrency is null then asked.take
                when not asked.locked then 0
                else greatest(0, least(asked.take, c.concurrency - (select count(*) from jobs r
                    where r.org_id = asked.org_id and r.queue = $1 and r.state = 'running'))) end as take
        from unnest($2::uuid[], $3::timestamptz[], $4::integer[], $8::boolean[]) as asked (org_id, floor, take, locked)
        join tenants t on t.org_id = asked.org_id and t.is_active
        left join job_queues c on c.org_id = asked.org_id and c.queue = $1
        where c.paused_at is null
    ), picked as (
        select job.id, job.lane, asked.org_id, asked.capped from asked cross join lateral (
            select either.id, either.lane, either.rank from (
                select free.id, free.rank, null::text as lane from (
                    select j.id, j.rank from jobs j
                    where j.queue = $1 and j.org_id = asked.org_id and j.state = 'available' and j.lane is null
                        and j.rank >= asked.floor and j.kind = any ($5)
                    order by j.rank, j.id limit asked.take for update skip locked) free
                union all
                select heads.id, heads.rank, heads.lane from (
                    select j.id, l.rank, l.lane from job_lanes l join jobs j on j.id = l.head
                    where l.queue = $1 and l.org_id = asked.org_id and l.state = 'ready' and j.kind = any ($5)
                    order by l.rank, l.head limit asked.take for update of l, j skip locked) heads
            ) either
            order by either.rank, either.id limit asked.take) job
    ), moment as materialized (
        select (extract(epoch from clock_timestamp()) * 1000000)::bigint as fence
    ), claimed as (
        update jobs set state = 'running', attempt = attempt + 1, fence = greatest(fence + 1, (select fence from moment)),
            started_at = database_time(), lease_until = database_time() + $6, worker = $7, progress = null
        where id = any (array(select picked.id from picked)) and state = 'available'
        returning id, org_id, queue, kind, args, attempt, max_attempts, fence, rank, lane, keep_result, correlation_id,
            causation_id, created_at
    ), lanes as (
        update job_lanes set state = 'running' from claimed
        where claimed.lane is not null and job_lanes.org_id = claimed.org_id and job_lanes.queue = claimed.queue
            and job_lanes.lane = claimed.lane and job_lanes.head = claimed.id
    )
    select claimed.id, claimed.org_id, claimed.queue, claimed.kind, claimed.args, claimed.attempt, claimed.max_attempts,
        claimed.fence, claimed.rank, claimed.lane, claimed.keep_result, claimed.correlation_id, claimed.causation_id,
        claimed.created_at, asked.capped
    from claimed join asked on asked.org_id = claimed.org_id
    order by claimed.rank, claimed.id";

pub(in crate::jobs) async fn claim(db: &Db, claim: &Claim<'_>) -> Result<Vec<Claimed>> {
    // Whatever the work commits is on the disk only with its claim, since what came before goes there first.
    let mut tx = db.system_deferred("workers serve every organization").await?;
    let capped: Vec<OrgId> = claim.asked.iter().filter(|asked| asked.capped).map(|asked| asked.org).collect();
    if !capped.is_empty() {
        // Whoever counts what runs must see what the one before took.
        let query =
            "select org_id from job_queues where queue = $1 and org_id = any ($2) order by org_id for update";
        sqlx::query(query).bind(claim.queue).bind(capped).execute(tx.conn()).await?;
    }
    let take = |asked: &Asked| i32::try_from(asked.take).unwrap_or(i32::MAX);
    let jobs = sqlx::query_as(CLAIM)
        .bind(claim.queue)
        .bind(claim.asked.iter().map(|asked| asked.org).collect::<Vec<_>>())
        .bind(claim.asked.iter().map(|asked| asked.floor).collect::<Vec<_>>())
        .bind(claim.asked.iter().map(take).collect::<Vec<_>>())
        .bind(claim.kinds)
        .bind(claim.lease)
        .bind(claim.worker)
        .bind(claim.asked.iter().map(|asked| asked.capped).collect::<Vec<_>>())
        .fetch_all(tx.conn())
        .await?;
    tx.commit().await?;
    Ok(jobs)
}
