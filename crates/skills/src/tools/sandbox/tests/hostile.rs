//! Processes that are in the hands of a program: whatever they say, the server bounds it and they gain nothing.

use super::*;
use crate::tools::sandbox::{Executable, Options};

/// Speaks the protocol, and says what ACT has it say when it is given a program.
const PROCESS: &str = r#"
import json, socket, struct, sys
server = socket.socket(fileno=0)
def say(message):
    raw(json.dumps(message).encode())
def raw(text, length=None):
    server.sendall(struct.pack(">I", len(text) if length is None else length) + text)
def hear():
    length, = struct.unpack(">I", server.recv(4, socket.MSG_WAITALL))
    return json.loads(server.recv(length, socket.MSG_WAITALL))
FETCH = {"Fetch": {"id": 1, "request": {"url": "http://10.0.0.1/", "method": "GET", "headers": [], "body": None}}}
START
while True:
    run = hear()
    ACT
"#;

async fn speaks(start: &str, act: &str) -> Output {
    let code = PROCESS.replace("START", start).replace("ACT", act);
    let arguments = vec!["-I".into(), "-c".into(), code];
    let executable = Executable { path: "/usr/bin/python3".into(), arguments };
    let sandbox = Sandbox::new(testkit::outbound(), Options { executable, ..sandbox_options() });
    let mut program = program("return 1");
    program.secrets = vec![("K".into(), Secret::new("s3cr3t".into()))];
    program.limits.time = Duration::from_secs(30);
    sandbox.run(some_org(), program, json!({})).await
}

const READY: &str = r#"say({"Ready": {"filtered": True}})"#;

#[tokio::test]
async fn one_that_keeps_to_the_protocol_is_believed_but_for_its_secrets() {
    let output =
        speaks(READY, r#"say({"Log": "s3cr3t"}); say({"Done": {"Ok": run["Run"]["secrets"]}})"#).await;
    assert_eq!(output.result, Ok(json!([["K", "[hidden]"]])));
    assert_eq!(output.logs, ["[hidden]"]);
}

#[tokio::test]
async fn one_that_breaks_it_fails_that_call() {
    for act in [
        // frames that are too large, or none
        r#"raw(b"", 0xffffffff)"#,
        r#"raw(b"", (4 << 20) + 1)"#,
        r#"raw(b"no json")"#,
        r#"raw(b"\xff\xfe")"#,
        r#"say({"Surprise": 1})"#,
        r#"raw(b"[" * 100000)"#,
        // more than it has
        r#"[say({"Log": "x" * 100}) for _ in range(1000)]"#,
        r#"[say({"Log": ""}) for _ in range(100000)]"#,
        "[say(FETCH) for _ in range(17)]",
        // out of turn
        r#"say({"Ready": {"filtered": True}})"#,
        r#"say({"Unfit": "no"})"#,
        "sys.exit(0)",
    ] {
        let output = speaks(READY, act).await;
        assert_eq!(output.result, Err("the JavaScript engine failed".into()), "{act}");
        assert!(output.logs.concat().len() < 17 << 10, "{act}");
    }
}

#[tokio::test]
async fn what_it_says_too_much_of_is_cut_or_refused() {
    let error = speaks(READY, r#"say({"Done": {"Err": "x" * (1 << 20)}})"#).await.result.unwrap_err();
    assert_eq!(error.len(), 16 << 10);
    let large = speaks(READY, r#"say({"Done": {"Ok": "x" * (2 << 20)}})"#).await.result;
    assert_eq!(large, Err("the result is larger than 1048576 bytes".into()));
    let refused = speaks(READY, r#"say(FETCH); say({"Done": {"Ok": hear()}})"#).await.result.unwrap();
    assert!(refused["Fetched"]["answer"]["error"].as_str().unwrap().contains("may not call"), "{refused}");
}

#[tokio::test]
async fn one_that_does_not_start_is_said_to_the_operator() {
    for start in [r#"say({"Unfit": "no"})"#, "sys.exit(3)", "say(FETCH)", "raw(b'', 1 << 30)"] {
        let output = speaks(start, "pass").await;
        assert_eq!(
            output.result,
            Err("the sandbox cannot be started; the server's log says why".into()),
            "{start}"
        );
    }
}
