//! Creating, changing and deleting bindings.

use kernel::{Error, Result};
use platform::{db::Scope, record::Change};
use serde::{Deserialize, Serialize};

use super::store;
use crate::{
    BindingId, Deps, SkillId,
    events::{BindingCreated, BindingDeleted, BindingUpdated},
    matching::Pattern,
};

/// Characters of a pattern.
const MAX_PATTERN: usize = 500;

/// A pattern and the skill it leads to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Binding {
    pub id: BindingId,
    pub alert_pattern: String,
    pub skill_id: SkillId,
    pub priority: i32,
}

/// A binding to be created.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBinding {
    /// `/regex/`, `/regex/i`, or keywords that must all be found.
    pub alert_pattern: String,
    pub skill_id: SkillId,
    /// The highest is tried first; 0 unless given.
    #[serde(default)]
    pub priority: i32,
}

/// What to change of a binding; the rest stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingChange {
    pub alert_pattern: Option<String>,
    pub skill_id: Option<SkillId>,
    pub priority: Option<i32>,
}

/// Creates a binding; `invalid_pattern` or `unknown_skill` when it cannot be. Who may change a skill may change what leads to it.
pub async fn create(deps: &Deps, scope: Scope, new: NewBinding) -> Result<BindingId> {
    check(&new.alert_pattern)?;
    let mut tx = deps.app.db.tenant(scope).await?;
    let NewBinding { alert_pattern, skill_id, priority } = new;
    let binding = Binding { id: BindingId::new(tx.now()), alert_pattern, skill_id, priority };
    let owner = store::lock_skill(&mut tx, skill_id).await?;
    store::insert(&mut tx, &binding).await?;
    let id = binding.id;
    tx.record::<BindingCreated, _>((id.uuid(), owner), Change::to(binding)).await?;
    tx.commit().await?;
    Ok(id)
}

pub async fn update(deps: &Deps, scope: Scope, id: BindingId, change: BindingChange) -> Result<()> {
    change.alert_pattern.as_deref().map_or(Ok(()), check)?;
    let mut tx = deps.app.db.tenant(scope).await?;
    let before = store::lock(&mut tx, id).await?;
    let after = Binding {
        id,
        alert_pattern: change.alert_pattern.unwrap_or_else(|| before.alert_pattern.clone()),
        skill_id: change.skill_id.unwrap_or(before.skill_id),
        priority: change.priority.unwrap_or(before.priority),
    };
    if after != before {
        let owner = store::lock_skill(&mut tx, after.skill_id).await?;
        store::update(&mut tx, &after).await?;
        tx.record::<BindingUpdated, _>((id.uuid(), owner), Change::between(before, after)).await?;
    }
    tx.commit().await
}

pub async fn delete(deps: &Deps, scope: Scope, id: BindingId) -> Result<()> {
    let mut tx = deps.app.db.tenant(scope).await?;
    let binding = store::lock(&mut tx, id).await?;
    let owner = store::lock_skill(&mut tx, binding.skill_id).await?;
    store::delete(&mut tx, id).await?;
    tx.record::<BindingDeleted, _>((id.uuid(), owner), Change::from(binding)).await?;
    tx.commit().await
}

fn check(pattern: &str) -> Result<()> {
    let invalid = |detail: String| Error::field("invalid_pattern", "/alert_pattern", detail);
    if pattern.chars().count() > MAX_PATTERN {
        return Err(invalid(format!("is longer than {MAX_PATTERN} characters")));
    }
    Pattern::parse(pattern).map(drop).map_err(invalid)
}
