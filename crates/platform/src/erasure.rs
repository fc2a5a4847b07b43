//! Making what was said about a subject unreadable for ever, while the record of what happened stays.
//!
//! The record (events, audit lines) holds ids and states and needs no erasing. Whoever owns what a subject consists of overwrites
//! what can change; what never changes was sealed with the subject's key, which is destroyed here, together with what the
//! platform keeps of the subject in words. All in one transaction with the event that says so.

use chrono::{DateTime, Utc};
use kernel::Result;
use uuid::Uuid;

use crate::{
    db::TenantTx,
    http::{forget_answers, forget_late_answers},
    secrets::{self, Erasable},
};

/// The SQL that says whether a text has one of the ids in `$2`, which are text, however many these are.
macro_rules! mentions {
    ($text:literal) => {
        concat!(
            "exists (select from regexp_matches(",
            $text,
            ", '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') as mention where mention[1] = any($2))"
        )
    };
}
pub(crate) use mentions;

/// Answers that are kept for repeats of requests and name one of the things were forgotten, those of before this moment.
#[derive(Clone, Copy, Debug)]
pub struct Prepared(DateTime<Utc>);

/// Forgets kept answers that name one of the things, in a transaction before the one that erases: it looks through all that an organization
/// was answered within a day, and nobody is to wait for that.
pub async fn prepare(tx: &mut TenantTx, things: &[Uuid]) -> Result<Prepared> {
    forget_answers(tx, things).await?;
    Ok(Prepared(tx.now()))
}

/// Destroys the key of a subject, the reasons that people gave for what they did about it and its parts, what jobs about them said when they
/// failed or ended, and the answers that were kept since it was prepared: whoever repeats such a request is told that the answer is lost.
pub async fn erase(
    tx: &mut TenantTx,
    subject: Erasable<'_>,
    parts: &[Uuid],
    prepared: Prepared,
) -> Result<()> {
    let org = tx.org();
    secrets::destroy_subject_key(tx, subject).await?;
    let all: Vec<Uuid> = parts.iter().copied().chain([subject.id]).collect();
    let query = "delete from change_reasons where org_id = $1 and subject_id = any($2)";
    sqlx::query(query).bind(org).bind(&all).execute(tx.conn()).await?;
    let things: Vec<String> = all.iter().map(Uuid::to_string).collect();
    let query = concat!(
        "update jobs set errors = '[]' where org_id = $1 and errors <> '[]' and ",
        mentions!("args::text")
    );
    sqlx::query(query).bind(org).bind(&things).execute(tx.conn()).await?;
    let query = concat!(
        "update dead_letters set error = '', context = context - 'errors' where org_id = $1 and (error <> '' or context ? 'errors') and ",
        mentions!("payload::text")
    );
    sqlx::query(query).bind(org).bind(&things).execute(tx.conn()).await?;
    let query = concat!(
        "update finished_jobs set result = null where org_id = $1 and result is not null and ",
        mentions!("result::text")
    );
    sqlx::query(query).bind(org).bind(&things).execute(tx.conn()).await?;
    forget_late_answers(tx, &all, prepared.0).await
}

/// Removes the keys of subjects that are gone for good themselves.
pub async fn forget(tx: &mut TenantTx, kind: &str, subjects: &[Uuid]) -> Result<()> {
    let query = "select forget_subject_keys($1, $2)";
    sqlx::query(query).bind(kind).bind(subjects).execute(tx.conn()).await?;
    Ok(())
}
