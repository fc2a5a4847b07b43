//! Following an SOP step by step: what is known so far, and whether a condition holds.
//!
//! A condition holds, does not hold, or cannot be decided. It is not decided when it needs the result of
//! a tool that failed, or a field that a result does not have; it does not hold when it needs a step that
//! was left out on purpose.

use std::collections::BTreeMap;

use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{
    Argument, SopStep,
    template::{Expression, Template},
};

/// The alert as an SOP sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertFacts {
    pub title: String,
    pub severity: String,
    pub source: String,
    #[serde(rename = "type")]
    pub alert_type: String,
    pub description: String,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
    /// When the source says that it began, RFC 3339.
    pub starts_at: String,
    /// Every alert of the issue, this one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<AlertFacts>,
}

impl AlertFacts {
    /// The names of its fields in expressions.
    pub(super) const FIELDS: [&str; 9] = [
        "title",
        "severity",
        "source",
        "type",
        "description",
        "labels",
        "annotations",
        "starts_at",
        "alerts",
    ];
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepOutcome {
    /// The tool answered.
    Done(Json),
    /// The tool could not be called or failed, with the reason.
    Failed(String),
    /// Its `when` did not hold, with the reason.
    Skipped(String),
}

/// All that is known: the alert and the outcomes so far.
#[derive(Clone, Debug)]
pub struct Context {
    alert: BTreeMap<&'static str, Value>,
    outcomes: BTreeMap<String, StepOutcome>,
}

/// Does a condition hold?
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "decision", content = "reason", rename_all = "snake_case")]
pub enum Decision {
    Holds,
    /// With the reason, if it is more than that the condition is false.
    DoesNotHold(Option<String>),
    Undecided(String),
}

/// What an `expect` says of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    pub expression: String,
    pub met: bool,
    /// Why it could not be decided; it then counts as not met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Context {
    pub fn new(alert: &AlertFacts) -> Self {
        let json = serde_json::to_value(alert).unwrap_or_default();
        let mut fields: BTreeMap<_, _> = AlertFacts::FIELDS
            .into_iter()
            .map(|name| (name, Value::from(Serde(json.get(name).unwrap_or(&Json::Null)))))
            .collect();
        if alert.alerts.is_empty() {
            fields.insert("alerts", Value::from(vec![Value::from(Serde(&json))]));
        }
        Self { alert: fields, outcomes: BTreeMap::new() }
    }

    /// Remembers what became of a step.
    pub fn record(&mut self, step: &SopStep, outcome: StepOutcome) {
        self.outcomes.insert(step.name.clone(), outcome);
    }

    /// The variables: fields of the alert and the results there are.
    fn scope(&self) -> Value {
        let results = self.outcomes.iter().filter_map(|(name, outcome)| match outcome {
            StepOutcome::Done(result) => Some((name.clone(), Value::from(Serde(result)))),
            StepOutcome::Failed(_) | StepOutcome::Skipped(_) => None,
        });
        let alert = self.alert.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Value::from(alert.chain(results).collect::<BTreeMap<String, Value>>())
    }

    pub(super) fn decide(&self, condition: &Expression) -> Decision {
        match condition.evaluate(&self.scope()) {
            Ok(value) if value.is_true() => Decision::Holds,
            Ok(_) => Decision::DoesNotHold(None),
            Err(error) => self.explain_failure(&condition.names, error),
        }
    }

    /// What became of the step of this name, once it is known.
    pub(super) fn outcome(&self, name: &str) -> Option<&StepOutcome> {
        self.outcomes.get(name)
    }

    /// An expression failed: because of a step that failed, one that was skipped, or by itself?
    fn explain_failure<'a>(&self, names: impl IntoIterator<Item = &'a String>, error: String) -> Decision {
        let mut skipped = None;
        for name in names {
            match self.outcomes.get(name) {
                Some(StepOutcome::Failed(reason)) => {
                    return Decision::Undecided(format!("`{name}` failed: {reason}"));
                }
                Some(StepOutcome::Skipped(reason)) => {
                    skipped = Some(format!("`{name}` was skipped: {reason}"))
                }
                Some(StepOutcome::Done(_)) | None => {}
            }
        }
        skipped.map_or(Decision::Undecided(error), |reason| Decision::DoesNotHold(Some(reason)))
    }

    pub(super) fn render(&self, text: &Template) -> Result<String, String> {
        text.render(&self.scope())
    }
}

impl SopStep {
    /// Is the step to be done? Undecided means that it cannot be, so record it as failed.
    pub fn when(&self, context: &Context) -> Decision {
        self.when.as_ref().map_or(Decision::Holds, |when| context.decide(when))
    }

    /// Its `when` as written.
    pub fn guard(&self) -> Option<&str> {
        self.when.as_ref().map(|when| when.source.as_str())
    }

    /// The arguments of the call. Fails with the argument that could not be made, and why.
    pub fn arguments(&self, context: &Context) -> Result<Map<String, Json>, String> {
        let scope = context.scope();
        let value = |argument: &Argument| match argument {
            Argument::Text(text) => text.render(&scope).map(Json::String),
            Argument::Value(expression) => expression.evaluate_json(&scope),
        };
        let argument = |(name, argument): &(String, Argument)| {
            value(argument)
                .map(|value| (name.clone(), value))
                .map_err(|error| format!("argument `{name}`: {error}"))
        };
        self.arguments.iter().map(argument).collect()
    }

    /// What its `expect` says, once the outcome is recorded.
    pub fn expect(&self, context: &Context) -> Option<Condition> {
        let expect = self.expect.as_ref()?;
        let (met, reason) = match context.decide(expect) {
            Decision::Holds => (true, None),
            Decision::DoesNotHold(reason) => (false, reason),
            Decision::Undecided(reason) => (false, Some(reason)),
        };
        Some(Condition { expression: expect.source.clone(), met, reason })
    }
}
