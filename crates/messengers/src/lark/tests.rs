use kernel::Secret;
use serde_json::{Value, json};

use super::{Refusal, accepted, webhook::signature};
use crate::SendError;

/// The vectors were computed with Python's `hmac` module.
#[test]
fn the_signature_is_lark_s() {
    let check = |timestamp, secret: &str, expected: &str| {
        assert_eq!(signature(timestamp, &Secret::new(secret.to_owned())).unwrap(), expected);
    };
    check(1_599_360_473, "demo", "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
    check(1_795_262_400, "SEC_a1B2c3-é", "WBnqug5xb8JPSlJWzr7cZUGtwTEbdCZLmrAckAyfOJQ=");
}

#[test]
fn each_code_is_waited_out_retried_or_given_up() {
    let check = |answer: Value, expected: &str| {
        let found = match accepted(answer.clone()).map_err(SendError::from) {
            Ok(_) => "accepted",
            Err(SendError::Retry { after: Some(_), .. }) => "wait",
            Err(SendError::Retry { after: None, .. }) => "retry",
            Err(SendError::GiveUp { .. } | SendError::Gone { .. }) => "give up",
        };
        assert_eq!(found, expected, "{answer}");
    };
    check(json!({ "code": 0, "msg": "success" }), "accepted");
    check(json!({ "StatusCode": 0, "StatusMessage": "success" }), "accepted");
    check(json!({ "code": 11232, "msg": "frequency limited" }), "wait");
    check(json!({ "code": 99_991_400, "msg": "request trigger frequency limit" }), "wait");
    check(json!({ "code": 230_020, "msg": "frequency limit" }), "wait");
    check(json!({ "code": 9499, "msg": "too many request" }), "wait");
    check(json!({ "code": 9499, "msg": "Bad Request" }), "give up");
    check(json!({ "code": 19021, "msg": "sign match fail" }), "give up");
    check(json!({ "code": 230_002, "msg": "Bot can NOT be out of the chat." }), "give up");
    check(json!({ "code": 10014, "msg": "app secret invalid" }), "give up");
    check(json!({ "code": 2200, "msg": "internal error" }), "retry");
    check(json!({ "hello": "proxy" }), "retry");
}

#[test]
fn only_codes_of_the_token_ask_for_a_new_one() {
    let of_token = |code| Refusal { code, message: String::new() }.is_of_token();
    assert!(of_token(99_991_663) && of_token(99_991_661));
    assert!(!of_token(99_991_400) && !of_token(230_002));
}
