//! The only way to an organization's data.

use chrono::{DateTime, Utc};
use kernel::{OrgId, Result};
use sqlx::{PgConnection, Postgres, Transaction};

use super::{Actor, Db, Scope};

/// A transaction of one organization, in somebody's name.
///
/// Rows, events, audit lines and jobs written through it commit together. Dropped without [`TenantTx::commit`],
/// it rolls back. Nothing may be sent, called or published while it is open.
pub struct TenantTx {
    db: Db,
    tx: Transaction<'static, Postgres>,
    scope: Scope,
    now: DateTime<Utc>,
    pub(crate) added_jobs: bool,
    pub(crate) added_events: bool,
}

impl TenantTx {
    pub(super) fn new(db: Db, tx: Transaction<'static, Postgres>, scope: Scope) -> Self {
        let now = db.clock().now();
        Self { db, tx, scope, now, added_jobs: false, added_events: false }
    }

    /// The organization; every query filters by it, as row-level security does.
    pub const fn org(&self) -> OrgId {
        self.scope.org
    }

    pub const fn actor(&self) -> &Actor {
        &self.scope.actor
    }

    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The one moment at which everything in this transaction happens.
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Commits, then tells workers and live streams that there is something new. The hint may be lost; a slow poll
    /// stands behind it.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        if self.added_jobs {
            self.db.jobs_added().notify_waiters();
        }
        if self.added_events {
            self.db.events_added().notify_waiters();
        }
        if self.added_jobs || self.added_events {
            self.db.committed().notify_one();
        }
        Ok(())
    }
}
