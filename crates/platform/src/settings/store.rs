//! The statements of settings, and where a key's value is in the stored tree.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{NodeId, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::types::Json;

use crate::db::TenantTx;

/// When a setting was changed, and by whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Touched {
    pub at: DateTime<Utc>,
    pub by: String,
}

/// What is stored at a node.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    pub node_id: NodeId,
    #[sqlx(json)]
    pub config_json: Map<String, Value>,
    #[sqlx(json)]
    pub changes: BTreeMap<String, Touched>,
}

impl Stored {
    pub fn value(&self, key: &str) -> Option<&Value> {
        let (first, rest) = key.split_once('.').map_or((key, ""), |(first, rest)| (first, rest));
        let found = self.config_json.get(first)?;
        rest.split('.').filter(|part| !part.is_empty()).try_fold(found, |at, part| at.get(part))
    }

    pub fn put(&mut self, key: &str, value: Value) {
        let (path, last) = key.rsplit_once('.').unwrap_or(("", key));
        let mut at = &mut self.config_json;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let below = at.entry(part).or_insert_with(|| Value::Object(Map::new()));
            if !below.is_object() {
                *below = Value::Object(Map::new());
            }
            let Value::Object(below) = below else { return };
            at = below;
        }
        at.insert(last.into(), value);
    }

    pub fn take(&mut self, key: &str) -> Option<Value> {
        let (path, last) = key.rsplit_once('.').unwrap_or(("", key));
        let mut at = &mut self.config_json;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            at = at.get_mut(part)?.as_object_mut()?;
        }
        at.remove(last)
    }
}

/// The stored value of one key.
pub(super) async fn value(tx: &mut TenantTx, key: &str) -> Result<Option<Value>> {
    let org = tx.org();
    let query = "select config_json #> string_to_array($2, '.') from node_configurations
        where org_id = $1 and node_id = root_node($1)";
    let found: Option<Option<Value>> =
        sqlx::query_scalar(query).bind(org).bind(key).fetch_optional(tx.conn()).await?;
    Ok(found.flatten())
}

/// All that is stored; none when nothing ever was.
pub(super) async fn find(tx: &mut TenantTx) -> Result<Option<Stored>> {
    let org = tx.org();
    let query = "select node_id, config_json, changes from node_configurations
        where org_id = $1 and node_id = root_node($1)";
    Ok(sqlx::query_as(query).bind(org).fetch_optional(tx.conn()).await?)
}

/// Locks all that is stored, made where there is nothing.
pub(super) async fn lock(tx: &mut TenantTx) -> Result<Stored> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into node_configurations (org_id, node_id, created_at, updated_at)
        values ($1, root_node($1), $2, $2) on conflict (org_id, node_id) do nothing";
    sqlx::query(query).bind(org).bind(now).execute(tx.conn()).await?;
    let query = "select node_id, config_json, changes from node_configurations
        where org_id = $1 and node_id = root_node($1) for update";
    Ok(sqlx::query_as(query).bind(org).fetch_one(tx.conn()).await?)
}

/// Stores it, and that this transaction's actor changed the key.
pub(super) async fn save(tx: &mut TenantTx, stored: &mut Stored, key: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    stored.changes.insert(key.into(), Touched { at: now, by: tx.actor().name().into() });
    let query = "update node_configurations set config_json = $3, changes = $4, updated_at = $5
        where org_id = $1 and node_id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(stored.node_id)
        .bind(Json(&stored.config_json))
        .bind(Json(&stored.changes))
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}
