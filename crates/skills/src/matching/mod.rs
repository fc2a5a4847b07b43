//! Which skill is for this alert?
//!
//! First the bindings: patterns that people set, the highest priority first and the older first among
//! equals ([`pattern`]). Then meaning ([`semantic`]): the alert's text is compared with the description of each
//! active skill, by vector and by words, and the best one wins if it is good enough. That nothing matches is an
//! answer. Whatever the outcome, every skill that was considered is listed with a score and a reason.
//!
//! Embedding a text may call a model, and nothing is called inside a transaction. So a match has two halves:
//! [`Query::new`] before it begins, [`find`] inside.

pub mod dry_run;
mod pattern;
mod routes;
mod score;
mod semantic;
mod store;
#[cfg(test)]
mod tests;
mod views;
use std::collections::BTreeMap;

use kernel::{NodeId, Result};
use platform::db::TenantTx;
use serde::{Deserialize, Serialize};

use crate::SkillId;

pub use pattern::Pattern;
pub use routes::routes;
pub use semantic::Query;
pub(crate) use semantic::{embed_skills, pair_scores, skill_text};

/// What of an alert decides on the skill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertText {
    pub title: String,
    #[serde(default)]
    pub alert_type: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// Settings of matching.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The least score, 0 to 1, at which a skill matches by meaning.
    pub threshold: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { threshold: score::THRESHOLD }
    }
}

/// How a skill came to be considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By a pattern that a person set.
    Binding,
    /// By what the alert and the skill say.
    Semantic,
    /// A person asked for this skill.
    Requested,
}

/// A skill that was considered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Candidate {
    pub skill_id: SkillId,
    pub name: String,
    /// From 0 to 1; a binding that matches has 1.
    pub score: f64,
    /// In words.
    pub reason: String,
    pub how: How,
}

/// The skill that matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MatchedSkill {
    pub skill_id: SkillId,
    pub name: String,
    pub how: How,
}

/// The outcome of a match; the metadata of a `skill_matched` step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Matched {
    /// None: no skill is for this alert.
    #[schema(required)]
    pub matched: Option<MatchedSkill>,
    pub threshold: f64,
    /// Bindings in the order of their priority, then by score.
    pub candidates: Vec<Candidate>,
}

impl AlertText {
    /// The fields that a pattern is searched for in, with their names for people.
    fn fields(&self) -> Vec<(String, String)> {
        let texts = [("title", &self.title), ("type", &self.alert_type), ("description", &self.description)];
        let texts = texts.map(|(name, text)| (name.to_owned(), text.clone()));
        let labels =
            self.labels.iter().map(|(key, value)| (format!("label {key}"), format!("{key}={value}")));
        texts.into_iter().chain(labels).collect()
    }
}

impl Candidate {
    fn matched(&self) -> MatchedSkill {
        MatchedSkill { skill_id: self.skill_id, name: self.name.clone(), how: self.how }
    }
}

/// Finds the skill for an alert among the active skills for the use of its owner: a node, or the whole organization.
pub async fn find(
    tx: &mut TenantTx,
    query: &Query,
    owner: Option<NodeId>,
    options: Options,
) -> Result<Matched> {
    let mut candidates = by_binding(tx, query.alert(), owner).await?;
    let bound: Vec<SkillId> = candidates.iter().map(|candidate| candidate.skill_id).collect();
    let similar = semantic::search(tx, query, owner).await?;
    candidates.extend(similar.into_iter().filter(|candidate| !bound.contains(&candidate.skill_id)));
    let matches =
        |candidate: &&Candidate| candidate.how == How::Binding || candidate.score >= options.threshold;
    let matched = candidates.iter().find(matches).map(Candidate::matched);
    Ok(Matched { matched, threshold: options.threshold, candidates })
}

/// The outcome when a person asked for a skill.
pub async fn requested(
    tx: &mut TenantTx,
    skill: SkillId,
    owner: Option<NodeId>,
    options: Options,
) -> Result<Matched> {
    let name = store::active_name(tx, skill, owner).await?.ok_or(kernel::Error::NotFound("skill"))?;
    let how = How::Requested;
    let candidate =
        Candidate { skill_id: skill, name, score: 1.0, reason: "a person asked for it".into(), how };
    Ok(Matched {
        matched: Some(candidate.matched()),
        threshold: options.threshold,
        candidates: vec![candidate],
    })
}

async fn by_binding(tx: &mut TenantTx, alert: &AlertText, owner: Option<NodeId>) -> Result<Vec<Candidate>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for binding in store::bindings(tx, owner).await? {
        if candidates.iter().any(|candidate| candidate.skill_id == binding.skill_id) {
            continue;
        }
        // patterns were checked when they were saved
        let Ok(pattern) = Pattern::parse(&binding.alert_pattern) else { continue };
        if let Some(found) = pattern.find(alert) {
            let reason = format!("{found} (priority {})", binding.priority);
            let (skill_id, name) = (binding.skill_id, binding.skill_name);
            candidates.push(Candidate { skill_id, name, score: 1.0, reason, how: How::Binding });
        }
    }
    Ok(candidates)
}
