//! Calling the organization's tools, and what is recorded of a call.

use kernel::{NodeId, Result};
use platform::jobs::JobContext;
use serde_json::{Map, Value, json};
use skills::{ToolOutcome, sop, tools};

use super::{
    bounds::{MAX_RESULT_BYTES, bounded, without_nul},
    content,
    journal::{Entry, Pursued, Stop},
    model::StepKind,
};
use crate::Deps;

/// Longest error of a tool that is kept, in bytes.
const MAX_ERROR_BYTES: usize = 4000;

/// What came of a call.
#[derive(Clone, Debug)]
pub struct CallRecord {
    pub tool: String,
    /// What the SOP calls the step.
    pub label: Option<String>,
    pub arguments: Map<String, Value>,
    /// Small enough to be stored.
    pub result: Result<Value, String>,
    pub truncated: bool,
    pub condition: Option<sop::Condition>,
    duration_ms: Option<i64>,
}

/// The tools that a model is offered: the active ones for the use of what this node owns.
pub async fn offered(job: &JobContext, owner: Option<NodeId>) -> Result<Vec<llm::Tool>> {
    let mut tx = job.tx().await?;
    let tools = tools::list_active(&mut tx, owner).await?;
    tx.commit().await?;
    let offered = tools.into_iter().map(|tool| llm::Tool {
        name: tool.name,
        description: tool.description.unwrap_or_default(),
        schema: object_schema(tool.input_schema),
    });
    Ok(offered.collect())
}

/// Providers refuse a schema that does not say that arguments are an object.
fn object_schema(mut schema: Value) -> Value {
    match schema.as_object_mut() {
        Some(fields) => {
            fields.insert("type".into(), "object".into());
            schema
        }
        None => json!({ "type": "object" }),
    }
}

/// Calls a tool by its name. Whatever goes wrong with the tool is a record too; a stop means that Steward itself could not do
/// its part, or that the job was cancelled: the call ends then, unrecorded, and whoever takes the run over makes it again.
pub async fn call(
    deps: &Deps,
    (job, owner): (&JobContext, Option<NodeId>),
    tool: &str,
    arguments: Map<String, Value>,
) -> Pursued<CallRecord> {
    let mut tx = job.tx().await?;
    let prepared = match tools::find_active(&mut tx, tool, owner).await? {
        Some(found) => Some(tools::prepare(&mut tx, &deps.app.keyring, &found).await?),
        None => None,
    };
    tx.commit().await?;
    let Some(prepared) = prepared else {
        let error = format!("there is no active tool of the name {tool}");
        return Ok(CallRecord::not_made(tool, arguments, error));
    };
    let call = deps.skills.toolbox.call(prepared, arguments.clone());
    let outcome = job.cancelled.run_until_cancelled(call).await.ok_or(Stop::Interrupted)?;
    Ok(CallRecord::new(tool, arguments, outcome))
}

impl CallRecord {
    fn new(tool: &str, arguments: Map<String, Value>, outcome: ToolOutcome) -> Self {
        let (result, truncated) = match outcome.result {
            Ok(value) => {
                let (value, truncated) = bounded(without_nul(value), MAX_RESULT_BYTES);
                (Ok(value), truncated || outcome.truncated)
            }
            Err(error) => {
                let error = error.replace('\0', "");
                (
                    Err(error[..error.floor_char_boundary(MAX_ERROR_BYTES)].to_owned()),
                    error.len() > MAX_ERROR_BYTES,
                )
            }
        };
        let duration_ms = Some(outcome.duration_ms);
        Self { tool: tool.into(), label: None, arguments, result, truncated, condition: None, duration_ms }
    }

    /// A call that was not made, and why.
    pub fn not_made(tool: &str, arguments: Map<String, Value>, error: String) -> Self {
        let (result, tool) = (Err(error), tool.into());
        Self { tool, label: None, arguments, result, truncated: false, condition: None, duration_ms: None }
    }

    /// What became of the step of an SOP that made the call.
    pub fn outcome(&self) -> sop::StepOutcome {
        match &self.result {
            Ok(value) => sop::StepOutcome::Done(value.clone()),
            Err(error) => sop::StepOutcome::Failed(error.clone()),
        }
    }

    /// The step that records it.
    pub fn entry(self, key: &str) -> Result<Entry> {
        let content = self.content();
        let mut metadata = json!({
            "tool": self.tool,
            "arguments": self.arguments,
            "result": self.result.as_ref().ok(),
            "error": self.result.as_ref().err(),
            "truncated": self.truncated,
        });
        if let Some(label) = self.label {
            metadata["label"] = label.into();
        }
        if let Some(condition) = self.condition {
            metadata["condition"] = serde_json::to_value(condition)?;
        }
        Ok(Entry {
            key: key.into(),
            kind: StepKind::ToolCalled,
            content,
            metadata,
            duration_ms: self.duration_ms,
        })
    }

    fn content(&self) -> String {
        let label = self.label.as_deref().map(|label| format!("**{}**\n\n", content::words(label)));
        let call = content::call(&self.tool, &self.arguments);
        let outcome = match &self.result {
            Ok(result) => format!("gave:\n\n{}", content::json_block(result)),
            Err(error) => format!("failed: {}", content::code(error)),
        };
        let condition = self.condition.as_ref().map(|condition| {
            let met = match (&condition.reason, condition.met) {
                (Some(reason), _) => format!("could not be decided: {}", content::code(reason)),
                (None, true) => "is met".to_owned(),
                (None, false) => "is not met".to_owned(),
            };
            format!("\n\nExpected {}: {met}.", content::code(&condition.expression))
        });
        format!("{}{call} {outcome}{}", label.unwrap_or_default(), condition.unwrap_or_default())
    }
}
