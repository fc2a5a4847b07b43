//! What follows from the steps.
//!
//! The first rule that holds concludes. A rule that cannot be decided blocks every later rule with another
//! verdict, so that a broken tool never turns a real problem into a false positive. A claim whose steps were
//! not done has no evidence and is left out.

use serde::Serialize;

use super::{
    ALERT, ClaimTemplate, Rule, Sop, Verdict,
    evaluate::{Context, Decision, StepOutcome},
    template::Template,
};

/// What follows from the steps by the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleConclusion {
    pub verdict: Verdict,
    pub summary: String,
    pub cause: Option<String>,
    pub claims: Vec<RuleClaim>,
    pub actions: Vec<String>,
    /// Line of the rule that was applied; none when no rule could be.
    pub rule: Option<usize>,
    /// The rules that were looked at, in order, and what could not be written.
    pub considered: Vec<Considered>,
    pub remarks: Vec<String>,
}

/// A sentence and the names of the steps it rests on; [`ALERT`] is the alert itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleClaim {
    pub text: String,
    pub steps: Vec<String>,
}

/// One rule that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Considered {
    pub line: usize,
    pub verdict: Verdict,
    /// None: the rule holds whatever was found.
    pub expression: Option<String>,
    #[serde(flatten)]
    pub decision: Decision,
}

impl Sop {
    /// The conclusion of the first rule that holds.
    pub fn verdict(&self, context: &Context) -> RuleConclusion {
        let mut considered: Vec<Considered> = Vec::new();
        for rule in &self.rules {
            let decision =
                rule.condition.as_ref().map_or(Decision::Holds, |condition| context.decide(condition));
            let expression = rule.condition.as_ref().map(|condition| condition.source.clone());
            considered.push(Considered { line: rule.line, verdict: rule.verdict, expression, decision });
            if !matches!(considered.last(), Some(Considered { decision: Decision::Holds, .. })) {
                continue;
            }
            let blocked = considered.iter().find(|earlier| {
                matches!(earlier.decision, Decision::Undecided(_)) && earlier.verdict != rule.verdict
            });
            return match blocked.map(Considered::undecided) {
                Some(summary) => RuleConclusion::undetermined(summary, considered),
                None => rule.conclude(context, considered),
            };
        }
        let undecided = considered.iter().find(|rule| matches!(rule.decision, Decision::Undecided(_)));
        let summary = match undecided {
            Some(rule) => rule.undecided(),
            None if self.rules.is_empty() => "The SOP has no rules for a verdict.".into(),
            None => "None of the rules of the SOP holds.".into(),
        };
        RuleConclusion::undetermined(summary, considered)
    }
}

impl Considered {
    fn undecided(&self) -> String {
        let reason = match &self.decision {
            Decision::Undecided(reason) => reason.as_str(),
            Decision::Holds | Decision::DoesNotHold(_) => "",
        };
        format!("The rule on line {} could not be decided: {reason}", self.line)
    }
}

impl RuleConclusion {
    fn undetermined(summary: String, considered: Vec<Considered>) -> Self {
        Self {
            verdict: Verdict::Undetermined,
            summary,
            cause: None,
            claims: Vec::new(),
            actions: Vec::new(),
            rule: None,
            considered,
            remarks: Vec::new(),
        }
    }
}

impl Rule {
    fn conclude(&self, context: &Context, considered: Vec<Considered>) -> RuleConclusion {
        let mut remarks = Vec::new();
        let mut write = |text: &Template| {
            let written = context.render(text);
            written.map_err(|error| remarks.push(format!("\"{}\" was left out: {error}", text.source))).ok()
        };
        let summary = write(&self.summary);
        let cause = self.cause.as_ref().and_then(&mut write);
        let actions = self.actions.iter().filter_map(&mut write).collect();
        let mut claims = Vec::new();
        for claim in &self.claims {
            match claim.write(context) {
                Ok(claim) => claims.push(claim),
                Err(error) => remarks.push(format!("the claim on line {} was left out: {error}", claim.line)),
            }
        }
        RuleConclusion {
            verdict: self.verdict,
            summary: summary.unwrap_or_else(|| format!("The rule on line {} holds.", self.line)),
            cause,
            claims,
            actions,
            rule: Some(self.line),
            considered,
            remarks,
        }
    }
}

impl ClaimTemplate {
    /// Fails if a step it rests on was not done: such a claim has no evidence. That a call failed can be evidence.
    fn write(&self, context: &Context) -> Result<RuleClaim, String> {
        for name in &self.steps {
            let outcome = context.outcome(name);
            if name != ALERT && matches!(outcome, Some(StepOutcome::Skipped(_)) | None) {
                return Err(format!("`{name}` was not done"));
            }
        }
        Ok(RuleClaim { text: context.render(&self.text)?, steps: self.steps.clone() })
    }
}
