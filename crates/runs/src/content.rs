//! Steps as people read them, in Markdown.
//!
//! Text from outside stands in code only, so that it can neither link, nor embed, nor look like ours.

use std::fmt::Write;

use serde_json::{Map, Value};
use skills::{How, Matched};

use super::model::{Conclusion, Verdict};

/// Longest result that is shown; all of it is in the metadata.
const SHOWN_BYTES: usize = 2000;
/// Candidates that are listed.
const SHOWN_CANDIDATES: usize = 5;

/// Text from outside within a sentence.
pub fn code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fence = "`".repeat(longest_run(&line) + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') || line.is_empty() { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// Text that quotes what comes from outside, in words. It may be formatted but shows no image: one would be fetched from
/// wherever an alert says, as soon as somebody looks.
pub fn words(text: &str) -> String {
    text.replace("![", "!\\[")
}

/// Text from outside as a block.
pub fn block(language: &str, text: &str) -> String {
    let shown = if text.len() > SHOWN_BYTES {
        format!("{}\n…", &text[..text.floor_char_boundary(SHOWN_BYTES)])
    } else {
        text.to_owned()
    };
    let fence = "`".repeat(longest_run(&shown).max(2) + 1);
    format!("{fence}{language}\n{shown}\n{fence}")
}

/// The longest row of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A JSON value as a block.
pub fn json_block(value: &Value) -> String {
    match value {
        Value::String(text) => block("", text),
        other => block("json", &serde_json::to_string_pretty(other).unwrap_or_default()),
    }
}

/// A call as it is written in an SOP.
pub fn call(tool: &str, arguments: &Map<String, Value>) -> String {
    let arguments: Vec<String> = arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
    code(&format!("{tool}({})", arguments.join(", ")))
}

/// The first step: which skill, and why.
pub fn skill_matched(alert: &str, outcome: &Matched) -> String {
    let mut text = match &outcome.matched {
        Some(skill) => {
            let how = match skill.how {
                How::Binding => "by a binding",
                How::Semantic => "by what it describes",
                How::Requested => "because a person asked for it",
            };
            format!("The skill {} matches the alert {} {how}.", code(&skill.name), code(alert))
        }
        None => format!("No skill matches the alert {}.", code(alert)),
    };
    if !outcome.candidates.is_empty() {
        text.push_str("\n\nConsidered:\n");
    }
    for candidate in outcome.candidates.iter().take(SHOWN_CANDIDATES) {
        let _ =
            write!(text, "\n- {} {:.2}: {}", code(&candidate.name), candidate.score, code(&candidate.reason));
    }
    if outcome.matched.is_none() && !outcome.candidates.is_empty() {
        let _ = write!(text, "\n\nA skill needs a score of {:.2} to match.", outcome.threshold);
    }
    text
}

/// The last step.
pub fn conclusion(conclusion: &Conclusion) -> String {
    let verdict = match conclusion.verdict {
        Verdict::Real => "This is a real problem.",
        Verdict::FalsePositive => "This is a false positive.",
        Verdict::Undetermined => "It could not be determined whether this is a real problem.",
    };
    let mut text = format!("**{verdict}** {}", words(&conclusion.summary));
    if let Some(cause) = &conclusion.cause {
        let _ = write!(text, "\n\nCause: {}", words(cause));
    }
    if !conclusion.claims.is_empty() {
        text.push_str("\n\nWhat it rests on:\n");
    }
    for claim in &conclusion.claims {
        let steps: Vec<String> = claim.steps.iter().map(i32::to_string).collect();
        let doubt = if claim.verified { "" } else { ", not verified" };
        let _ = write!(text, "\n- {} (step {}{doubt})", words(&claim.text), steps.join(", "));
    }
    if !conclusion.actions.is_empty() {
        text.push_str("\n\nWhat to do:\n");
    }
    for action in &conclusion.actions {
        let _ = write!(text, "\n- {}", words(action));
    }
    if !conclusion.remarks.is_empty() {
        text.push_str("\n\nRemarks:\n");
    }
    for remark in &conclusion.remarks {
        let _ = write!(text, "\n- {}", code(remark));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_leave_its_code() {
        assert_eq!(code("a `b`\n![x](http://evil)"), "``a `b` ![x](http://evil)``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(block("", "x\n```\n# loud"), "````\nx\n```\n# loud\n````");
    }
}
