//! The queue step by step, without a worker: for commands that wait for their own effects, and for tests.

use std::time::Duration;

use kernel::{JobId, OrgId, Result};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{
    ending::settle,
    handler::{Handled, Registry},
    queue::{
        Claimed,
        claim::{Asked, Claim, claim},
        due, ends, leases,
    },
    worker::handle,
};
use crate::db::{Db, Work};

/// How many jobs an organization gives at once.
const TAKE: usize = 16;

/// Runs every job that is due, one after the other, until none is left, and answers how many ran.
pub async fn run_due(db: &Db, registry: &Registry) -> Result<usize> {
    let mut ran = 0;
    loop {
        let taken = take(db, &registry.kinds(), "run_due", TAKE).await?;
        if taken.is_empty() {
            return Ok(ran);
        }
        for mut job in taken {
            let stop = CancellationToken::new();
            let (handled, finished) = handle(&job.db, registry, &mut job.claimed, stop).await;
            if finished && handled.is_ok() {
                ends::ended_by_itself(&job.db, &job.claimed).await?;
            } else {
                job.end(&handled).await?;
            }
            ran += 1;
        }
    }
}

/// A job that was taken. Dropped without [`end`](Taken::end), it is as if its worker had died.
pub struct Taken {
    db: Db,
    claimed: Claimed,
}

impl Taken {
    pub const fn id(&self) -> JobId {
        self.claimed.id
    }

    pub const fn org(&self) -> OrgId {
        self.claimed.org_id
    }

    pub const fn args(&self) -> &Value {
        &self.claimed.args
    }

    pub const fn attempt(&self) -> i32 {
        self.claimed.attempt
    }

    /// Writes down how it ended; nothing, if somebody else has it by now.
    pub async fn end(&self, handled: &Handled) -> Result<()> {
        settle(&self.db, &self.claimed, handled).await.map(drop)
    }
}

/// Promotes what is due, and takes up to so many jobs of these kinds from each organization and queue, for five minutes.
pub async fn take(db: &Db, kinds: &[&'static str], worker: &str, most: usize) -> Result<Vec<Taken>> {
    let db = db.working(Work::Machine);
    let mut tx = db.system("workers serve every organization").await?;
    while !due::promote(tx.conn(), due::ALL).await?.is_empty() {}
    let found = due::look(tx.conn()).await?;
    tx.commit().await?;
    let mut taken = Vec::new();
    for due::Found { queue, org_id: org, rank: floor, capped } in found {
        let asked = [Asked { org, floor, take: most, capped }];
        let lease = Duration::from_mins(5);
        let jobs = claim(&db, &Claim { queue: &queue, worker, asked: &asked, kinds, lease }).await?;
        taken.extend(jobs.into_iter().map(|claimed| Taken { db: db.clone(), claimed }));
    }
    Ok(taken)
}

/// Frees the jobs whose lease ran out; answers how many there were.
pub async fn rescue(db: &Db) -> Result<usize> {
    let mut tx = db.working(Work::Machine).system("workers serve every organization").await?;
    let (_, freed) = leases::rescue(tx.conn()).await?;
    tx.commit().await?;
    Ok(freed)
}
