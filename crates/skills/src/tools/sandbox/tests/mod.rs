mod confinement;
mod ends;
mod hostile;
mod natives;
mod tenants;
mod unicode;

use std::time::Duration;

use kernel::{OrgId, Secret};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_string, header, method, path},
};

use super::{Limits, Output, Program, Sandbox};
use crate::testing::sandbox_options;

fn sandbox() -> Sandbox {
    Sandbox::new(testkit::outbound(), sandbox_options())
}

/// Another one each time.
fn some_org() -> OrgId {
    OrgId::new(testkit::start_of_time())
}

/// `export default async function (input) { BODY }`, which may take ten seconds.
fn program(body: &str) -> Program {
    let code = format!("export default async function (input) {{\n{body}\n}}");
    Program {
        code,
        allowed_hosts: Vec::new(),
        secrets: Vec::new(),
        earlier: Vec::new(),
        limits: Limits::default(),
    }
}

/// Runs it with `{"a": 2}`.
async fn run_with(body: &str, change: impl FnOnce(&mut Program)) -> Output {
    let mut program = program(body);
    change(&mut program);
    sandbox().run(some_org(), program, json!({ "a": 2 })).await
}

async fn run(body: &str) -> Result<Value, String> {
    run_with(body, |_| {}).await.result
}

/// The kernel's line on a process; none when it is gone.
fn stat(process: u32) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{process}/stat")).ok()
}

fn children_of(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    // after the name in parentheses: the state, then the parent
    let is_child = |process: &u32| {
        let after =
            stat(*process).and_then(|stat| Some(stat.rsplit_once(") ")?.1.to_owned())).unwrap_or_default();
        after.split(' ').nth(1) == Some(parent.to_string().as_str())
    };
    processes.filter(is_child).collect()
}

/// Ended, if not reaped.
fn has_ended(process: u32) -> bool {
    stat(process).is_none_or(|stat| stat.contains(") Z "))
}

/// Ended, and reaped.
async fn is_gone(process: u32) {
    waits_until("the process is gone", || stat(process).is_none()).await;
}

fn kill_9(process: u32) {
    let process = nix::unistd::Pid::from_raw(process.cast_signed());
    nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGKILL).unwrap();
}

async fn waits_until(what: &str, mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .unwrap_or_else(|_| panic!("in vain: {what}"));
}

fn short(program: &mut Program) {
    program.limits.time = Duration::from_millis(200);
}

#[tokio::test]
async fn the_function_gets_its_input_and_returns_json() {
    assert_eq!(run("return { b: input.a * 21 }").await, Ok(json!({ "b": 42 })));
    assert_eq!(run("").await, Ok(json!(null)));
    assert_eq!(run("return () => 1").await, Ok(json!(null)));
}

#[tokio::test]
async fn top_level_await_and_plain_functions_work() {
    let code = "const base = await Promise.resolve(40); export default (input) => base + input.a";
    let output = run_with("", |program| program.code = code.into()).await;
    assert_eq!(output.result, Ok(json!(42)));
}

#[tokio::test]
async fn errors_carry_the_message_and_the_line() {
    assert_eq!(run("\n  throw new RangeError('too far')").await, Err("RangeError: too far (line 3)".into()));
    assert_eq!(
        run("return input.b.c").await.unwrap_err(),
        "TypeError: cannot read property 'c' of undefined (line 2)"
    );
    assert_eq!(run("throw 'plain'").await, Err("the tool threw plain".into()));
    assert!(run("let let = ;").await.unwrap_err().ends_with("(line 2)"));
    let output = run_with("", |program| program.code = "export const main = 1".into()).await;
    assert!(output.result.unwrap_err().contains("export default async function"));
}

#[tokio::test]
async fn nothing_of_the_host_is_in_reach() {
    let names =
        ["process", "require", "std", "os", "WebAssembly", "Worker", "Deno", "XMLHttpRequest", "hostFetch"];
    let found = run(&format!("return {}.filter((name) => name in globalThis)", json!(names))).await;
    assert_eq!(found, Ok(json!([])));
    assert!(run("return await import('fs')").await.is_err());
}

#[tokio::test]
async fn what_does_not_end_is_stopped() {
    for body in ["for (;;) {}", "await new Promise(() => {})", "try { for (;;) {} } catch { for (;;) {} }"] {
        let result = run_with(body, short).await.result;
        assert_eq!(result, Err("the tool did not end within 200 ms".into()), "{body}");
    }
}

#[tokio::test]
async fn memory_stack_and_output_are_limited() {
    assert!(run("const a = []; for (;;) a.push(new Array(1e5).fill(1))").await.is_err());
    assert!(run("const f = () => f() + 1; return f()").await.unwrap_err().contains("stack"));
    assert_eq!(
        run("return 'x'.repeat(2 << 20)").await,
        Err("the result is larger than 1048576 bytes".into())
    );
}

#[tokio::test]
async fn console_lines_are_kept_up_to_a_limit() {
    let output =
        run_with("console.log('a', { b: [1] }, undefined); console.error(new Error('c'))", |_| {}).await;
    assert_eq!(output.logs, [r#"a {"b":[1]} undefined"#, "Error: c"]);
    let output =
        run_with("for (let i = 0; i < 1e4; i++) console.log('0123456789')", |p| p.limits.logs = 100).await;
    assert_eq!(output.logs.len(), 10);
    assert!(output.logs[9].ends_with("(the rest of the log was dropped)"), "{:?}", output.logs);
}

#[tokio::test]
async fn secrets_reach_the_program_and_never_leave_it() {
    let secret = |program: &mut Program| {
        program.secrets = vec![("API_KEY".into(), Secret::new("s3cr3t/value".into()))];
    };
    let body = "console.log(secrets.API_KEY);
        return { [secrets.API_KEY]: [`Bearer ${secrets.API_KEY}`, encodeURIComponent(secrets.API_KEY)] }";
    let output = run_with(body, secret).await;
    assert_eq!(output.result, Ok(json!({ "[hidden]": ["Bearer [hidden]", "[hidden]"] })));
    assert_eq!(output.logs, ["[hidden]"]);
    let output = run_with("throw new Error(secrets.API_KEY)", secret).await;
    assert_eq!(output.result, Err("Error: [hidden] (line 2)".into()));
}

#[tokio::test]
async fn fetch_calls_an_allowed_host() {
    let server = MockServer::start().await;
    let echo = ResponseTemplate::new(201).set_body_json(json!({ "n": 1 })).insert_header("X-Kind", "echo");
    Mock::given(method("POST"))
        .and(path("/q"))
        .and(header("x-key", "k"))
        .and(body_string("hi"))
        .respond_with(echo)
        .mount(&server)
        .await;
    let body = format!(
        "const r = await fetch('{}/q', {{ method: 'post', headers: {{ 'X-Key': 'k' }}, body: 'hi' }});
         return [r.status, r.ok, r.headers.get('x-KIND'), await r.json(), await r.text()]",
        server.uri()
    );
    let allow = |program: &mut Program| program.allowed_hosts = vec![server.address().to_string()];
    let output = run_with(&body, allow).await;
    assert_eq!(output.result, Ok(json!([201, true, "echo", { "n": 1 }, "{\"n\":1}"])));
}

#[tokio::test]
async fn fetch_refuses_everything_else() {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(302).insert_header("Location", "http://169.254.169.254/");
    Mock::given(path("/moved")).respond_with(moved).mount(&server).await;
    Mock::given(path("/big"))
        .respond_with(ResponseTemplate::new(200).set_body_string("x".repeat(2000)))
        .mount(&server)
        .await;
    let try_fetch = async |expression: &str| {
        let allow = |program: &mut Program| {
            program.allowed_hosts = vec!["127.0.0.1".into(), "10.0.0.1".into()];
            program.limits.response = 1000;
            program.limits.fetches = 2;
        };
        let body = expression.replace("BASE", &server.uri());
        run_with(&body, allow).await.result
    };
    let refused = async |expression: &str, reason: &str| {
        let error = try_fetch(expression).await.unwrap_err();
        assert!(error.contains(reason), "{expression}: {error}");
    };
    refused("await fetch('http://example.com/')", "may not call example.com:80").await;
    refused("await fetch('http://10.0.0.1/')", "private network").await;
    refused("await fetch('file:///etc/passwd')", "may not call").await;
    refused("await fetch('BASE/big')", "larger than 1000 bytes").await;
    refused("await fetch('BASE/', { headers: { Host: 'other' } })", "cannot be set").await;
    refused("await fetch('BASE/', { method: 'POST', body: {} })", "must be a string").await;
    refused("for (;;) await fetch('BASE/')", "too many requests").await;
    assert_eq!(try_fetch("return (await fetch('BASE/moved')).status").await, Ok(json!(302)));
}
