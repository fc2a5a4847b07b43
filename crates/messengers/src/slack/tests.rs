use super::refusal;
use crate::SendError;

#[test]
fn each_error_code_is_waited_out_retried_or_given_up() {
    let check = |code: &str, expected: &str| {
        let found = match refusal(code) {
            SendError::Retry { after: Some(_), .. } => "wait",
            SendError::Retry { after: None, .. } => "retry",
            SendError::GiveUp { error } | SendError::Gone { error } => {
                assert!(error.contains(code));
                "give up"
            }
        };
        assert_eq!(found, expected, "{code}");
    };
    check("ratelimited", "wait");
    check("internal_error", "retry");
    check("service_unavailable", "retry");
    check("channel_not_found", "give up");
    check("not_in_channel", "give up");
    check("invalid_auth", "give up");
    check("token_revoked", "give up");
    check("invalid_blocks", "give up");
    check("a_code_of_tomorrow", "give up");
}
