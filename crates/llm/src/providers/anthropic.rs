//! Anthropic's messages, version 2023-06-01: <https://docs.anthropic.com/en/api/messages>.

use futures::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

use super::estimated;
use crate::{
    Arguments, ChatModel, LlmError, Message, Profile, Reply, Request, Stop, Tokens, Tool, ToolCall,
    ToolChoice, transport::Endpoint,
};

pub(crate) struct Anthropic {
    endpoint: Endpoint,
    profile: Profile,
}

impl Anthropic {
    pub(crate) fn new(endpoint: Endpoint, profile: Profile) -> Self {
        Self { endpoint, profile }
    }

    fn body(&self, request: &Request<'_>) -> Value {
        let mut body = json!({
            "model": self.profile.model,
            "max_tokens": request.max_tokens,
            "system": request.system,
            "messages": messages(request.messages),
        });
        if !request.tools.is_empty() {
            body["tools"] = request.tools.iter().copied().map(tool).collect();
            body["tool_choice"] = match request.tool_choice {
                ToolChoice::Auto => json!({ "type": "auto" }),
                ToolChoice::Only(name) => json!({ "type": "tool", "name": name }),
            };
        }
        body
    }
}

impl ChatModel for Anthropic {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn complete<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Reply, LlmError>> {
        async move {
            let body = self.body(request);
            let answer = self.endpoint.post(&body).await?;
            reply(&answer, &body).ok_or_else(|| self.endpoint.unreadable("a message"))
        }
        .boxed()
    }
}

fn tool(tool: &Tool) -> Value {
    json!({ "name": tool.name, "description": tool.description, "input_schema": tool.schema })
}

/// Results of tools are said by the user here, and turns alternate: neighbours of one role are joined.
fn messages(messages: &[Message]) -> Vec<Value> {
    let mut turns: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in messages {
        let (role, blocks) = blocks(message);
        match turns.last_mut() {
            Some((last, all)) if *last == role => all.extend(blocks),
            _ => turns.push((role, blocks)),
        }
    }
    turns.into_iter().map(|(role, content)| json!({ "role": role, "content": content })).collect()
}

fn blocks(message: &Message) -> (&'static str, Vec<Value>) {
    match message {
        Message::User { text } => ("user", vec![text_block(text)]),
        Message::Assistant { text, tool_calls } => {
            let wordless = text.trim().is_empty() && !tool_calls.is_empty();
            let mut blocks = if wordless { Vec::new() } else { vec![text_block(text)] };
            blocks.extend(tool_calls.iter().map(|call| {
                let input = call.arguments.as_object();
                json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": input })
            }));
            ("assistant", blocks)
        }
        Message::Tool { results } => {
            let blocks = results.iter().map(|result| {
                json!({
                    "type": "tool_result",
                    "tool_use_id": result.call_id,
                    "content": result.text,
                    "is_error": result.is_error,
                })
            });
            ("user", blocks.collect())
        }
    }
}

/// Blank text is refused by the API, and a model may have answered with nothing.
fn text_block(text: &str) -> Value {
    let text = if text.trim().is_empty() { "(nothing)" } else { text };
    json!({ "type": "text", "text": text })
}

fn reply(answer: &Value, request: &Value) -> Option<Reply> {
    let content = answer.get("content")?;
    let blocks = content.as_array()?;
    let text: String = blocks.iter().filter_map(|block| block.get("text")?.as_str()).collect();
    let tool_calls: Vec<ToolCall> = blocks.iter().filter_map(tool_call).collect();
    let stop = match answer.get("stop_reason").and_then(Value::as_str) {
        Some("max_tokens" | "model_context_window_exceeded") => Stop::MaxTokens,
        Some("refusal") => Stop::Declined,
        _ if tool_calls.is_empty() => Stop::End,
        _ => Stop::ToolCalls,
    };
    let tokens = tokens(answer).unwrap_or_else(|| estimated(request, &content.to_string()));
    Some(Reply { text: text.replace('\0', ""), tool_calls, tokens, stop })
}

fn tool_call(block: &Value) -> Option<ToolCall> {
    if block.get("type")? != "tool_use" {
        return None;
    }
    let text = |name| block.get(name).and_then(Value::as_str).map(|text| text.replace('\0', ""));
    let arguments = Arguments::from_value(block.get("input").cloned().unwrap_or_default());
    Some(ToolCall { id: text("id").unwrap_or_default(), name: text("name")?, arguments })
}

/// `input_tokens` leaves out what was read from the cache or written to it.
fn tokens(answer: &Value) -> Option<Tokens> {
    let count = |place| answer.pointer(place).and_then(Value::as_u64);
    let cached = count("/usage/cache_read_input_tokens").unwrap_or_default();
    let written = count("/usage/cache_creation_input_tokens").unwrap_or_default();
    Some(Tokens {
        input: count("/usage/input_tokens")?.saturating_add(cached).saturating_add(written),
        output: count("/usage/output_tokens")?,
        cached,
    })
}
