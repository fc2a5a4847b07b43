//! The conclusion as a model writes it down.

use llm::{Arguments, Tool, ToolCall};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::own_tool;
use crate::{
    claims::unknown_steps,
    model::{Claim, Conclusion, Step, Verdict},
};

/// The tool that ends a run.
pub const CONCLUDE: &str = "conclude";
/// Longest text of a conclusion, in bytes.
const MAX_TEXT: usize = 2000;
/// Most claims, and most actions.
const MAX_ITEMS: usize = 50;

/// The arguments of [`CONCLUDE`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    verdict: Verdict,
    summary: String,
    #[serde(default)]
    cause: Option<String>,
    #[serde(default)]
    confidence: Option<f64>,
    #[serde(default)]
    claims: Vec<DraftClaim>,
    #[serde(default)]
    actions: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct DraftClaim {
    text: String,
    #[serde(default)]
    steps: Vec<i32>,
}

pub fn tool() -> Tool {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let steps = json!({
        "type": "array",
        "items": { "type": "integer", "minimum": 1 },
        "minItems": 1,
        "description": "the numbers of the steps that show it; 1 is the alert",
    });
    let claim = json!({
        "type": "object",
        "properties": { "text": text("one sentence; names and numbers exactly as in the steps"), "steps": steps },
        "required": ["text", "steps"],
        "additionalProperties": false,
    });
    let schema = json!({
        "type": "object",
        "properties": {
            "verdict": { "type": "string", "enum": ["real", "false_positive", "undetermined"] },
            "summary": text("one sentence"),
            "cause": { "type": ["string", "null"], "description": "what caused it, if that is known" },
            "confidence": { "type": "number", "minimum": 0, "maximum": 1 },
            "claims": { "type": "array", "items": claim },
            "actions": { "type": "array", "items": text("what a person should do next") },
        },
        "required": ["verdict", "summary", "cause", "confidence", "claims", "actions"],
        "additionalProperties": false,
    });
    own_tool(CONCLUDE, "End the investigation with your verdict and the evidence for it.", schema)
}

impl Draft {
    /// Reads the arguments of the call. Fails with what to tell the model.
    pub fn read(call: &ToolCall) -> Result<Self, String> {
        let arguments = match &call.arguments {
            Arguments::Valid(arguments) => Value::Object(arguments.clone()),
            Arguments::Malformed { problem, .. } => return Err(format!("The arguments are {problem}.")),
        };
        let draft = serde_json::from_value::<Self>(arguments);
        draft.map_err(|error| format!("The conclusion does not fit its schema: {error}."))
    }

    /// Why the conclusion is to be sent back, if it is.
    pub fn objection(&self, steps: &[Step]) -> Option<String> {
        let known = || steps.iter().map(|step| step.seq.to_string()).collect::<Vec<_>>().join(", ");
        for claim in self.claims() {
            let unknown = unknown_steps(&claim, steps);
            if claim.steps.is_empty() || !unknown.is_empty() {
                return Some(format!(
                    "The claim \"{}\" cites {unknown:?}, and the steps are {}. Cite for each claim the steps that \
                     show it, leave out what none shows, and conclude again.",
                    claim.text,
                    known()
                ));
            }
        }
        let decided = self.verdict != Verdict::Undetermined;
        (decided && self.claims.is_empty()).then(|| {
            format!(
                "A verdict needs at least one claim that cites a step. The steps are {}. Conclude again.",
                known()
            )
        })
    }

    fn claims(&self) -> impl Iterator<Item = Claim> {
        // not believed until it is checked
        let claim = |claim: &DraftClaim| Claim {
            text: clip(&claim.text),
            steps: claim.steps.clone(),
            verified: false,
        };
        self.claims.iter().take(MAX_ITEMS).map(claim)
    }
}

impl From<Draft> for Conclusion {
    fn from(draft: Draft) -> Self {
        Self {
            cause: draft.cause.as_deref().map(clip).filter(|cause| !cause.is_empty()),
            confidence: draft
                .confidence
                .filter(|confidence| confidence.is_finite())
                .map(|c| c.clamp(0.0, 1.0)),
            claims: draft.claims().collect(),
            actions: draft.actions.iter().take(MAX_ITEMS).map(|action| clip(action)).collect(),
            ..Self::new(draft.verdict, clip(&draft.summary))
        }
    }
}

fn clip(text: &str) -> String {
    let text = text.trim();
    text[..text.floor_char_boundary(MAX_TEXT)].to_owned()
}
