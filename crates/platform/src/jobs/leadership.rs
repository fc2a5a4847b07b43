//! Which process does what one alone may do.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::Result;

use crate::db::{Db, Work};

/// A lease on the role of leader. A row rather than an advisory lock, so that it works through PgBouncer. Processes agree on it by the
/// database's time; by its own clock a process only tells how long ago it asked.
pub struct Leadership {
    /// Of what.
    name: String,
    holder: String,
    lease: TimeDelta,
    until: Option<DateTime<Utc>>,
}

impl Leadership {
    /// Of what has this name.
    pub fn over(name: String, holder: String, lease: TimeDelta) -> Self {
        Self { name, holder, lease, until: None }
    }

    /// Takes or renews the lease; answers whether this process leads. The database is asked only when a third of
    /// the lease is over.
    pub async fn hold(&mut self, db: &Db) -> Result<bool> {
        let now = db.clock().now();
        if self.until.is_some_and(|until| until - now > self.lease * 2 / 3) {
            return Ok(true);
        }
        let mut tx = db.working(Work::Machine).system("one leader for all organizations").await?;
        let query =
            "insert into leaders (name, holder, fence, lease_until) values ($3, $1, 1, database_time() + $2)
            on conflict (name) do update set holder = $1, lease_until = excluded.lease_until,
                fence = leaders.fence + (leaders.holder <> $1)::int
            where leaders.holder = $1 or leaders.lease_until < database_time()";
        let held = sqlx::query(query).bind(&self.holder).bind(self.lease).bind(&self.name);
        let held = held.execute(tx.conn()).await?;
        tx.commit().await?;
        self.until = (held.rows_affected() == 1).then_some(now + self.lease);
        Ok(self.until.is_some())
    }

    /// Gives the lease up, so that another process leads at once.
    pub async fn resign(&mut self, db: &Db) -> Result<()> {
        if self.until.take().is_none() {
            return Ok(());
        }
        let mut tx = db.working(Work::Machine).system("one leader for all organizations").await?;
        sqlx::query("delete from leaders where name = $2 and holder = $1")
            .bind(&self.holder)
            .bind(&self.name)
            .execute(tx.conn())
            .await?;
        tx.commit().await
    }
}
