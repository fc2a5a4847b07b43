//! The job that pursues a run from where it stands to its end.

use std::time::Duration;

use llm::ChatModel;
use platform::jobs::{Failure, Handled, JobContext, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::json;
use skills::{Matched, Query, matching, sop};

use super::{
    brief::Brief,
    content,
    journal::{self, Aside, Course, Entry, Followed, Journal, Pursued, Stop},
    model::{Claim, Conclusion, Mode, StepKind},
    model_mode::{self, Ended},
    rules,
};
use crate::{Deps, RunId};

/// The kind of the job.
pub const EXECUTE_RUN: &str = "execute_run";

/// The key of the first step.
const MATCH: &str = "match";
/// The key of the step that says that the model is gone.
const FALL_BACK: &str = "fall_back";

/// The arguments of the job.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ExecuteRun {
    pub run_id: RunId,
}

/// Pursues a run. Its failure is the run's failure, once trying again cannot help or was tried often enough.
pub async fn execute_run(deps: Deps, args: ExecuteRun, context: JobContext) -> Handled {
    let opened = Journal::open(context.clone(), &deps.app.keyring, args.run_id).await?;
    let Some(journal) = opened else { return Ok(Outcome::Done) };
    let (shown, failure) = match pursue(&deps, journal).await {
        Ok(()) | Err(Stop::Superseded) => return Ok(Outcome::Done),
        Err(Stop::Interrupted) => return Ok(Outcome::Snooze(Duration::ZERO)),
        Err(Stop::ModelBusy { detail, after }) => (detail.clone(), Failure::Retry { error: detail, after }),
        // the source of an internal error is for the log
        Err(Stop::Failed(error)) => (error.to_string(), Failure::from(error)),
    };
    let (Failure::Retry { error, .. } | Failure::Dead { error }) = &failure;
    if matches!(failure, Failure::Retry { .. }) && context.attempt < context.max_attempts {
        return Err(failure);
    }
    tracing::error!(run.id = %args.run_id, error, "a run failed");
    match journal::fail(&context, args.run_id, &shown).await {
        Ok(()) => {
            metrics::counter!("steward_runs_total", "outcome" => "failed").increment(1);
            Ok(Outcome::Done)
        }
        // the sweeper fails it
        Err(_) => Err(failure),
    }
}

async fn pursue(deps: &Deps, mut journal: Journal) -> Pursued<()> {
    let brief = Brief::read(journal.input());
    if journal.recorded(MATCH).is_none() {
        match_skill(deps, &mut journal, &brief).await?;
    }
    let conclusion = match journal.memory.skill.clone() {
        Some(skill) => investigate(deps, &mut journal, &brief, &skill).await?,
        None => no_skill(&journal),
    };
    let waited = deps.app.clock.now() - journal.run().created_at;
    journal.conclude(content::conclusion(&conclusion), &conclusion).await?;
    metrics::counter!("steward_runs_total", "outcome" => conclusion.verdict_name()).increment(1);
    metrics::histogram!("steward_run_seconds").record(waited.to_std().unwrap_or_default());
    Ok(())
}

/// The first step. The SOP is kept as it is now.
async fn match_skill(deps: &Deps, journal: &mut Journal, brief: &Brief) -> Pursued<()> {
    let started = deps.app.clock.now();
    let alert = brief.alert_text();
    let title = alert.title.clone();
    let options = deps.skills.matching;
    let (requested, owner) = (journal.run().skill_id, journal.run().node_id);
    // embedding may call a model, so it comes before the transaction
    let query = match requested {
        None => Some(Query::new(&*deps.skills.embedder, alert).await),
        Some(_) => None,
    };
    let mut tx = journal.context().tx().await?;
    let outcome = match (&query, requested) {
        (_, Some(skill)) => matching::requested(&mut tx, skill, owner, options).await?,
        (Some(query), None) => matching::find(&mut tx, query, owner, options).await?,
        (None, None) => Matched { matched: None, threshold: options.threshold, candidates: Vec::new() },
    };
    let skill = match &outcome.matched {
        Some(matched) => Some(skills::skills::get_runnable(&mut tx, matched.skill_id).await?),
        None => None,
    };
    drop(tx);
    let model = deps.model.as_ref().filter(|_| skill.is_some());
    let course = Course {
        skill: skill.as_ref().map(|skill| skill.id),
        mode: if model.is_some() { Mode::Model } else { Mode::Rules },
        model: model.map(|model| model.profile().model.clone()),
    };
    journal.memory.skill = skill.map(|skill| Followed { id: skill.id, name: skill.name, sop: skill.sop });
    let entry = Entry {
        key: MATCH.into(),
        kind: StepKind::SkillMatched,
        content: content::skill_matched(&title, &outcome),
        metadata: serde_json::to_value(&outcome)?,
        duration_ms: Some((deps.app.clock.now() - started).num_milliseconds()),
    };
    journal.record(entry, Aside { course: Some(course), charge: None }).await?;
    Ok(())
}

fn no_skill(journal: &Journal) -> Conclusion {
    let mut conclusion = Conclusion::undetermined("No skill matches this alert.");
    let matched = journal.recorded(MATCH).map_or(1, |step| step.seq);
    conclusion.claims.push(Claim::computed("No active skill matches the alert.", vec![matched]));
    conclusion.actions.push("Write a skill for this kind of alert, or bind one that exists to it.".into());
    conclusion
}

/// Follows a skill, with the model while there is one.
async fn investigate(
    deps: &Deps,
    journal: &mut Journal,
    brief: &Brief,
    skill: &Followed,
) -> Pursued<Conclusion> {
    // an SOP that does not parse any more is prose
    let sop = sop::parse(&skill.sop).unwrap_or_default();
    if journal.recorded(FALL_BACK).is_none() {
        match &deps.model {
            Some(model) => match model_mode::pursue(deps, &**model, journal, skill).await? {
                Ended::Concluded(conclusion) => return Ok(conclusion),
                Ended::ModelGone(reason) => fall_back(journal, skill, Some(&**model), &reason).await?,
            },
            None if journal.memory.talk.is_some() => {
                fall_back(journal, skill, None, "no model is configured any more").await?;
            }
            None => {}
        }
    }
    if sop.is_executable() {
        rules::follow(deps, journal, &sop, &brief.facts()).await
    } else {
        Ok(rules::by_hand(skill, journal.recorded(FALL_BACK).is_some()))
    }
}

/// Goes on by the rules, and says so.
async fn fall_back(
    journal: &mut Journal,
    skill: &Followed,
    model: Option<&dyn ChatModel>,
    reason: &str,
) -> Pursued<()> {
    let entry = Entry {
        key: FALL_BACK.into(),
        kind: StepKind::Reasoning,
        content: format!(
            "The model cannot be used: {}\n\nThe run goes on without it, by the executable steps of the SOP.",
            content::code(reason)
        ),
        metadata: json!({ "model_gone": reason }),
        duration_ms: None,
    };
    let model = model.map(|model| model.profile().model.clone());
    let course = Course { skill: Some(skill.id), mode: Mode::Rules, model };
    journal.record(entry, Aside { course: Some(course), charge: None }).await?;
    Ok(())
}
