//! Strings of JavaScript that are no text: halves of surrogate pairs.

use proptest::{prelude::*, test_runner::TestRunner};

use super::*;

/// Text in `input.units`, as the program has it: with whatever those code units are.
const TEXT: &str = "const text = String.fromCharCode(...input.units);";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_code_units_leave_as_text() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let (sandbox, org) = (sandbox(), some_org());
    let run = |body: &str, units: &[u16]| {
        let mut program = program(&format!("{TEXT} {}", body.replace("BASE", &server.uri())));
        program.allowed_hosts = vec!["127.0.0.1".into()];
        tokio::runtime::Handle::current().block_on(sandbox.run(org, program, json!({ "units": units })))
    };
    let units = prop::collection::vec(prop_oneof![0xd7f0u16..0xe010, 0x20u16..0x7f, 0x80u16..], 0..12);
    let law = |units: Vec<u16>| {
        let text = String::from_utf16_lossy(&units);
        let output = run("console.log(text); return { [text]: [text] }", &units);
        prop_assert_eq!(output.result, Ok(json!({ text.clone(): [text] })));
        prop_assert_eq!(output.logs, [text.clone()]);
        let thrown = run("throw text", &units).result;
        prop_assert_eq!(thrown, Err(format!("the tool threw {text}")));
        let error = run("throw new Error(text)", &units).result;
        prop_assert_eq!(error, Err(format!("Error: {text} (line 2)")));
        let echoed = run("await fetch('BASE', { method: 'POST', body: text })", &units);
        prop_assert_eq!(echoed.result, Ok(json!(null)));
        Ok(text)
    };
    tokio::task::block_in_place(|| {
        let cases = proptest::test_runner::Config::with_cases(40);
        TestRunner::new(cases).run(&units, |units| law(units).map(drop)).unwrap();
        let sent = law(vec![0x61, 0xd800, 0xdc00, 0xd800]).unwrap();
        let requests = tokio::runtime::Handle::current().block_on(server.received_requests()).unwrap();
        assert_eq!(requests.last().unwrap().body, sent.as_bytes());
    });
}

#[tokio::test]
async fn an_error_keeps_its_name_and_its_line_whatever_it_says() {
    let error = run("const e = new RangeError('\\ud83d'); e.name = 'Half\\udc00'; throw e").await;
    assert_eq!(error, Err("Half\u{fffd}: \u{fffd} (line 2)".into()));
}
