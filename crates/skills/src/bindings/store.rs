//! Rows of `alert_skill_bindings`.

use kernel::{BindingId, Error, Result};
use platform::db::{TenantTx, violated};

use super::actions::Binding;

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
        .await
        .map_err(unknown_skill)?;
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
        .await
        .map_err(unknown_skill)?;
    Ok(())
}

fn unknown_skill(error: sqlx::Error) -> Error {
    match violated(&error) {
        Some("alert_skill_bindings_skill_fkey") => {
            Error::field("unknown_skill", "/skill_id", "there is no such skill")
        }
        _ => error.into(),
    }
}

/// The binding, locked until the transaction ends.
pub async fn lock(tx: &mut TenantTx, id: BindingId) -> Result<Binding> {
    let org = tx.org();
    let query = "select id, alert_pattern, skill_id, priority from alert_skill_bindings
        where org_id = $1 and id = $2 for update";
    let found = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("binding"))
}

pub async fn delete(tx: &mut TenantTx, id: BindingId) -> Result<()> {
    let org = tx.org();
    let query = "delete from alert_skill_bindings where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).execute(tx.conn()).await?;
    Ok(())
}
