//! OpenAI's chat completions, which Azure, vLLM, Ollama, llama.cpp, LiteLLM and many others speak too.
//!
//! <https://platform.openai.com/docs/api-reference/chat>. Servers differ in what they leave out, so reading is
//! lenient: usage, ids and finish reasons may be missing, arguments may be text or an object.

use futures::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

use super::estimated;
use crate::{
    Arguments, ChatModel, LlmError, Message, Profile, Reply, Request, Stop, Tokens, Tool, ToolCall,
    ToolChoice, ToolResult, transport::Endpoint,
};

pub(crate) struct OpenAi {
    endpoint: Endpoint,
    profile: Profile,
}

impl OpenAi {
    pub(crate) fn new(endpoint: Endpoint, profile: Profile) -> Self {
        Self { endpoint, profile }
    }

    fn body(&self, request: &Request<'_>) -> Value {
        let mut messages = vec![json!({ "role": "system", "content": request.system })];
        messages.extend(request.messages.iter().flat_map(messages_of));
        let mut body = json!({ "model": self.profile.model, "messages": messages });
        body[self.limit_name()] = json!(request.max_tokens);
        if !request.tools.is_empty() {
            body["tools"] = request.tools.iter().copied().map(function).collect();
            body["tool_choice"] = match request.tool_choice {
                ToolChoice::Auto => json!("auto"),
                ToolChoice::Only(name) => json!({ "type": "function", "function": { "name": name } }),
            };
        }
        body
    }

    /// OpenAI's newer models refuse `max_tokens`; other servers know nothing else.
    fn limit_name(&self) -> &'static str {
        let host = self.endpoint.host();
        let theirs = host == "api.openai.com" || host.ends_with(".openai.azure.com");
        if theirs { "max_completion_tokens" } else { "max_tokens" }
    }
}

impl ChatModel for OpenAi {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn complete<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Reply, LlmError>> {
        async move {
            let body = self.body(request);
            let answer = self.endpoint.post(&body).await?;
            reply(&answer, &body).ok_or_else(|| self.endpoint.unreadable("a chat completion"))
        }
        .boxed()
    }
}

fn messages_of(message: &Message) -> Vec<Value> {
    match message {
        Message::User { text } => vec![json!({ "role": "user", "content": text })],
        Message::Assistant { text, tool_calls } if tool_calls.is_empty() => {
            vec![json!({ "role": "assistant", "content": text })]
        }
        Message::Assistant { text, tool_calls } => {
            let content = if text.is_empty() { Value::Null } else { json!(text) };
            let calls: Vec<Value> = tool_calls.iter().map(call).collect();
            vec![json!({ "role": "assistant", "content": content, "tool_calls": calls })]
        }
        Message::Tool { results } => {
            let answer = |ToolResult { call_id, text, .. }: &ToolResult| json!({ "role": "tool", "tool_call_id": call_id, "content": text });
            results.iter().map(answer).collect()
        }
    }
}

fn function(tool: &Tool) -> Value {
    let Tool { name, description, schema } = tool;
    json!({
        "type": "function",
        "function": { "name": name, "description": description, "parameters": schema },
    })
}

fn call(call: &ToolCall) -> Value {
    json!({
        "id": call.id,
        "type": "function",
        "function": { "name": call.name, "arguments": call.arguments.as_object().to_string() },
    })
}

fn reply(answer: &Value, request: &Value) -> Option<Reply> {
    let choice = answer.pointer("/choices/0")?;
    let message = choice.get("message")?;
    let refusal = message.get("refusal").and_then(Value::as_str);
    let text = refusal.map_or_else(|| text_of(message.get("content")), str::to_owned).replace('\0', "");
    let calls = message.get("tool_calls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let tool_calls: Vec<ToolCall> = calls.iter().filter_map(tool_call).collect();
    let stop = match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => Stop::MaxTokens,
        Some("content_filter") => Stop::Declined,
        _ if refusal.is_some() => Stop::Declined,
        _ if tool_calls.is_empty() => Stop::End,
        _ => Stop::ToolCalls,
    };
    let tokens = tokens(answer).unwrap_or_else(|| estimated(request, &message.to_string()));
    Some(Reply { text, tool_calls, tokens, stop })
}

/// The content is text, a list of parts, or absent.
fn text_of(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

fn tool_call(call: &Value) -> Option<ToolCall> {
    let function = call.get("function")?;
    let arguments = match function.get("arguments") {
        Some(Value::String(text)) => Arguments::parse(text),
        other => Arguments::from_value(other.cloned().unwrap_or_default()),
    };
    let id = call.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(ToolCall { id, name: function.get("name")?.as_str()?.replace('\0', ""), arguments })
}

/// `prompt_tokens` includes the cached ones.
fn tokens(answer: &Value) -> Option<Tokens> {
    let count = |place| answer.pointer(place).and_then(Value::as_u64);
    Some(Tokens {
        input: count("/usage/prompt_tokens")?,
        output: count("/usage/completion_tokens")?,
        cached: count("/usage/prompt_tokens_details/cached_tokens").unwrap_or_default(),
    })
}
