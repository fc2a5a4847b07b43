//! Past alerts, for the dry run, as `alerts` publishes them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{NodeId, Result};
use platform::db::TenantTx;
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    AlertText, How,
    dry_run::{CurrentSkill, PastMatch},
};
use crate::SkillId;

/// Alerts that a dry run looks at.
const MAX_ALERTS: i64 = 2_000;

/// An alert and the skill of its latest issue.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PastAlert {
    id: Uuid,
    title: String,
    alert_type: String,
    description: Option<String>,
    labels: Json<BTreeMap<String, serde_json::Value>>,
    received_at: DateTime<Utc>,
    skill_id: Option<SkillId>,
    skill_name: Option<String>,
}

impl PastAlert {
    pub fn text(&self) -> AlertText {
        let text =
            |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        AlertText {
            title: self.title.clone(),
            alert_type: self.alert_type.clone(),
            description: self.description.clone().unwrap_or_default(),
            labels: self.labels.iter().map(|(key, value)| (key.clone(), text(value))).collect(),
        }
    }

    pub fn matched(self, how: How, score: f64) -> PastMatch {
        let current =
            self.skill_id.zip(self.skill_name).map(|(skill_id, name)| CurrentSkill { skill_id, name });
        PastMatch {
            alert_id: self.id,
            title: self.title,
            alert_type: self.alert_type,
            received_at: self.received_at,
            how,
            score,
            current,
        }
    }
}

/// The alerts received since for which something of this owner is, the latest first.
pub async fn past_alerts(
    tx: &mut TenantTx,
    since: DateTime<Utc>,
    owner: Option<NodeId>,
) -> Result<Vec<PastAlert>> {
    let org = tx.org();
    let query = "select a.id, a.title, a.alert_type, a.description, a.labels, a.received_at,
            s.id as skill_id, s.name as skill_name
        from alert_history a
        left join skills s on s.org_id = a.org_id and s.id = a.skill_id
        where a.org_id = $1 and a.id >= uuid_v7_floor($2)
            and ($4::uuid is null or a.node_id in (select nodes_below($1, array[$4])))
        order by a.id desc limit $3";
    Ok(sqlx::query_as(query).bind(org).bind(since).bind(MAX_ALERTS).bind(owner).fetch_all(tx.conn()).await?)
}
