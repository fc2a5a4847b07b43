//! The only way to an organization's data.

use chrono::{DateTime, Utc};
use kernel::{NodeId, OrgId, Result};
use sqlx::PgConnection;

use super::{Actor, Db, Reach, Scope, transaction::Transaction};
use crate::jobs::Hint;

/// A transaction of one organization, in somebody's name.
///
/// Rows, events, audit lines and jobs written through it commit together. Dropped without [`TenantTx::commit`],
/// it rolls back. Nothing may be sent, called or published while it is open.
pub struct TenantTx {
    db: Db,
    tx: Transaction,
    scope: Scope,
    now: DateTime<Utc>,
    widened_from: Option<Reach>,
    pub(crate) hints: Vec<Hint>,
    pub(crate) added_events: bool,
}

impl TenantTx {
    pub(super) fn new(db: Db, tx: Transaction, scope: Scope) -> Self {
        let now = db.clock().now();
        Self { db, tx, scope, now, widened_from: None, hints: Vec::new(), added_events: false }
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
        self.tx.conn()
    }

    /// From here on sees what every node owns. For what must hold between things of different owners, after the caller's right to
    /// the thing at hand was checked. The reason is for the reader of the code.
    pub async fn widen(&mut self, _reason: &'static str) -> Result<()> {
        if self.scope.reach != Reach::Everywhere {
            sqlx::query("set local app.nodes = '*'").execute(self.conn()).await?;
            self.widened_from = Some(std::mem::replace(&mut self.scope.reach, Reach::Everywhere));
        }
        Ok(())
    }

    /// Sees again what its caller may see, and nothing else: before an answer is read.
    pub async fn narrow(&mut self) -> Result<()> {
        if let Some(reach) = self.widened_from.take() {
            let query = "select set_config('app.nodes', $1, true)";
            sqlx::query(query).bind(reach.setting()).execute(self.conn()).await?;
            self.scope.reach = reach;
        }
        Ok(())
    }

    /// Whether the organization has this node.
    pub async fn has_node(&mut self, node: NodeId) -> Result<bool> {
        let org = self.org();
        let query = "select exists (select from tenant_nodes where org_id = $1 and id = $2)";
        Ok(sqlx::query_scalar(query).bind(org).bind(node).fetch_one(self.conn()).await?)
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Commits, then tells workers and live streams that there is something new. The hint may be lost; a slow poll
    /// stands behind it.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        if self.added_events {
            self.db.events_added().notify_waiters();
        }
        if !self.hints.is_empty() || self.added_events {
            self.db.job_hints().tell_all(self.hints);
            self.db.committed().notify_one();
        }
        Ok(())
    }
}
