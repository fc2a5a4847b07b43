//! Dead letters: what could not be done, kept until somebody has it tried again.
//!
//! A [`Source`] puts its letters into the table in the transaction in which it gives up, and says how one is replayed. Jobs that were given up
//! are one source ([`crate::jobs`]). What a letter was about stays inside: it may hold what outsiders sent.

mod retention;
mod routes;
mod store;

use std::pin::Pin;

use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use retention::{DEAD_LETTERS_KEPT, forget_dead_letters};
pub use routes::routes;
pub use store::{count, list, settle_job};

use crate::{db::TenantTx, http::JobsRead, record::Change};

/// Who puts letters here, and how it has them tried again.
#[derive(Clone, Copy)]
pub struct Source {
    /// In the column `source`: lower case, at most fifty letters.
    pub name: &'static str,
    pub replay: for<'a> fn(&'a mut TenantTx, &'a Stored) -> Replaying<'a>,
}

/// Has a letter tried again, in the transaction that says so.
pub type Replaying<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// A letter as its source finds it again.
#[derive(Debug, sqlx::FromRow)]
pub struct Stored {
    pub id: Uuid,
    pub source: String,
    pub event_type: String,
    pub payload: Value,
    pub context: Value,
}

/// A letter for people.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct DeadLetter {
    pub id: Uuid,
    /// Who gave up: `job`.
    pub source: String,
    /// What it was: a job's kind.
    pub event_type: String,
    /// What was said last.
    pub error: String,
    /// How often it was tried again before.
    pub retry_count: i32,
    /// Every failed attempt, where its source keeps them: when, and what was said.
    pub errors: Value,
    pub created_at: DateTime<Utc>,
    /// When it was put back to be tried again, or dismissed.
    pub processed_at: Option<DateTime<Utc>>,
    /// Whether somebody said that it need not be tried again.
    pub is_dismissed: bool,
}

/// Which letter needs nobody any more.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Dismissed {
    pub source: String,
    pub event_type: String,
}

crate::events! {
    /// What people do with dead letters beside having them tried again.
    pub LETTERS, about "dead_letter", for JobsRead {
        /// It need not be tried again: what it was about was done in another way, or is no more.
        DeadLetterDismissed: Change<Dismissed> = "dead_letter.dismissed.v1",
    }
}

/// Says that a letter need not be tried again. One that was settled is left as it is.
///
/// # Errors
/// `not_found`
pub async fn dismiss(tx: &mut TenantTx, id: Uuid) -> Result<()> {
    let (letter, processed) = store::lock(tx, id).await?;
    if processed.is_some() {
        return Ok(());
    }
    store::mark_dismissed(tx, id).await?;
    let Stored { source, event_type, .. } = letter;
    tx.record::<DeadLetterDismissed, _>((id, None), Change::to(Dismissed { source, event_type }))
        .await
        .map(drop)
}

/// Has a letter tried again. One that was already is left as it is, as whoever asks twice wants it once.
///
/// # Errors
/// `not_found`; `source_unknown` for one of a source that this version does not have.
pub async fn replay(tx: &mut TenantTx, sources: &[Source], id: Uuid) -> Result<()> {
    let (letter, processed) = store::lock(tx, id).await?;
    if processed.is_some() {
        return Ok(());
    }
    let source = sources.iter().find(|source| source.name == letter.source).ok_or_else(|| {
        Error::conflict("source_unknown", format!("nothing here replays letters of {}", letter.source))
    })?;
    (source.replay)(tx, &letter).await?;
    store::mark_processed(tx, id).await
}
