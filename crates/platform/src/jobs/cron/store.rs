//! The rows of periodic tasks. "Now" is `database_time()` in every statement.

use chrono::{DateTime, Utc};
use kernel::Result;
use serde::Serialize;

use crate::db::SystemTx;

/// How a turn of a periodic task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CronOutcome {
    Succeeded,
    /// With an error, which the server's log has.
    Failed,
    /// By a fault in the program, which the server's log has.
    Panicked,
    /// Its process died, or was away from the database for longer than a lease. It was started again elsewhere.
    Lost,
}

impl CronOutcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Lost => "lost",
        }
    }
}

/// How a periodic task stands.
#[derive(Debug, sqlx::FromRow)]
pub struct CronState {
    pub name: String,
    pub period_seconds: f64,
    pub next_at: DateTime<Utc>,
    /// The process that is at it.
    pub holder: Option<String>,
    pub last_started_at: Option<DateTime<Utc>>,
    pub last_finished_at: Option<DateTime<Utc>>,
    pub last_outcome: Option<CronOutcome>,
    /// For the operator.
    pub last_error: Option<String>,
    /// Since it last succeeded.
    pub failures: i32,
    /// How long ago it last succeeded.
    pub success_age_seconds: Option<f64>,
}

/// A turn that this process has: the task and the fence under which it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::FromRow)]
pub(super) struct Turn {
    pub name: String,
    pub fence: i64,
}

/// Makes the rows of tasks that are new; these are due at once.
pub(super) async fn register(tx: &mut SystemTx, names: &[&str]) -> Result<()> {
    let query = "insert into cron_tasks (name, next_at)
        select name, database_time() from unnest($1::text[]) name order by name
        on conflict (name) do nothing";
    sqlx::query(query).bind(names).execute(tx.conn()).await?;
    Ok(())
}

/// Brings back what no look can have written: after the clock went back, or a period became shorter. A lease that somebody lives by is never
/// shortened to less than a whole one.
pub(super) async fn straighten(tx: &mut SystemTx, names: &[&str], periods: &[i64], lease: i64) -> Result<()> {
    let query = "with odd as (
            select c.name, database_time() + t.period * interval '1 millisecond' as next_at,
                database_time() + $3 * interval '1 millisecond' as lease_until
            from cron_tasks c join unnest($1::text[], $2::bigint[]) t (name, period) on t.name = c.name
            where c.next_at > database_time() + t.period * interval '1 millisecond'
                or c.lease_until > database_time() + $3 * interval '1 millisecond'
            order by c.name for update of c skip locked)
        update cron_tasks c set next_at = least(c.next_at, odd.next_at),
            lease_until = case when c.holder is null then null else least(c.lease_until, odd.lease_until) end
        from odd where odd.name = c.name";
    sqlx::query(query).bind(names).bind(periods).bind(lease).execute(tx.conn()).await?;
    Ok(())
}

/// Answers which of these this process still has.
pub(super) async fn renew(tx: &mut SystemTx, holder: &str, turns: &[Turn], lease: i64) -> Result<Vec<Turn>> {
    let (names, fences): (Vec<_>, Vec<_>) = turns.iter().map(|turn| (&*turn.name, turn.fence)).unzip();
    let query = "update cron_tasks c set lease_until = database_time() + $4 * interval '1 millisecond'
        from unnest($2::text[], $3::bigint[]) held (name, fence)
        where c.name = held.name and c.fence = held.fence and c.holder = $1
        returning c.name, c.fence";
    Ok(sqlx::query_as(query).bind(holder).bind(names).bind(fences).bind(lease).fetch_all(tx.conn()).await?)
}

/// Takes what is due and what its holder no longer lives for. Its next turn is counted from here.
pub(super) async fn claim(
    tx: &mut SystemTx,
    holder: &str,
    (names, periods): (&[&str], &[i64]),
    lease: i64,
) -> Result<Vec<Turn>> {
    let query = "with due as (
            select c.name, c.holder as lost, database_time() + t.period * interval '1 millisecond' as next_at
            from cron_tasks c join unnest($2::text[], $3::bigint[]) t (name, period) on t.name = c.name
            where case when c.holder is null then c.next_at else c.lease_until end <= database_time()
            order by c.name for update of c skip locked)
        update cron_tasks c set holder = $1, fence = c.fence + 1, next_at = due.next_at,
            lease_until = database_time() + $4 * interval '1 millisecond', last_started_at = database_time(),
            last_finished_at = case when due.lost is null then c.last_finished_at else database_time() end,
            last_outcome = case when due.lost is null then c.last_outcome else 'lost' end,
            last_error = case when due.lost is null then c.last_error else 'the process ' || due.lost || ' went away' end,
            failures = c.failures + (due.lost is not null)::int
        from due where due.name = c.name
        returning c.name, c.fence";
    let claimed = sqlx::query_as(query).bind(holder).bind(names).bind(periods).bind(lease);
    Ok(claimed.fetch_all(tx.conn()).await?)
}

/// Writes how a turn ended; answers whether this process still had it.
pub(super) async fn finish(
    tx: &mut SystemTx,
    holder: &str,
    turn: &Turn,
    (outcome, error): (CronOutcome, Option<&str>),
) -> Result<bool> {
    let query = "update cron_tasks set holder = null, lease_until = null, last_finished_at = database_time(),
            last_outcome = $4, last_error = $5,
            last_succeeded_at = case when $4 = 'succeeded' then database_time() else last_succeeded_at end,
            failures = case when $4 = 'succeeded' then 0 else failures + 1 end
        where name = $2 and fence = $3 and holder = $1";
    let finished = sqlx::query(query).bind(holder).bind(&turn.name).bind(turn.fence);
    Ok(finished.bind(outcome).bind(error).execute(tx.conn()).await?.rows_affected() == 1)
}

/// In how many seconds the first of these is due, or its holder's lease over.
pub(super) async fn next(tx: &mut SystemTx, names: &[&str]) -> Result<Option<f64>> {
    let query = "select extract(epoch from
            min(case when holder is null then next_at else lease_until end) - database_time())::float8
        from cron_tasks where name = any($1)";
    Ok(sqlx::query_scalar(query).bind(names).fetch_one(tx.conn()).await?)
}

/// Gives back all that this process has, to be taken by another at once.
pub(super) async fn hand_back(tx: &mut SystemTx, holder: &str) -> Result<()> {
    let query = "update cron_tasks set holder = null, lease_until = null, next_at = database_time() where holder = $1";
    sqlx::query(query).bind(holder).execute(tx.conn()).await?;
    Ok(())
}

/// Removes tasks that are in no code any more: nobody has taken them for a month.
pub(super) async fn forget(tx: &mut SystemTx, known: &[&str]) -> Result<()> {
    let query = "delete from cron_tasks where name <> all ($1)
        and coalesce(lease_until, next_at) < database_time() - interval '30 days'";
    sqlx::query(query).bind(known).execute(tx.conn()).await?;
    Ok(())
}

pub(super) async fn states(tx: &mut SystemTx, names: &[&str], periods: &[i64]) -> Result<Vec<CronState>> {
    let query =
        "select c.name, t.period / 1000.0::float8 as period_seconds, c.next_at, c.holder, c.last_started_at,
            c.last_finished_at, c.last_outcome, c.last_error, c.failures,
            extract(epoch from database_time() - c.last_succeeded_at)::float8 as success_age_seconds
        from cron_tasks c join unnest($1::text[], $2::bigint[]) t (name, period) on t.name = c.name
        order by c.name";
    Ok(sqlx::query_as(query).bind(names).bind(periods).fetch_all(tx.conn()).await?)
}
