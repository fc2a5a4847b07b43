//! How calls and processes end.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use tokio::task::JoinHandle;

use super::*;

/// Never asks whether it may go on, nor notices that the socket was closed.
const DEAF: &str = "Array.prototype.reverse.call({ length: 2 ** 53 - 1 })";

/// A program that says that it runs, and then does not end.
struct Running {
    sandbox: Sandbox,
    org: OrgId,
    process: u32,
    call: JoinHandle<Output>,
    _server: MockServer,
}

impl Running {
    async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(path("/runs")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        let (sandbox, org) = (sandbox(), some_org());
        let mut lease = sandbox.pool.lease(org).await.unwrap();
        let process = lease.process().id().unwrap();
        let mut deaf = program(&format!("console.log('here'); await fetch('{}/runs'); {DEAF}", server.uri()));
        deaf.allowed_hosts = vec!["127.0.0.1".into()];
        deaf.limits.time = Duration::from_secs(60);
        let inside = sandbox.clone();
        let call = tokio::spawn(async move { inside.run_in(lease, deaf, &json!({})).await });
        let requests = async || server.received_requests().await.unwrap().len();
        while requests().await == 0 {
            tokio::task::yield_now().await;
        }
        Self { sandbox, org, process, call, _server: server }
    }

    async fn next_call_works(&self) {
        let next = self.sandbox.run(self.org, program("return 'next'"), json!({})).await.result;
        assert_eq!(next, Ok(json!("next")));
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_ends_its_process_and_frees_its_slot() {
    let running = Running::start().await;
    running.call.abort();
    is_gone(running.process).await;
    running.next_call_works().await;
}

#[tokio::test]
async fn a_process_that_is_killed_is_an_error_of_that_call_only() {
    let running = Running::start().await;
    let other = Running::start().await;
    kill_9(running.process);
    running.next_call_works().await;
    let output = running.call.await.unwrap();
    assert_eq!(output.result, Err("the JavaScript engine failed".into()));
    assert_eq!(output.logs, ["here"], "what it logged is kept");
    assert!(!other.call.is_finished());
    other.call.abort();
}

#[tokio::test]
async fn a_program_past_its_limit_is_gone_with_its_process_and_its_log_is_kept() {
    let (sandbox, org) = (sandbox(), some_org());
    let mut lease = sandbox.pool.lease(org).await.unwrap();
    let process = lease.process().id().unwrap();
    let mut deaf = program(&format!("console.log('here'); {DEAF}"));
    short(&mut deaf);
    let output = sandbox.run_in(lease, deaf, &json!({})).await;
    assert_eq!(output.result, Err("the tool did not end within 200 ms".into()));
    assert_eq!(output.logs, ["here"]);
    is_gone(process).await;
}

#[tokio::test]
async fn a_program_that_allocates_without_end_ends_with_its_process() {
    for body in [
        "const a = []; for (;;) a.push(new Uint8Array(1 << 20))",
        "const a = []; for (;;) a.push({ a: 'x' + a.length })",
        "let a = 'x'; for (;;) a += a + Math.random()",
        "const a = []; for (;;) try { for (;;) a.push(new Uint8Array(1 << 20)) } catch { throw new Error(a.length) }",
    ] {
        let (sandbox, org) = (sandbox(), some_org());
        let mut greedy = program(body);
        greedy.limits.memory = 128 << 20;
        let output = sandbox.run(org, greedy, json!({})).await;
        assert_ne!(output.result, Err("the JavaScript engine failed".into()), "{body}");
        output.result.expect_err(body);
        let next = sandbox.run(org, program("return 'next'"), json!({})).await.result;
        assert_eq!(next, Ok(json!("next")), "after {body}");
    }
}

/// Not a test of its own: the server that the next test kills.
#[tokio::test]
#[ignore = "run by when_the_server_is_killed_no_process_is_left"]
async fn a_server_to_be_killed() {
    let running = Running::start().await;
    let idle = running.sandbox.pool.lease(some_org()).await.unwrap();
    idle.give_back();
    println!("children run");
    let _ = running.call.await;
}

#[tokio::test]
async fn when_the_server_is_killed_no_process_is_left() {
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "tools::sandbox::tests::ends::a_server_to_be_killed"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.ends_with("children run")));
    let children = children_of(server.id());
    assert!(children.len() >= 2, "{children:?}");
    server.kill().unwrap();
    server.wait().unwrap();
    for child in children {
        // who reaps it now is the machine's affair
        waits_until("it is dead", || has_ended(child)).await;
    }
}
