//! Both dialects against a real server: what goes over the wire, what is read, and how failures are told apart.

use std::{sync::Arc, time::Duration};

use kernel::Secret;
use reqwest::Client;
use serde_json::{Value, json};
use testkit::scripted_llm::{Asked, Scripted, ScriptedLlm};

use crate::{
    Arguments, ChatModel, LlmError, Message, Options, Provider, Reply, Request, Retry, Stop, Tokens, Tool,
    ToolCall, ToolChoice, ToolResult,
};

const KEY: &str = "sk-canary-7f3a";

fn model(provider: Provider, base_url: String) -> Arc<dyn ChatModel> {
    let options = Options {
        provider,
        base_url: base_url.parse().ok(),
        api_key: Some(Secret::new(KEY.into())),
        model: Some("the-model".into()),
        retry: Retry { attempts: 3, base: Duration::ZERO, cap: Duration::from_secs(5) },
        timeout: Duration::from_secs(60),
        ..Options::default()
    };
    options.build(Client::new()).unwrap().unwrap()
}

fn openai(server: &ScriptedLlm) -> Arc<dyn ChatModel> {
    model(Provider::OpenAi, server.openai_url())
}

fn anthropic(server: &ScriptedLlm) -> Arc<dyn ChatModel> {
    model(Provider::Anthropic, server.anthropic_url())
}

fn arguments(value: Value) -> Arguments {
    Arguments::from_value(value)
}

fn call(id: &str, name: &str, value: Value) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments: arguments(value) }
}

fn logs() -> Tool {
    Tool { name: "logs".into(), description: "Reads a log.".into(), schema: json!({ "type": "object" }) }
}

/// A conversation with everything in it: words, two calls at once, a failed one, malformed arguments, a reminder.
fn conversation() -> Vec<Message> {
    let malformed =
        ToolCall { id: "c".into(), name: "logs".into(), arguments: Arguments::parse("{\"pod\":") };
    let result =
        |id: &str, text: &str, is_error| ToolResult { call_id: id.into(), text: text.into(), is_error };
    vec![
        Message::User { text: "Look into it.".into() },
        Message::Assistant {
            text: "Two logs first.".into(),
            tool_calls: vec![call("a", "logs", json!({ "pod": "api" })), call("b", "logs", json!({}))],
        },
        Message::Tool { results: vec![result("a", "OOMKilled", false), result("b", "no such pod", true)] },
        Message::Assistant { text: String::new(), tool_calls: vec![malformed] },
        Message::Tool { results: vec![result("c", "not JSON", true)] },
        Message::User { text: "Conclude now.".into() },
    ]
}

async fn ask(
    model: &dyn ChatModel,
    messages: &[Message],
    tool_choice: ToolChoice<'_>,
) -> Result<Reply, LlmError> {
    let tools = [&logs()];
    model
        .complete(&Request {
            system: "You investigate.",
            messages,
            tools: &tools,
            tool_choice,
            max_tokens: 500,
        })
        .await
}

async fn simply(model: &dyn ChatModel) -> Result<Reply, LlmError> {
    ask(model, &[Message::User { text: "hi".into() }], ToolChoice::Auto).await
}

fn only(server: &ScriptedLlm) -> Asked {
    let [asked] = server.requests().try_into().expect("one request");
    asked
}

#[tokio::test]
async fn openai_is_asked_in_its_words() {
    let server = ScriptedLlm::start([Scripted::say("ok")]).await;
    ask(&*openai(&server), &conversation(), ToolChoice::Only("logs")).await.unwrap();
    let asked = only(&server);
    assert_eq!(
        (asked.path.as_str(), asked.headers["authorization"].as_str()),
        ("/v1/chat/completions", "Bearer sk-canary-7f3a")
    );
    let function = |name: &str, arguments: &str| json!({ "name": name, "arguments": arguments });
    assert_eq!(
        asked.body,
        json!({
            "model": "the-model",
            "max_tokens": 500,
            "messages": [
                { "role": "system", "content": "You investigate." },
                { "role": "user", "content": "Look into it." },
                { "role": "assistant", "content": "Two logs first.", "tool_calls": [
                    { "id": "a", "type": "function", "function": function("logs", r#"{"pod":"api"}"#) },
                    { "id": "b", "type": "function", "function": function("logs", "{}") },
                ] },
                { "role": "tool", "tool_call_id": "a", "content": "OOMKilled" },
                { "role": "tool", "tool_call_id": "b", "content": "no such pod" },
                { "role": "assistant", "content": null, "tool_calls": [
                    { "id": "c", "type": "function", "function": function("logs", r#"{"malformed":"{\"pod\":"}"#) },
                ] },
                { "role": "tool", "tool_call_id": "c", "content": "not JSON" },
                { "role": "user", "content": "Conclude now." },
            ],
            "tools": [{ "type": "function", "function": {
                "name": "logs", "description": "Reads a log.", "parameters": { "type": "object" },
            } }],
            "tool_choice": { "type": "function", "function": { "name": "logs" } },
        })
    );
}

#[tokio::test]
async fn anthropic_is_asked_in_its_words() {
    let server = ScriptedLlm::start([Scripted::say("ok")]).await;
    ask(&*anthropic(&server), &conversation(), ToolChoice::Only("logs")).await.unwrap();
    let asked = only(&server);
    assert_eq!(asked.path, "/v1/messages");
    assert_eq!([&asked.headers["x-api-key"], &asked.headers["anthropic-version"]], [KEY, "2023-06-01"]);
    assert_eq!(
        asked.body,
        json!({
            "model": "the-model",
            "max_tokens": 500,
            "system": "You investigate.",
            "messages": [
                { "role": "user", "content": [{ "type": "text", "text": "Look into it." }] },
                { "role": "assistant", "content": [
                    { "type": "text", "text": "Two logs first." },
                    { "type": "tool_use", "id": "a", "name": "logs", "input": { "pod": "api" } },
                    { "type": "tool_use", "id": "b", "name": "logs", "input": {} },
                ] },
                { "role": "user", "content": [
                    { "type": "tool_result", "tool_use_id": "a", "content": "OOMKilled", "is_error": false },
                    { "type": "tool_result", "tool_use_id": "b", "content": "no such pod", "is_error": true },
                ] },
                { "role": "assistant", "content": [
                    { "type": "tool_use", "id": "c", "name": "logs", "input": { "malformed": "{\"pod\":" } },
                ] },
                { "role": "user", "content": [
                    { "type": "tool_result", "tool_use_id": "c", "content": "not JSON", "is_error": true },
                    { "type": "text", "text": "Conclude now." },
                ] },
            ],
            "tools": [{ "name": "logs", "description": "Reads a log.", "input_schema": { "type": "object" } }],
            "tool_choice": { "type": "tool", "name": "logs" },
        })
    );
}

#[tokio::test]
async fn both_read_words_calls_and_tokens_alike() {
    let scripted = Scripted::say("Looking.")
        .and_call("logs", json!({ "pod": "api" }))
        .and_call("logs", json!({ "pod": "web" }))
        .tokens(1000, 50, 900);
    let server = ScriptedLlm::start([scripted.clone(), scripted]).await;
    for model in [openai(&server), anthropic(&server)] {
        let reply = simply(&*model).await.unwrap();
        assert_eq!(
            reply,
            Reply {
                text: "Looking.".into(),
                tool_calls: vec![
                    call("call_1_0", "logs", json!({ "pod": "api" })),
                    call("call_1_1", "logs", json!({ "pod": "web" })),
                ],
                tokens: Tokens { input: 1000, output: 50, cached: 900 },
                stop: Stop::ToolCalls,
            }
        );
    }
}

#[tokio::test]
async fn a_server_that_leaves_things_out_is_understood() {
    let body = json!({ "choices": [{ "message": {
        "content": [{ "type": "text", "text": "Look" }, { "type": "text", "text": "ing.\u{0}" }],
        "tool_calls": [
            { "function": { "name": "logs", "arguments": { "pod": "api" } } },
            { "id": "x", "function": { "name": "logs", "arguments": "" } },
            { "id": "y", "function": { "name": "logs", "arguments": "{\"pod\": oops" } },
        ],
    } }] });
    let server = ScriptedLlm::start([Scripted::body(200, body)]).await;
    let reply = simply(&*openai(&server)).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.stop), ("Looking.", Stop::ToolCalls));
    assert_eq!(reply.tool_calls[0], call("", "logs", json!({ "pod": "api" })));
    assert_eq!(reply.tool_calls[1], call("x", "logs", json!({})));
    assert!(
        matches!(&reply.tool_calls[2].arguments, Arguments::Malformed { text, .. } if text == "{\"pod\": oops")
    );
    assert!(reply.tokens.input > 0 && reply.tokens.output > 0, "estimated: {:?}", reply.tokens);
}

#[tokio::test]
async fn why_the_model_stopped_is_known() {
    let openai_says = |reason: &str| {
        Scripted::body(
            200,
            json!({ "choices": [{ "message": { "content": "x" }, "finish_reason": reason }] }),
        )
    };
    let anthropic_says = |reason: &str| {
        Scripted::body(200, json!({ "content": [{ "type": "text", "text": "x" }], "stop_reason": reason }))
    };
    let server = ScriptedLlm::start([
        openai_says("stop"),
        openai_says("length"),
        openai_says("content_filter"),
        anthropic_says("end_turn"),
        anthropic_says("max_tokens"),
        anthropic_says("refusal"),
    ])
    .await;
    let mut stops = Vec::new();
    for model in [openai(&server), anthropic(&server)] {
        for _ in 0..3 {
            stops.push(simply(&*model).await.unwrap().stop);
        }
    }
    assert_eq!(stops, [Stop::End, Stop::MaxTokens, Stop::Declined].repeat(2));
}

#[tokio::test]
async fn an_overloaded_provider_is_asked_again() {
    let script = [429, 529].map(Scripted::fail).map(|failure| failure.retry_after("0"));
    for dialect in [openai, anthropic] {
        let server = ScriptedLlm::start(script.clone().into_iter().chain([Scripted::say("here")])).await;
        assert_eq!(simply(&*dialect(&server)).await.unwrap().text, "here");
        assert_eq!(server.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_provider_that_stays_down_is_given_up() {
    let server = ScriptedLlm::start([500, 502, 503].map(Scripted::fail)).await;
    let error = simply(&*openai(&server)).await.unwrap_err();
    assert_eq!(error.to_string(), "the provider answered 503 Service Unavailable (scripted failure)");
    assert!(matches!(error, LlmError::Unavailable { .. }));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_provider_that_wants_a_long_pause_is_left_to_the_caller() {
    let server = ScriptedLlm::start([Scripted::fail(429).retry_after("60")]).await;
    let error = simply(&*openai(&server)).await.unwrap_err();
    assert!(
        matches!(error, LlmError::Unavailable { retry_after: Some(wait), .. } if wait == Duration::from_secs(60))
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_names_the_setting_and_is_final() {
    let quota = json!({ "error": { "code": "insufficient_quota", "message": "Pay." } });
    let server = ScriptedLlm::start([
        Scripted::fail(401),
        Scripted::fail(403),
        Scripted::fail(404),
        Scripted::fail(400),
        Scripted::body(429, quota),
    ])
    .await;
    let model = openai(&server);
    for expected in [
        "the provider answered 401 Unauthorized: check --llm-api-key (scripted failure)",
        "the provider answered 403 Forbidden: --llm-api-key may not use --llm-model (scripted failure)",
        "the provider answered 404 Not Found: check --llm-model and --llm-base-url (scripted failure)",
        "the provider answered 400 Bad Request: check --llm-model (scripted failure)",
        "the provider answered 429 Too Many Requests: the quota of --llm-api-key is used up (Pay.)",
    ] {
        assert_eq!(simply(&*model).await.unwrap_err(), LlmError::Refused { detail: expected.into() });
    }
    assert_eq!(server.requests().len(), 5, "none is repeated");
}

#[tokio::test]
async fn no_error_holds_the_key() {
    let echo = json!({ "error": { "message": format!("Incorrect API key provided: {KEY}.") } });
    let server = ScriptedLlm::start([Scripted::body(401, echo)]).await;
    let error = simply(&*openai(&server)).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains(KEY), "{error}");
    assert!(error.to_string().contains("[hidden]"));
}

#[tokio::test]
async fn a_call_without_an_answer_may_have_been_billed_and_is_not_repeated() {
    let server = ScriptedLlm::start([Scripted::never(), Scripted::say("late")]).await;
    let options = Options {
        provider: Provider::OpenAi,
        base_url: server.openai_url().parse().ok(),
        model: Some("m".into()),
        timeout: Duration::from_millis(300),
        ..Options::default()
    };
    let model = options.build(Client::new()).unwrap().unwrap();
    let error = simply(&*model).await.unwrap_err();
    assert!(
        matches!(&error, LlmError::Interrupted { detail } if detail.contains("gave no answer within 0.3 s")),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_in_another_format_points_to_the_address() {
    let server =
        ScriptedLlm::start([Scripted::body(200, json!("<html>")), Scripted::body(200, json!({}))]).await;
    for model in [openai(&server), anthropic(&server)] {
        let error = simply(&*model).await.unwrap_err();
        assert!(
            matches!(&error, LlmError::Interrupted { detail } if detail.contains("--llm-base-url")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_named_with_its_setting() {
    let gone = ScriptedLlm::start([]).await.openai_url();
    let error = simply(&*model(Provider::OpenAi, gone)).await.unwrap_err();
    assert!(
        matches!(&error, LlmError::Unavailable { detail, .. } if detail.contains("--llm-base-url")),
        "{error}"
    );
}
