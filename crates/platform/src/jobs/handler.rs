//! What a handler is given and what it answers.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use kernel::{Error, EventId, JobId, OrgId, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::types::Json;
use tokio_util::sync::CancellationToken;

use super::queue::{
    Claimed,
    ends::{self, Done},
};
use crate::db::{Actor, Db, Origin, Reach, Scope, TenantTx};

/// How a handler ended when it did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Done, with a result, which is kept if whoever enqueued it asked for that ([`NewJob::keep_result`](super::NewJob)).
    With(Value),
    /// Not now: run again after this time. Counts as no attempt.
    Snooze(Duration),
}

/// How a handler failed.
#[derive(Debug)]
pub enum Failure {
    /// Try again, after this time if given.
    Retry { error: String, after: Option<Duration> },
    /// Trying again cannot help: to the dead letters.
    Dead { error: String },
}

pub type Handled = Result<Outcome, Failure>;

/// A refused input or a missing row stays refused; everything else may pass.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = chain(&error);
        match error {
            Error::Invalid { .. } | Error::NotFound(_) | Error::Forbidden { .. } => {
                Self::Dead { error: text }
            }
            Error::Limited { retry_after, .. } => {
                Self::Retry { error: text, after: Some(Duration::from_secs(retry_after)) }
            }
            _ => Self::Retry { error: text, after: None },
        }
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// One claim of one job.
#[derive(Clone)]
pub struct JobContext {
    pub db: Db,
    pub id: JobId,
    pub org: OrgId,
    pub kind: String,
    pub attempt: i32,
    pub max_attempts: i32,
    /// Grows with every claim: rows written by an older claim can be told from newer ones.
    pub fence: i64,
    /// Cancelled when the lease was lost, a person cancelled the job, or the server stops.
    pub cancelled: CancellationToken,
    keep_result: bool,
    correlation: uuid::Uuid,
    causation: Option<EventId>,
    /// Whether the handler has ended the job itself.
    pub(super) finished: Arc<AtomicBool>,
}

impl JobContext {
    pub(super) fn new(db: Db, job: &Claimed, cancelled: CancellationToken) -> Self {
        Self {
            db,
            id: job.id,
            org: job.org_id,
            kind: job.kind.clone(),
            attempt: job.attempt,
            max_attempts: job.max_attempts,
            fence: job.fence,
            cancelled,
            keep_result: job.keep_result,
            correlation: job.correlation_id,
            causation: job.causation_id,
            finished: Arc::default(),
        }
    }

    /// A transaction of the job's organization, in the name of the job.
    pub async fn tx(&self) -> Result<TenantTx> {
        self.db.tenant(self.scope()).await
    }

    fn scope(&self) -> Scope {
        Scope {
            org: self.org,
            reach: Reach::Everywhere,
            home: None,
            actor: Actor::System { name: self.kind.clone() },
            origin: Origin::default(),
            correlation: self.correlation,
            causation: self.causation,
        }
    }

    /// [`JobContext::tx`] for a transaction that [`JobContext::finish`] ends the job in.
    ///
    /// Its commit does not wait for the disk: should the machine fail within that moment, effect and end are lost
    /// together and the job runs again. Not for a record of something that happened outside.
    pub async fn finishing_tx(&self) -> Result<TenantTx> {
        self.db.tenant_deferred(self.scope()).await
    }

    /// Commits the transaction of the job's effect, and ends the job with it: both or neither.
    ///
    /// # Errors
    /// `lease_lost` when another worker has taken the job over; nothing is committed then.
    pub async fn finish(&self, mut tx: TenantTx) -> Result<()> {
        let done = Done { id: self.id, fence: self.fence };
        let ended = if self.keep_result {
            let kept = ends::keep_in(tx.conn(), done.id, done.fence, "completed", None).await?;
            if kept { tx.commit().await.map(|()| true) } else { Ok(false) }
        } else {
            ends::commit(tx, done).await
        };
        if !ended? {
            return Err(Error::conflict("lease_lost", "another worker has taken this job over"));
        }
        self.finished.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// How far a job is, for people who look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Progress {
    pub done: u64,
    /// How much there is in all, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// What it is at.
    pub note: String,
}

impl JobContext {
    /// Says how far the job is, with the work that brought it there.
    pub async fn progress(&self, tx: &mut TenantTx, progress: &Progress) -> Result<()> {
        let query = "update jobs set progress = $4 where org_id = $1 and id = $2 and fence = $3";
        let told = sqlx::query(query).bind(self.org).bind(self.id).bind(self.fence).bind(Json(progress));
        told.execute(tx.conn()).await?;
        Ok(())
    }
}

type Canceller = Arc<
    dyn for<'a> Fn(Value, &'a mut TenantTx) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>
        + Send
        + Sync,
>;

type Handler = Arc<dyn Fn(Value, JobContext) -> Pin<Box<dyn Future<Output = Handled> + Send>> + Send + Sync>;

/// Who does which kind of job.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: HashMap<&'static str, Handler>,
    cancellers: HashMap<&'static str, Canceller>,
    consequences: HashSet<&'static str>,
}

impl Registry {
    /// Registers the handler of a kind of job. Its arguments are what was enqueued.
    pub fn add<A, F, Fut>(&mut self, kind: &'static str, handler: F)
    where
        A: DeserializeOwned,
        F: Fn(A, JobContext) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        let erased: Handler = Arc::new(move |args, context| match serde_json::from_value::<A>(args) {
            Ok(args) => Box::pin(handler(args, context)),
            Err(error) => {
                Box::pin(std::future::ready(Err(Failure::Dead { error: format!("arguments: {error}") })))
            }
        });
        self.handlers.insert(kind, erased);
    }

    /// Registers what else happens when a person cancels a job of a kind, in the same transaction: the thing that it works on ends as well.
    pub fn on_cancel<A, F>(&mut self, kind: &'static str, canceller: F)
    where
        A: DeserializeOwned + Send,
        F: for<'a> Fn(A, &'a mut TenantTx) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>
            + Send
            + Sync
            + 'static,
    {
        let erased: Canceller = Arc::new(move |args, tx| match serde_json::from_value::<A>(args) {
            Ok(args) => canceller(args, tx),
            Err(error) => Box::pin(std::future::ready(Err(error.into()))),
        });
        self.cancellers.insert(kind, erased);
    }

    /// Jobs of this kind cannot be cancelled: they are what must follow from something that happened.
    pub fn must_follow(&mut self, kind: &'static str) {
        self.consequences.insert(kind);
    }

    pub(super) fn may_be_cancelled(&self, kind: &str) -> bool {
        !self.consequences.contains(kind)
    }

    pub(super) async fn cancel(&self, kind: &str, args: Value, tx: &mut TenantTx) -> Result<()> {
        match self.cancellers.get(kind) {
            Some(canceller) => canceller(args, tx).await,
            None => Ok(()),
        }
    }

    /// Takes over the handlers of another.
    pub fn extend(&mut self, other: Self) {
        self.handlers.extend(other.handlers);
        self.cancellers.extend(other.cancellers);
        self.consequences.extend(other.consequences);
    }

    /// The kinds that there are handlers for.
    pub(super) fn kinds(&self) -> Vec<&'static str> {
        self.handlers.keys().copied().collect()
    }

    pub fn knows(&self, kind: &str) -> bool {
        self.handlers.contains_key(kind)
    }

    pub(super) async fn run(&self, args: Value, context: JobContext) -> Handled {
        match self.handlers.get(context.kind.as_str()) {
            Some(handler) => handler(args, context).await,
            None => Err(Failure::Retry { error: format!("no handler for {}", context.kind), after: None }),
        }
    }
}
