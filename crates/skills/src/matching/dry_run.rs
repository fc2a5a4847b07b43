//! Which past alerts would a pattern, or a skill, match?

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result};
use platform::http::Caller;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AlertText, How, Pattern, Query, pair_scores, store,
    views::{self, PastAlert},
};
use crate::{Deps, SkillId};

/// What to try: a pattern or a skill.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunRequest {
    /// `/regex/`, `/regex/i` or keywords.
    pub pattern: Option<String>,
    /// A skill: by its bindings, then by meaning.
    pub skill_id: Option<SkillId>,
    /// How far to look back; 7 unless given, at most 90.
    pub days: Option<u32>,
}

/// The alerts that would match.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DryRun {
    /// How many alerts were looked at.
    pub checked: usize,
    /// The latest first.
    pub matched: Vec<PastMatch>,
}

/// A past alert that would match.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PastMatch {
    pub alert_id: Uuid,
    pub title: String,
    pub alert_type: String,
    pub received_at: DateTime<Utc>,
    pub how: How,
    /// From 0 to 1.
    pub score: f64,
    /// The skill of its latest issue.
    #[schema(required)]
    pub current: Option<CurrentSkill>,
}

/// The skill that an alert was investigated with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CurrentSkill {
    pub skill_id: SkillId,
    pub name: String,
}

enum Question {
    Pattern(Pattern),
    Skill(SkillId),
}

pub async fn dry_run(deps: &Deps, caller: &Caller, request: DryRunRequest) -> Result<DryRun> {
    let question = question(&request)?;
    let days = request.days.unwrap_or(7);
    if !(1..=90).contains(&days) {
        return Err(Error::field("invalid_dry_run", "/days", "must be from 1 to 90"));
    }
    let mut tx = caller.tx(&deps.app.db).await?;
    let since = tx.now() - TimeDelta::days(i64::from(days));
    let (patterns, owner) = match &question {
        Question::Pattern(_) => (Vec::new(), None),
        Question::Skill(id) => {
            let found = store::patterns(&mut tx, *id).await?.ok_or(Error::NotFound("active skill"))?;
            // patterns were checked when they were saved
            let parsed = found.patterns.iter().filter_map(|pattern| Pattern::parse(pattern).ok());
            (parsed.collect(), found.node_id)
        }
    };
    let past = views::past_alerts(&mut tx, since, owner).await?;
    // the model is asked between two transactions
    drop(tx);
    let checked = past.len();
    let texts: Vec<AlertText> = past.iter().map(PastAlert::text).collect();
    let found = match question {
        Question::Pattern(pattern) => by_pattern(&[pattern], &texts),
        Question::Skill(id) => {
            let mut found = by_pattern(&patterns, &texts);
            let queries = Query::batch(&*deps.embedder, texts).await;
            let mut tx = caller.tx(&deps.app.db).await?;
            let scores = pair_scores(&mut tx, id, &queries).await?;
            for (at, score) in
                scores.into_iter().enumerate().filter(|(_, score)| *score >= deps.matching.threshold)
            {
                found.entry(at).or_insert((How::Semantic, score));
            }
            found
        }
    };
    let matched = past.into_iter().enumerate().filter_map(|(at, alert)| {
        let (how, score) = *found.get(&at)?;
        Some(alert.matched(how, score))
    });
    Ok(DryRun { checked, matched: matched.collect() })
}

fn question(request: &DryRunRequest) -> Result<Question> {
    match (&request.pattern, request.skill_id) {
        (Some(pattern), None) => {
            let parsed = Pattern::parse(pattern);
            Ok(Question::Pattern(
                parsed.map_err(|detail| Error::field("invalid_pattern", "/pattern", detail))?,
            ))
        }
        (None, Some(id)) => Ok(Question::Skill(id)),
        _ => Err(Error::invalid("invalid_dry_run", "give either a pattern or a skill_id")),
    }
}

/// The alerts, by their place, that one of the patterns matches.
fn by_pattern(patterns: &[Pattern], alerts: &[AlertText]) -> BTreeMap<usize, (How, f64)> {
    let matches = |alert: &AlertText| patterns.iter().any(|pattern| pattern.find(alert).is_some());
    let found = alerts.iter().enumerate().filter(|(_, alert)| matches(alert));
    found.map(|(at, _)| (at, (How::Binding, 1.0))).collect()
}
