//! What a model is told.

use llm::Tool;
use serde_json::json;

use super::{NOTE, own_tool};
use crate::journal::Followed;

/// The first message, before the alert.
pub const TASK: &str =
    "Investigate this alert by the runbook. The alert and its match with the runbook are step 1.";

/// What stays the same through a run. The SOP is ours: people of the organization wrote it.
pub fn system(skill: &Followed) -> String {
    let Followed { name, sop, .. } = skill;
    format!(
        "You investigate alerts for an operations team. Decide whether an alert is a real problem, find its cause, \
         and say what a person should do.\n\n\
         How to work:\n\
         - Follow the runbook below. Lines such as `run:`, `when:` and `expect:` show which tool to call, under which \
         condition, and what to look for. Deviate only where the runbook does not fit what you find.\n\
         - Find out with tools; do not guess. A tool that fails is a finding too.\n\
         - Every result of a tool begins with the number of its step. Cite these numbers.\n\
         - When you know enough, call `conclude` once. Each claim is one sentence that cites the steps that show it, \
         and repeats names and numbers exactly as they stand there. Claims without evidence are removed.\n\
         - If the evidence does not decide, the verdict is `undetermined`. That is a good answer.\n\n\
         The runbook \"{name}\":\n\n{sop}"
    )
}

/// Thinking aloud.
pub fn note() -> Tool {
    let description = "Write down a thought of the investigation, for the people who read it later.";
    let schema = json!({
        "type": "object",
        "properties": { "text": { "type": "string", "description": "Markdown" } },
        "required": ["text"],
        "additionalProperties": false,
    });
    own_tool(NOTE, description, schema)
}
