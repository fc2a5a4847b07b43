//! What is said to a model and what it says, the same for every provider.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{LlmError, Prices, Tokens};

/// One configured language model.
pub trait ChatModel: Send + Sync {
    /// Its name, prices and limits.
    fn profile(&self) -> &Profile;

    /// Makes one call. Failures that cost nothing are repeated a few times inside.
    fn complete<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Reply, LlmError>>;
}

/// What is known of a model before it is called.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The name as the provider knows it, kept with every run.
    pub model: String,
    pub prices: Prices,
    /// The most tokens one reply may have.
    pub max_output_tokens: u32,
}

/// One call of a model.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub system: &'a str,
    /// Begins with a [`Message::User`].
    pub messages: &'a [Message],
    pub tools: &'a [&'a Tool],
    pub tool_choice: ToolChoice<'a>,
    pub max_tokens: u32,
}

/// Which tools the model may or must call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolChoice<'a> {
    Auto,
    /// The model must call the tool of this name.
    Only(&'a str),
}

/// A tool as the model is told of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    /// Up to 64 letters, digits, `_` and `-`: what both providers take.
    pub name: String,
    pub description: String,
    /// JSON Schema of the arguments; its type is `object`.
    pub schema: Value,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Message {
    User {
        text: String,
    },
    Assistant {
        text: String,
        tool_calls: Vec<ToolCall>,
    },
    /// Answers to the calls of the message before, in the order of the calls.
    Tool {
        results: Vec<ToolResult>,
    },
}

/// A model's wish to call a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Unique within a transcript.
    pub id: String,
    pub name: String,
    pub arguments: Arguments,
}

/// The arguments of a call. A model may write something that is no JSON object; it is then told so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arguments {
    Valid(Map<String, Value>),
    Malformed { text: String, problem: String },
}

/// What a call of a tool gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolResult {
    pub call_id: String,
    /// As the model sees it: fenced and shortened.
    pub text: String,
    pub is_error: bool,
}

/// What a model answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub tokens: Tokens,
    pub stop: Stop,
}

/// Why the model stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It had said what it wanted to say.
    End,
    ToolCalls,
    /// The reply was cut off at `max_tokens`.
    MaxTokens,
    /// The provider or the model declined to answer.
    Declined,
}

impl Arguments {
    /// Reads arguments that came as text. Nothing at all means no arguments.
    pub(crate) fn parse(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Valid(Map::new());
        }
        match serde_json::from_str(text) {
            Ok(value) => Self::from_value(value),
            Err(error) => Self::malformed(text, format!("not valid JSON: {error}")),
        }
    }

    /// Reads arguments that came as JSON.
    pub(crate) fn from_value(value: Value) -> Self {
        match value {
            Value::Null => Self::Valid(Map::new()),
            Value::Object(map) => Self::Valid(entries_without_nul(map)),
            other => Self::malformed(&other.to_string(), "not a JSON object".into()),
        }
    }

    fn malformed(text: &str, problem: String) -> Self {
        Self::Malformed { text: text.replace('\0', ""), problem }
    }

    /// The arguments as an object. Providers refuse a conversation in which they are anything else.
    pub(crate) fn as_object(&self) -> Value {
        match self {
            Self::Valid(map) => Value::Object(map.clone()),
            Self::Malformed { text, .. } => serde_json::json!({ "malformed": text }),
        }
    }
}

/// PostgreSQL's `jsonb` and `text` hold no NUL, and a model may write one.
fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "")),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(map) => Value::Object(entries_without_nul(map)),
        other => other,
    }
}

fn entries_without_nul(map: Map<String, Value>) -> Map<String, Value> {
    map.into_iter().map(|(key, value)| (key.replace('\0', ""), without_nul(value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn valid(text: &str, expected: Value) {
        assert_eq!(Arguments::parse(text), Arguments::Valid(expected.as_object().unwrap().clone()));
    }

    #[track_caller]
    fn malformed(text: &str, expected: &str) {
        let Arguments::Malformed { text: kept, problem } = Arguments::parse(text) else {
            panic!("{text} is valid")
        };
        assert!(problem.starts_with(expected), "{problem}");
        assert_eq!(kept, text);
    }

    #[test]
    fn arguments_are_an_object_or_absent() {
        valid(r#"{"pod":"api-1"}"#, json!({"pod": "api-1"}));
        valid("", json!({}));
        valid("null", json!({}));
    }

    #[test]
    fn anything_else_is_kept_with_what_is_wrong_with_it() {
        malformed(r#"{"pod":"api-"#, "not valid JSON: EOF");
        malformed("[1]", "not a JSON object");
    }

    #[test]
    fn a_nul_does_not_reach_the_database() {
        valid(r#"{"a":["x\u0000y",{"b\u0000":"\u0000"}]}"#, json!({"a": ["xy", {"b": ""}]}));
    }
}
