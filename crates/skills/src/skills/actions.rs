//! Creating, changing, deleting and embedding skills.
//!
//! A description is embedded before the transaction that stores it. If the model does not answer in time the
//! skill is stored without a vector, is matched by its words meanwhile, and [`embed_stale`] makes up for it.

use std::time::Duration;

use kernel::{NodeId, Result};
use llm::Embedder;
use platform::{
    db::{Db, Scope, TenantTx},
    http::{Caller, IfMatch, Permission},
    record::{Change, EventKind},
};

use super::{
    model::SkillInput,
    store::{self, Embedding, SkillRecord},
};
use crate::{
    Deps, SkillId,
    events::{SkillCreated, SkillDeleted, SkillSummary, SkillUpdated},
    matching,
    permissions::SkillsWrite,
};

/// How long saving waits for an embedding.
const PATIENCE: Duration = Duration::from_secs(3);
/// Skills embedded in one go.
const BATCH: i64 = 64;

/// What an import did with one skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Created(SkillId),
    Updated(SkillId),
    Unchanged(SkillId),
}

/// Creates a skill; `invalid_sop`, `invalid_skill` or `skill_name_taken` when it cannot be.
pub async fn create(deps: &Deps, caller: &Caller, input: SkillInput) -> Result<SkillId> {
    input.check()?;
    let embedding = embed(deps, &input).await;
    let mut tx = caller.tx(&deps.app.db).await?;
    let owner = caller.owner(&mut tx, SkillsWrite::NAME, input.node_id).await?;
    let id = insert(&mut tx, input, owner, None, embedding).await?;
    tx.commit().await?;
    Ok(id)
}

/// Replaces what a skill says. Its version grows if that is something else; `changed_meanwhile` when it is not what the
/// client knows.
pub async fn update(
    deps: &Deps,
    caller: &Caller,
    id: SkillId,
    known: &IfMatch,
    input: SkillInput,
) -> Result<()> {
    input.check()?;
    let embedding = embed(deps, &input).await;
    let mut tx = caller.tx(&deps.app.db).await?;
    let before = store::lock(&mut tx, id).await?;
    known.check(before.updated_at)?;
    let owner = match input.node_id {
        None => before.node_id,
        asked => caller.owner(&mut tx, SkillsWrite::NAME, asked).await?,
    };
    let origin = before.origin.clone();
    change(&mut tx, before, input, (owner, origin), embedding).await?;
    tx.commit().await
}

/// Deletes a skill and the bindings to it.
pub async fn delete(deps: &Deps, scope: Scope, id: SkillId) -> Result<()> {
    let mut tx = deps.app.db.tenant(scope).await?;
    let skill = store::lock(&mut tx, id).await?;
    let patterns = store::delete(&mut tx, id).await?;
    let before = SkillSummary { deleted_bindings: Some(patterns), ..summary(&skill) };
    record::<SkillDeleted>(&mut tx, &skill, Change::from(before)).await?;
    tx.commit().await
}

/// Creates the skill that came from `origin`, or updates it. A status that people set stays.
pub async fn save_imported(deps: &Deps, scope: Scope, origin: &str, input: SkillInput) -> Result<Saved> {
    input.check()?;
    let embedding = embed(deps, &input).await;
    let mut tx = deps.app.db.tenant(scope).await?;
    let saved = match store::lock_imported(&mut tx, origin, input.name.trim()).await? {
        None => Saved::Created(insert(&mut tx, input, None, Some(origin.to_owned()), embedding).await?),
        Some(before) => {
            let (id, owner) = (before.id, before.node_id);
            let changed = change(&mut tx, before, input, (owner, Some(origin.to_owned())), embedding).await?;
            if changed { Saved::Updated(id) } else { Saved::Unchanged(id) }
        }
    };
    tx.commit().await?;
    Ok(saved)
}

async fn insert(
    tx: &mut TenantTx,
    input: SkillInput,
    node_id: Option<NodeId>,
    origin: Option<String>,
    embedding: Option<Embedding>,
) -> Result<SkillId> {
    let skill = SkillRecord {
        id: SkillId::new(tx.now()),
        name: input.name.trim().to_owned(),
        problem_description: input.problem_description.trim().to_owned(),
        sop: input.sop,
        origin,
        version: 1,
        status: input.status.unwrap_or_default(),
        node_id,
        updated_at: tx.now(),
    };
    store::insert(tx, &skill, embedding).await?;
    record::<SkillCreated>(tx, &skill, Change::to(summary(&skill))).await?;
    Ok(skill.id)
}

/// Answers whether anything changed.
async fn change(
    tx: &mut TenantTx,
    before: SkillRecord,
    input: SkillInput,
    (node_id, origin): (Option<NodeId>, Option<String>),
    embedding: Option<Embedding>,
) -> Result<bool> {
    let mut after = SkillRecord {
        name: input.name.trim().to_owned(),
        problem_description: input.problem_description.trim().to_owned(),
        sop: input.sop,
        origin,
        status: input.status.unwrap_or(before.status),
        node_id,
        ..before.clone()
    };
    if after == before {
        return Ok(false);
    }
    after.version += 1;
    store::update(tx, &after, embedding).await?;
    record::<SkillUpdated>(tx, &after, Change::between(summary(&before), summary(&after))).await?;
    Ok(true)
}

async fn embed(deps: &Deps, input: &SkillInput) -> Option<Embedding> {
    let text = matching::skill_text(input.name.trim(), input.problem_description.trim());
    let embedded = tokio::time::timeout(PATIENCE, matching::embed_skills(&*deps.embedder, &[text])).await;
    match embedded {
        Ok(Ok(mut vectors)) => {
            vectors.pop().map(|vector| Embedding { vector, model: deps.embedder.model().into() })
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "a skill is saved without an embedding; it is made later");
            None
        }
        Err(_) => {
            tracing::warn!(
                "a skill is saved without an embedding, because the model is slow; it is made later"
            );
            None
        }
    }
}

/// Reconciler: embeds every skill that the current model has not embedded. Answers how many it did.
pub async fn embed_stale(db: &Db, embedder: &dyn Embedder) -> Result<u64> {
    let mut done = 0;
    loop {
        let mut tx = db.system("skills of every organization get the current model's embedding").await?;
        let stale = store::stale(&mut tx, embedder.model(), BATCH).await?;
        tx.commit().await?;
        if stale.is_empty() {
            return Ok(done);
        }
        let texts: Vec<String> =
            stale.iter().map(|skill| matching::skill_text(&skill.name, &skill.problem_description)).collect();
        let vectors = matching::embed_skills(embedder, &texts).await?;
        let mut tx = db.system("skills of every organization get the current model's embedding").await?;
        let stored = store::put_embeddings(&mut tx, embedder.model(), &stale, vectors).await?;
        tx.commit().await?;
        done += stored;
        // every one of them changed meanwhile: leave them to the next turn
        if stored == 0 {
            return Ok(done);
        }
    }
}

fn summary(skill: &SkillRecord) -> SkillSummary {
    SkillSummary {
        name: skill.name.clone(),
        problem_description: skill.problem_description.clone(),
        status: skill.status,
        version: skill.version,
        origin: skill.origin.clone(),
        node_id: skill.node_id,
        deleted_bindings: None,
    }
}

async fn record<E: EventKind<Payload = Change<SkillSummary>>>(
    tx: &mut TenantTx,
    skill: &SkillRecord,
    change: Change<SkillSummary>,
) -> Result<()> {
    tx.record::<E, _>((skill.id.uuid(), skill.node_id), change).await.map(drop)
}
