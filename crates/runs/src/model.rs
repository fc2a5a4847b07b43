//! What a run is: its states, its steps, and the conclusion it ends with.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::StepId;
pub use skills::sop::Verdict;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = RunStatus)]
pub enum Status {
    /// Waits for a worker.
    Queued,
    Running,
    /// Ended with a conclusion.
    Succeeded,
    /// Given up; the error says why.
    Failed,
    /// Another run of the same subject took its place.
    Cancelled,
}

/// Who decides what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Mode {
    /// The executable steps of the SOP, in their order, and its rules.
    Rules,
    /// A language model that reads the SOP and calls tools.
    Model,
}

/// What kind of thing was done in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StepKind {
    SkillMatched,
    ToolCalled,
    Reasoning,
    Conclusion,
}

/// One thing that a run did. Never changed once it is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Step {
    pub id: StepId,
    /// From 1, without gaps; what claims cite.
    pub seq: i32,
    /// Names the work within the run.
    #[serde(skip)]
    pub key: String,
    pub kind: StepKind,
    /// Markdown.
    pub content: String,
    /// Its shape goes by the kind.
    pub metadata: Value,
    /// Milliseconds.
    pub duration_ms: Option<i64>,
    pub created_at: DateTime<Utc>,
}

/// What a run found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Conclusion {
    pub verdict: Verdict,
    /// The verdict as a flag; null when it is undetermined.
    pub is_real_issue: Option<bool>,
    /// One sentence.
    pub summary: String,
    pub cause: Option<String>,
    /// From 0 to 1, as far as somebody judged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    pub claims: Vec<Claim>,
    /// What a person should do.
    pub actions: Vec<String>,
    /// What was left out of the conclusion or changed in it, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// A sentence of a conclusion and the steps it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Claim {
    pub text: String,
    /// `seq` of each step; at least one.
    pub steps: Vec<i32>,
    /// Whether every quoted value and number of the text occurs in what these steps brought to light.
    pub verified: bool,
}

impl Conclusion {
    pub fn new(verdict: Verdict, summary: impl Into<String>) -> Self {
        Self {
            verdict,
            is_real_issue: verdict.is_real(),
            summary: summary.into(),
            cause: None,
            confidence: None,
            claims: Vec::new(),
            actions: Vec::new(),
            remarks: Vec::new(),
        }
    }

    pub fn undetermined(summary: impl Into<String>) -> Self {
        Self::new(Verdict::Undetermined, summary)
    }

    /// Takes a verdict back that nothing supports.
    pub fn withdraw(&mut self, why: &str) {
        let remark = format!("The verdict `{}` was set aside: {why}.", self.verdict_name());
        self.remarks.push(remark);
        self.verdict = Verdict::Undetermined;
        self.is_real_issue = None;
        self.confidence = None;
    }

    pub const fn verdict_name(&self) -> &'static str {
        match self.verdict {
            Verdict::Real => "real",
            Verdict::FalsePositive => "false_positive",
            Verdict::Undetermined => "undetermined",
        }
    }
}

impl Claim {
    /// A claim whose values the server itself took from these steps.
    pub fn computed(text: impl Into<String>, steps: Vec<i32>) -> Self {
        Self { text: text.into(), steps, verified: true }
    }
}
