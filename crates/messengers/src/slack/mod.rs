//! Slack: a bot (Web API, the message is edited) or an incoming webhook (a message for each state).
//!
//! The Web API answers 200 even when it refuses: `{"ok": false, "error": "channel_not_found"}`
//! (<https://docs.slack.dev/reference/methods/chat.postMessage>). About one message a second is taken for each
//! channel; more is answered 429 with `Retry-After` (<https://docs.slack.dev/apis/web-api/rate-limits>).

mod bot;
mod markup;
#[cfg(test)]
mod tests;
mod webhook;

pub use bot::{Bot, Posted};
pub use markup::{escaped, time};
pub use webhook::Webhook;

use crate::{SendError, exchange::limited};

/// What one of Slack's error codes means for a delivery. A code that is not known to pass is not retried: nearly
/// all say that the receiver or the message is wrong.
fn refusal(code: &str) -> SendError {
    match code {
        "ratelimited" | "rate_limited" | "message_limit_exceeded" => limited(None, code),
        "internal_error"
        | "fatal_error"
        | "service_unavailable"
        | "request_timeout"
        | "team_added_to_org"
        | "rollup_error" => SendError::retry(format!("Slack says {code}")),
        _ => SendError::give_up(match remedy(code) {
            Some(remedy) => format!("Slack says {code}: {remedy}"),
            None => format!("Slack says {code}"),
        }),
    }
}

fn remedy(code: &str) -> Option<&'static str> {
    Some(match code {
        "channel_not_found" => "use the channel's ID, and invite the bot if the channel is private",
        "not_in_channel" => {
            "invite the bot to the channel with /invite, or give it the scope chat:write.public"
        }
        "is_archived" | "channel_is_archived" => "the channel is archived; choose another one",
        "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive" => {
            "the bot token is not valid any more; install the app again and store its new token"
        }
        "missing_scope" | "not_allowed_token_type" => {
            "give the app the bot scope chat:write and install it again"
        }
        "no_service" | "no_active_hooks" | "invalid_token" | "no_team" | "action_prohibited" => {
            "the webhook was removed or disabled; make a new one and store its address"
        }
        "restricted_action" | "posting_to_general_channel_denied" => {
            "a setting of the workspace forbids posting there"
        }
        _ => return None,
    })
}
