//! Making what was said about a subject unreadable for ever, while the record of what happened stays.
//!
//! The record (events, audit lines) holds ids and states and needs no erasing. Whoever owns what a subject consists of overwrites
//! what can change; what never changes was sealed with the subject's key, which is destroyed here, together with what the
//! platform keeps of the subject in words. All in one transaction with the event that says so.

use kernel::Result;
use uuid::Uuid;

use crate::{
    db::TenantTx,
    secrets::{self, Erasable},
};

/// Destroys the key of a subject, the reasons that people gave for what they did about it and `parts` of it, and the answers
/// that are kept for repeats of their requests: such a repeat is told that the answer is lost.
pub async fn erase(tx: &mut TenantTx, subject: Erasable<'_>, parts: &[Uuid]) -> Result<()> {
    let org = tx.org();
    secrets::destroy_subject_key(tx, subject).await?;
    let all: Vec<Uuid> = parts.iter().copied().chain([subject.id]).collect();
    let query = "delete from change_reasons where org_id = $1 and subject_id = any($2)";
    sqlx::query(query).bind(org).bind(&all).execute(tx.conn()).await?;
    let query = "update idempotency_keys set status = null, headers = null, body = null,
            locked_until = created_at - interval '1 second'
        where org_id = $1 and exists (
            select from unnest($2::text[]) id where position(convert_to(id, 'utf8') in body) > 0)";
    let texts: Vec<String> = all.iter().map(Uuid::to_string).collect();
    sqlx::query(query).bind(org).bind(texts).execute(tx.conn()).await?;
    Ok(())
}

/// Removes the keys of subjects that are gone for good themselves.
pub async fn forget(tx: &mut TenantTx, kind: &str, subjects: &[Uuid]) -> Result<()> {
    let query = "select forget_subject_keys($1, $2)";
    sqlx::query(query).bind(kind).bind(subjects).execute(tx.conn()).await?;
    Ok(())
}
