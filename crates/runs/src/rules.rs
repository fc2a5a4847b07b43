//! Following an SOP without a model: its executable steps in their order, then its rules.
//!
//! A tool that fails is recorded and the run goes on: what the rules need of it is then undecided. What a step
//! found is always taken from its record, so a run that was taken up again sees what the first worker saw.

use std::collections::BTreeMap;

use kernel::{NodeId, Result};
use platform::jobs::JobContext;
use serde_json::{Map, json};
use skills::sop::{self, ALERT, AlertFacts, Context, Decision, Sop, StepOutcome};

use super::{
    content,
    journal::{Entry, Followed, Journal, Pursued},
    model::{Claim, Conclusion, Step, StepKind},
    toolkit::{self, CallRecord},
};
use crate::Deps;

/// Actions that are shown of an SOP that only a person can follow.
const MAX_ACTIONS: usize = 30;

/// Does the executable steps that are left and draws the conclusion.
pub async fn follow(
    deps: &Deps,
    journal: &mut Journal,
    sop: &Sop,
    facts: &AlertFacts,
) -> Pursued<Conclusion> {
    let mut context = Context::new(facts);
    // what claims may cite: the alert is in the first step
    let mut seqs = BTreeMap::from([(ALERT.to_owned(), 1)]);
    let mut remarks = Vec::new();
    for step in &sop.steps {
        let done = perform(deps, journal, step, &context).await?;
        if done.metadata["truncated"] == true {
            let remark = format!(
                "The result of step {} was too long to be kept whole; counts in it may be too low.",
                done.seq
            );
            remarks.push(remark);
        }
        context.record(step, outcome_of(&done));
        seqs.insert(step.name.clone(), done.seq);
    }
    let mut conclusion = conclude(&sop.verdict(&context), &seqs, journal.steps());
    conclusion.remarks.extend(remarks);
    Ok(conclusion)
}

/// The recorded step, or the work and its record.
async fn perform(
    deps: &Deps,
    journal: &mut Journal,
    step: &sop::SopStep,
    context: &Context,
) -> Pursued<Step> {
    let key = format!("sop:{}:{}", step.line, step.name);
    let work = (journal.context().clone(), journal.run().node_id);
    let guard = content::code(step.guard().unwrap_or_default());
    match step.when(context) {
        Decision::Holds => journal.step(&key, || call(deps, work, step, context, &key)).await,
        Decision::DoesNotHold(reason) => {
            let reason = reason
                .unwrap_or_else(|| format!("{} does not hold", step.guard().unwrap_or("its condition")));
            let content = format!("Skipped {}: {guard} does not hold.", content::code(&step.label));
            journal.step(&key, || left_out(&key, step, content, "skipped", reason)).await
        }
        Decision::Undecided(reason) => {
            let content = format!(
                "Could not do {}: {guard} cannot be decided, because {}.",
                content::code(&step.label),
                content::code(&reason)
            );
            journal.step(&key, || left_out(&key, step, content, "failed", reason)).await
        }
    }
}

/// A step that was not done. `outcome` is `skipped` or `failed`.
async fn left_out(
    key: &str,
    step: &sop::SopStep,
    content: String,
    outcome: &str,
    reason: String,
) -> Result<Entry> {
    let metadata = json!({
        "label": step.label,
        "tool": step.tool,
        "when": step.guard(),
        "outcome": outcome,
        "reason": reason,
    });
    Ok(Entry { key: key.into(), kind: StepKind::Reasoning, content, metadata, duration_ms: None })
}

async fn call(
    deps: &Deps,
    (job, owner): (JobContext, Option<NodeId>),
    step: &sop::SopStep,
    context: &Context,
    key: &str,
) -> Pursued<Entry> {
    let mut record = match step.arguments(context) {
        Ok(arguments) => toolkit::call(deps, (&job, owner), &step.tool, arguments).await?,
        Err(error) => CallRecord::not_made(&step.tool, Map::new(), error),
    };
    record.label = Some(step.label.clone());
    let mut context = context.clone();
    context.record(step, record.outcome());
    record.condition = step.expect(&context);
    Ok(record.entry(key)?)
}

/// What became of a step, by its record.
fn outcome_of(step: &Step) -> StepOutcome {
    let text = |name: &str| step.metadata[name].as_str().unwrap_or_default().to_owned();
    match step.kind {
        StepKind::ToolCalled if step.metadata["error"].is_null() => {
            StepOutcome::Done(step.metadata["result"].clone())
        }
        StepKind::ToolCalled => StepOutcome::Failed(text("error")),
        _ if step.metadata["outcome"] == "skipped" => StepOutcome::Skipped(text("reason")),
        _ => StepOutcome::Failed(text("reason")),
    }
}

/// What the rules say, with steps in the place of names.
fn conclude(drawn: &sop::RuleConclusion, seqs: &BTreeMap<String, i32>, steps: &[Step]) -> Conclusion {
    let seqs_of = |names: &[String]| -> Vec<i32> {
        let mut cited: Vec<i32> = names.iter().filter_map(|name| seqs.get(name).copied()).collect();
        cited.sort_unstable();
        cited.dedup();
        cited
    };
    let claims = drawn.claims.iter().map(|claim| Claim::computed(&claim.text, seqs_of(&claim.steps)));
    let mut conclusion = Conclusion {
        cause: drawn.cause.clone(),
        claims: claims.filter(|claim| !claim.steps.is_empty()).collect(),
        actions: drawn.actions.clone(),
        remarks: drawn.remarks.clone(),
        ..Conclusion::new(drawn.verdict, &drawn.summary)
    };
    match drawn.rule {
        Some(line) if conclusion.claims.is_empty() => conclusion.claims.push(rule_itself(drawn, line, seqs)),
        Some(_) => {}
        None => conclusion.claims.extend(steps.iter().filter_map(failure)),
    }
    conclusion
}

/// A rule without a `because` still rests on the steps that it names.
fn rule_itself(drawn: &sop::RuleConclusion, line: usize, seqs: &BTreeMap<String, i32>) -> Claim {
    let expression =
        drawn.considered.iter().find(|rule| rule.line == line).and_then(|rule| rule.expression.as_deref());
    let names = |expression: &str| -> Vec<i32> {
        let words = expression.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let mut cited: Vec<i32> = words.filter_map(|word| seqs.get(word).copied()).collect();
        cited.sort_unstable();
        cited.dedup();
        if cited.is_empty() { vec![1] } else { cited }
    };
    match expression {
        Some(expression) => {
            Claim::computed(format!("{} holds.", content::code(expression)), names(expression))
        }
        None => Claim::computed("No other rule of the SOP holds.", seqs.values().copied().collect()),
    }
}

/// What failed is why nothing could be determined.
fn failure(step: &Step) -> Option<Claim> {
    let error = step.metadata["error"].as_str().filter(|_| step.kind == StepKind::ToolCalled)?;
    let tool = step.metadata["tool"].as_str().unwrap_or_default();
    Some(Claim::computed(format!("{} failed: {}", content::code(tool), content::code(error)), vec![step.seq]))
}

/// The conclusion where only a person can follow the SOP. `model_gone`: there was a model in the beginning.
pub fn by_hand(skill: &Followed, model_gone: bool) -> Conclusion {
    let model = if model_gone { "the model cannot be used" } else { "no model is configured" };
    let mut conclusion = Conclusion::undetermined(format!("This skill has no executable steps and {model}."));
    let claim = format!("The skill {} is for this alert.", content::code(&skill.name));
    conclusion.claims.push(Claim::computed(claim, vec![1]));
    conclusion.actions = actions_of(&skill.sop);
    conclusion
}

/// The items of an SOP's lists; its paragraphs if it has none.
fn actions_of(sop: &str) -> Vec<String> {
    let lines: Vec<&str> = sop.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let items: Vec<&str> = lines.iter().filter_map(|line| item(line)).collect();
    let chosen = if items.is_empty() {
        lines.into_iter().filter(|line| !line.starts_with('#')).collect()
    } else {
        items
    };
    chosen.into_iter().take(MAX_ACTIONS).map(str::to_owned).collect()
}

/// The text of a list item.
fn item(line: &str) -> Option<&str> {
    let unnumbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = unnumbered.strip_prefix(['.', ')']).filter(|_| unnumbered.len() < line.len());
    let marked = marked.or_else(|| line.strip_prefix(['-', '*', '+']));
    marked.and_then(|text| text.strip_prefix(' ')).map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::actions_of;

    #[test]
    fn the_actions_of_prose_are_its_items_or_else_its_paragraphs() {
        let list = "# Disk full\n\nBe quick.\n\n1. Look at `df`.\n   - Delete old logs.\n2) Call the owner.\n-no item";
        assert_eq!(actions_of(list), ["Look at `df`.", "Delete old logs.", "Call the owner."]);
        assert_eq!(actions_of("# Title\n\nCall 112.\nThen wait."), ["Call 112.", "Then wait."]);
    }
}
