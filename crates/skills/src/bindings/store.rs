//! Rows of `alert_skill_bindings`.

use kernel::{Error, NodeId, Result};
use platform::db::{TenantTx, not_changeable};

use super::actions::Binding;
use crate::{BindingId, SkillId, skills};

pub async fn insert(tx: &mut TenantTx, binding: &Binding) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into alert_skill_bindings (org_id, id, alert_pattern, skill_id, priority, created_at)
        values ($1, $2, $3, $4, $5, $6)";
    sqlx::query(query)
        .bind(org)
        .bind(binding.id)
        .bind(&binding.alert_pattern)
        .bind(binding.skill_id)
        .bind(binding.priority)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn update(tx: &mut TenantTx, binding: &Binding) -> Result<()> {
    let org = tx.org();
    let query = "update alert_skill_bindings set alert_pattern = $3, skill_id = $4, priority = $5
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(binding.id)
        .bind(&binding.alert_pattern)
        .bind(binding.skill_id)
        .bind(binding.priority)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Locks the skill that a binding is to lead to; answers its owner, who will be the binding's.
///
/// # Errors
/// `unknown_skill`; `forbidden` for one that is not the caller's to bind.
pub async fn lock_skill(tx: &mut TenantTx, id: SkillId) -> Result<Option<NodeId>> {
    match skills::lock(tx, id).await {
        Ok(skill) => Ok(skill.node_id),
        Err(Error::NotFound(_)) => Err(Error::field("unknown_skill", "/skill_id", "there is no such skill")),
        Err(error) => Err(error),
    }
}

/// The binding, locked until the transaction ends.
pub async fn lock(tx: &mut TenantTx, id: BindingId) -> Result<Binding> {
    let org = tx.org();
    let query = "select id, alert_pattern, skill_id, priority from alert_skill_bindings
        where org_id = $1 and id = $2 for update";
    let found: Option<Binding> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    match found {
        Some(binding) => Ok(binding),
        None => {
            let query = "select exists (select from alert_skill_bindings where org_id = $1 and id = $2)";
            let seen = sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?;
            Err(not_changeable("binding", seen))
        }
    }
}

pub async fn delete(tx: &mut TenantTx, id: BindingId) -> Result<()> {
    let org = tx.org();
    let query = "delete from alert_skill_bindings where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}
