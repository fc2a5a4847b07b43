//! Evidence-locked conclusions: a claim stands only on steps of its own run.
//!
//! A model is told to cite; it is not believed. Each claim must cite a step that exists, else it is dropped.
//! Each value of a claim (a quotation, a number) must occur in what the cited steps brought to light: the
//! alert, a tool's result or a tool's error. What the model itself said, or passed to a tool, is no evidence
//! for anything. A claim with a value that does not occur stays, is marked, and lowers the confidence. Only a
//! verdict for which no claim is left is taken back.

use serde_json::Value;

use super::{
    evidence::{Evidence, values_of},
    model::{Claim, Conclusion, Step, StepKind, Verdict},
};

/// Checks a conclusion against the steps of its run. `input` is what the run was given: the evidence of its
/// first step.
pub fn check_claims(mut conclusion: Conclusion, steps: &[Step], input: &Value) -> Conclusion {
    let asserted = conclusion.claims.len();
    let mut supported = 0;
    for mut claim in std::mem::take(&mut conclusion.claims) {
        let unknown = unknown_steps(&claim, steps);
        claim.steps.retain(|seq| !unknown.contains(seq));
        claim.steps.sort_unstable();
        claim.steps.dedup();
        if claim.steps.is_empty() {
            conclusion
                .remarks
                .push(format!("A claim was dropped because it cites no step of this run: {}", claim.text));
            continue;
        }
        let missing = missing_values(&claim, steps, input);
        claim.verified = missing.is_empty();
        if claim.verified {
            supported += 1;
        } else {
            let values = missing.join(", ");
            conclusion
                .remarks
                .push(format!("Not found in the cited steps: {values}. The claim was: {}", claim.text));
        }
        conclusion.claims.push(claim);
    }
    if asserted > 0 {
        let share = f64::from(supported) / asserted as f64;
        conclusion.confidence = conclusion.confidence.map(|confidence| confidence * share);
    }
    if conclusion.claims.is_empty() && conclusion.verdict != Verdict::Undetermined {
        conclusion.withdraw("no claim of it cites a step of this run");
    }
    conclusion
}

/// The steps that a claim cites and that cannot be cited, because they do not exist or are conclusions.
pub fn unknown_steps(claim: &Claim, steps: &[Step]) -> Vec<i32> {
    let citable = |seq: &i32| steps.iter().any(|step| step.seq == *seq && step.kind != StepKind::Conclusion);
    claim.steps.iter().copied().filter(|seq| !citable(seq)).collect()
}

fn missing_values(claim: &Claim, steps: &[Step], input: &Value) -> Vec<String> {
    let mut evidence = Evidence::default();
    for step in steps.iter().filter(|step| claim.steps.contains(&step.seq)) {
        match step.kind {
            StepKind::SkillMatched => {
                evidence.add(input);
                evidence.add(&step.metadata);
            }
            StepKind::ToolCalled => {
                evidence.add(&step.metadata["result"]);
                evidence.add(&step.metadata["error"]);
            }
            StepKind::Reasoning | StepKind::Conclusion => {}
        }
    }
    values_of(&claim.text)
        .into_iter()
        .filter(|value| !evidence.holds(value))
        .map(|value| value.to_string())
        .collect()
}
