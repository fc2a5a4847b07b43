//! The executable SOP: Markdown that people read, in which a step may call a tool.
//!
//! An SOP is written for people. [`markdown`] finds its list items, [`directive`] recognizes the few that
//! mean something to the server (`run:`, `when:`, `expect:`, the rules of the verdict and what belongs to
//! them), and [`parse`] puts them together and checks them. Everything else is prose and stays untouched,
//! so an SOP in which nothing is executable is as valid as any other. The grammar is in `docs/skills.md`.
//!
//! Whoever follows an SOP keeps a [`Context`]: the alert, and what became of each step so far. For each
//! step it asks [`SopStep::when`], [`SopStep::arguments`], calls the tool, asks [`SopStep::expect`], and records
//! an [`StepOutcome`]; in the end [`Sop::verdict`] draws the conclusion. A rule never guesses: where a tool
//! failed that a rule needs, the verdict is undetermined.

mod call;
mod conclude;
mod directive;
mod evaluate;
mod guard;
mod markdown;
mod names;
mod parse;
mod template;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use conclude::{Considered, RuleClaim, RuleConclusion};
pub use evaluate::{AlertFacts, Condition, Context, Decision, StepOutcome};
pub use parse::parse;
use template::{Expression, Template};

/// The name under which a claim cites the alert itself instead of a step.
pub const ALERT: &str = "alert";

/// What the server can do of an SOP.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sop {
    pub steps: Vec<SopStep>,
    pub rules: Vec<Rule>,
}

/// One call of a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct SopStep {
    /// Line of its `run:`, from 1.
    pub line: usize,
    /// What people call the step.
    pub label: String,
    /// The name of its result in later expressions.
    pub name: String,
    pub tool: String,
    arguments: Vec<(String, Argument)>,
    when: Option<Expression>,
    expect: Option<Expression>,
}

#[derive(Clone, Debug, PartialEq)]
enum Argument {
    /// Quoted: text with `{{ … }}` in it.
    Text(Template),
    /// Bare: any JSON value.
    Value(Expression),
}

/// One way to conclude.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// From 1.
    pub line: usize,
    pub verdict: Verdict,
    /// None: whatever the steps found.
    condition: Option<Expression>,
    summary: Template,
    cause: Option<Template>,
    claims: Vec<ClaimTemplate>,
    actions: Vec<Template>,
}

#[derive(Clone, Debug, PartialEq)]
struct ClaimTemplate {
    line: usize,
    text: Template,
    /// Names of the steps it rests on, or [`ALERT`].
    steps: Vec<String>,
}

/// Is the alert a real problem?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Real,
    FalsePositive,
    Undetermined,
}

/// One thing that is wrong with an SOP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SopError {
    /// From 1.
    pub line: usize,
    pub detail: String,
}

impl Sop {
    /// Can the server do anything of it without a model?
    pub fn is_executable(&self) -> bool {
        !self.steps.is_empty() || !self.rules.is_empty()
    }
}

impl Verdict {
    pub const fn is_real(self) -> Option<bool> {
        match self {
            Self::Real => Some(true),
            Self::FalsePositive => Some(false),
            Self::Undetermined => None,
        }
    }
}
