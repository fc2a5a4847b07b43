//! A model provider that says what a test wants: a real HTTP server on loopback that speaks OpenAI's chat
//! completions and embeddings and Anthropic's messages.
//!
//! It answers from a list, in order ([`ScriptedLlm::start`]), or asks a closure ([`ScriptedLlm::deciding`]),
//! and keeps every request it was sent. A list that has run out answers 400, which no client repeats.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Json, Router,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// The provider. It stops when it is dropped.
pub struct ScriptedLlm {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    decide: Box<dyn Fn(&Asked) -> Scripted + Send + Sync>,
    asked: Mutex<Vec<Asked>>,
    dimensions: AtomicUsize,
}

/// One request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Scripted {
    answer: Answer,
    /// Prompt, reply, and the part of the prompt that was cached.
    tokens: (u64, u64, u64),
    retry_after: Option<String>,
}

#[derive(Clone, Debug)]
enum Answer {
    Reply { text: String, calls: Vec<(String, Value)> },
    Exactly(StatusCode, Value),
    Never,
}

impl Scripted {
    /// An answer in words.
    pub fn say(text: &str) -> Self {
        Self::of(Answer::Reply { text: text.into(), calls: Vec::new() })
    }

    /// A call of a tool. Arguments that are a JSON string are sent as they are, so that they can be malformed.
    pub fn call(name: &str, arguments: Value) -> Self {
        Self::say("").and_call(name, arguments)
    }

    /// A further call in the same reply.
    pub fn and_call(mut self, name: &str, arguments: Value) -> Self {
        if let Answer::Reply { calls, .. } = &mut self.answer {
            calls.push((name.into(), arguments));
        }
        self
    }

    /// What the provider says it counted: the prompt, the reply, and how much of the prompt was cached.
    pub fn tokens(self, input: u64, output: u64, cached: u64) -> Self {
        Self { tokens: (input, output, cached), ..self }
    }

    /// A failure with this status.
    pub fn fail(status: u16) -> Self {
        Self::body(status, json!({ "error": { "message": "scripted failure" } }))
    }

    /// Exactly this answer.
    pub fn body(status: u16, body: Value) -> Self {
        Self::of(Answer::Exactly(StatusCode::from_u16(status).unwrap_or_default(), body))
    }

    pub fn retry_after(self, value: &str) -> Self {
        Self { retry_after: Some(value.into()), ..self }
    }

    /// The request is taken and never answered.
    pub fn never() -> Self {
        Self::of(Answer::Never)
    }

    fn of(answer: Answer) -> Self {
        Self { answer, tokens: (100, 10, 0), retry_after: None }
    }
}

impl ScriptedLlm {
    /// Answers with these, one after the other.
    pub async fn start(script: impl IntoIterator<Item = Scripted>) -> Self {
        let script = Mutex::new(script.into_iter().collect::<VecDeque<_>>());
        let over = || Scripted::body(400, json!({ "error": { "message": "the script is over" } }));
        Self::deciding(move |_| lock(&script).pop_front().unwrap_or_else(over)).await
    }

    /// Answers with what the closure makes of each request.
    pub async fn deciding(decide: impl Fn(&Asked) -> Scripted + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared {
            decide: Box::new(decide),
            asked: Mutex::default(),
            dimensions: AtomicUsize::new(8),
        });
        let router = Router::new()
            .route("/v1/chat/completions", post(chat_completions))
            .route("/v1/messages", post(messages))
            .route("/v1/embeddings", post(embeddings))
            .with_state(shared.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let address = listener.local_addr().expect("the address of the port");
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the scripted model stopped");
            }
        });
        Self { address, shared, server }
    }

    /// The base address for an OpenAI-compatible client.
    pub fn openai_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The base address for an Anthropic client.
    pub fn anthropic_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets how long the vectors of `/v1/embeddings` are; 8 unless set.
    pub fn set_dimensions(&self, dimensions: usize) {
        self.shared.dimensions.store(dimensions, Ordering::Relaxed);
    }

    /// All requests so far, oldest first.
    pub fn requests(&self) -> Vec<Asked> {
        lock(&self.shared.asked).clone()
    }
}

impl Drop for ScriptedLlm {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Asked {
    /// The system prompt.
    pub fn system(&self) -> String {
        match &self.body["system"] {
            Value::String(text) => text.clone(),
            _ => text(&self.body["messages"][0]["content"]),
        }
    }

    /// All that was said after the system prompt, with the results of tools, as one text for each message.
    pub fn said(&self) -> Vec<String> {
        let messages = self.body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        messages
            .iter()
            .filter(|message| message["role"] != "system")
            .map(|message| text(&message["content"]))
            .collect()
    }

    /// The last of what was said.
    pub fn last(&self) -> String {
        self.said().pop().unwrap_or_default()
    }

    /// The names of the tools that are offered.
    pub fn tools(&self) -> Vec<String> {
        let tools = self.body["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
        let name =
            |tool: &Value| tool["name"].as_str().or(tool["function"]["name"].as_str()).map(str::to_owned);
        tools.iter().filter_map(name).collect()
    }

    /// The tool that must be called, if one must.
    pub fn forced_tool(&self) -> Option<String> {
        let choice = &self.body["tool_choice"];
        choice["name"].as_str().or(choice["function"]["name"].as_str()).map(str::to_owned)
    }
}

/// The text of a content in either dialect: a string, or blocks that hold text or a result.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts =
                blocks.iter().filter_map(|block| block["text"].as_str().or(block["content"].as_str()));
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

async fn chat_completions(
    State(shared): State<Arc<Shared>>,
    uri: OriginalUri,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    answer(&shared, asked(&uri, &headers, body), completion).await
}

async fn messages(
    State(shared): State<Arc<Shared>>,
    uri: OriginalUri,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    answer(&shared, asked(&uri, &headers, body), message).await
}

/// The vectors come in another order than the texts, as the protocol allows; `index` says which is whose.
async fn embeddings(
    State(shared): State<Arc<Shared>>,
    uri: OriginalUri,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Json<Value> {
    let dimensions = shared.dimensions.load(Ordering::Relaxed);
    let inputs = body["input"].as_array().cloned().unwrap_or_default();
    lock(&shared.asked).push(asked(&uri, &headers, body));
    let item = |(index, input): (usize, &Value)| {
        let vector = letters(input, dimensions);
        json!({ "object": "embedding", "index": index, "embedding": vector })
    };
    let data: Vec<Value> = inputs.iter().enumerate().rev().map(item).collect();
    Json(json!({ "object": "list", "data": data, "usage": { "prompt_tokens": 1, "total_tokens": 1 } }))
}

/// How often each letter occurs: texts of the same letters have the same vector.
fn letters(input: &Value, dimensions: usize) -> Vec<f32> {
    let mut vector = vec![0.0; dimensions];
    for byte in input.as_str().unwrap_or_default().bytes() {
        vector[usize::from(byte) % dimensions] += 1.0;
    }
    vector
}

fn asked(OriginalUri(uri): &OriginalUri, headers: &HeaderMap, body: Value) -> Asked {
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Asked { path: uri.to_string(), headers: headers.iter().map(header).collect(), body }
}

type Render = fn(&Asked, &str, &[(String, Value)], (u64, u64, u64)) -> Value;

async fn answer(shared: &Shared, asked: Asked, render: Render) -> Response {
    let scripted = (shared.decide)(&asked);
    lock(&shared.asked).push(asked.clone());
    let mut headers = HeaderMap::new();
    if let Some(value) = scripted.retry_after.and_then(|value| value.parse().ok()) {
        headers.insert(RETRY_AFTER, value);
    }
    match scripted.answer {
        Answer::Reply { text, calls } => Json(render(&asked, &text, &calls, scripted.tokens)).into_response(),
        Answer::Exactly(status, body) => (status, headers, Json(body)).into_response(),
        Answer::Never => std::future::pending().await,
    }
}

fn completion(asked: &Asked, text: &str, calls: &[(String, Value)], tokens: (u64, u64, u64)) -> Value {
    let call = |(at, (name, arguments)): (usize, &(String, Value))| {
        let arguments = arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned);
        let function = json!({ "name": name, "arguments": arguments });
        json!({ "id": call_id(asked, at), "type": "function", "function": function })
    };
    let mut message = json!({ "role": "assistant", "content": text });
    if !calls.is_empty() {
        message["tool_calls"] = calls.iter().enumerate().map(call).collect();
    }
    let (input, output, cached) = tokens;
    json!({
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "model": asked.body["model"],
        "choices": [{
            "index": 0,
            "message": message,
            "finish_reason": if calls.is_empty() { "stop" } else { "tool_calls" },
        }],
        "usage": {
            "prompt_tokens": input,
            "completion_tokens": output,
            "total_tokens": input + output,
            "prompt_tokens_details": { "cached_tokens": cached },
        },
    })
}

fn message(asked: &Asked, text: &str, calls: &[(String, Value)], tokens: (u64, u64, u64)) -> Value {
    let mut content = Vec::new();
    if !text.is_empty() {
        content.push(json!({ "type": "text", "text": text }));
    }
    content.extend(calls.iter().enumerate().map(|(at, (name, arguments))| {
        json!({ "type": "tool_use", "id": call_id(asked, at), "name": name, "input": arguments })
    }));
    let (input, output, cached) = tokens;
    json!({
        "id": "msg_scripted",
        "type": "message",
        "role": "assistant",
        "model": asked.body["model"],
        "content": content,
        "stop_reason": if calls.is_empty() { "end_turn" } else { "tool_use" },
        "usage": {
            "input_tokens": input - cached,
            "cache_read_input_tokens": cached,
            "cache_creation_input_tokens": 0,
            "output_tokens": output,
        },
    })
}

/// Different in each reply of a conversation, and the same when the same request is repeated.
fn call_id(asked: &Asked, at: usize) -> String {
    format!("call_{}_{at}", asked.said().len())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
