//! Lark (Feishu): an app's bot (open API, the message is edited) or a custom bot (a signed webhook, a message for
//! each state).
//!
//! Both answer `{"code": 0}` for success; any other code is a failure, whatever the HTTP status. The codes are those
//! of <https://open.larksuite.com/document/server-docs/im-v1/message/create> and of the custom bot's guide.

mod app;
#[cfg(test)]
mod tests;
mod tokens;
mod webhook;

pub use app::{Access, App, Posted};
pub use tokens::Tokens;
pub use webhook::Webhook;

use serde_json::Value;

use crate::{
    SendError,
    exchange::{limited, quote},
    text,
};

/// A text cut to `limit` bytes: Lark counts bytes, and counts them in the JSON.
pub fn bounded(source: &str, limit: usize) -> String {
    let cost = |next: char| match next {
        '"' | '\\' | '\n' => 2,
        other => other.len_utf8(),
    };
    text::fit(source, limit, cost)
}

/// Why Lark refused.
#[derive(Debug)]
struct Refusal {
    code: i64,
    message: String,
}

/// The answer, or its refusal.
fn accepted(answer: Value) -> Result<Value, Refusal> {
    // Custom bots of older tenants say StatusCode and StatusMessage.
    let code = answer["code"].as_i64().or_else(|| answer["StatusCode"].as_i64());
    let message = answer["msg"].as_str().or_else(|| answer["StatusMessage"].as_str());
    match code {
        Some(0) => Ok(answer),
        Some(code) => Err(Refusal { code, message: quote(message.unwrap_or_default()) }),
        None => Err(Refusal {
            code: -1,
            message: format!("an answer without a code: {}", quote(&answer.to_string())),
        }),
    }
}

impl Refusal {
    fn reworded(self, reword: impl Fn(&str) -> String) -> Self {
        Self { message: reword(&self.message), ..self }
    }

    /// The tenant token is unknown, expired or revoked.
    const fn is_of_token(&self) -> bool {
        matches!(self.code, 99_991_661 | 99_991_663 | 99_991_664 | 99_991_668 | 99_991_671)
    }

    /// The message was recalled or deleted, or is older than the fourteen days in which a card may be edited.
    const fn is_of_lost_message(&self) -> bool {
        matches!(self.code, 230_011 | 230_031 | 230_110 | 230_111)
    }
}

/// Codes of ranges that speak of the request, the app or the chat are final; whatever else there is may pass.
impl From<Refusal> for SendError {
    fn from(refusal: Refusal) -> Self {
        let Refusal { code, message } = &refusal;
        let said = format!("Lark says {code} {message}");
        match code {
            11_232 | 99_991_400 | 230_020 => limited(None, &said),
            9_499 if message.to_lowercase().contains("too many") => limited(None, &said),
            // The first attempt with this idempotency key is still at work.
            230_049 => Self::retry(said),
            9_499 | 10_000..=10_999 | 19_000..=19_999 | 230_000..=239_999 | 99_991_000..=99_992_999 => {
                Self::give_up(match remedy(*code) {
                    Some(remedy) => format!("{said}: {remedy}"),
                    None => said,
                })
            }
            _ => Self::retry(said),
        }
    }
}

const fn remedy(code: i64) -> Option<&'static str> {
    Some(match code {
        10_003 | 10_012 | 10_014 => "the app ID or app secret is wrong",
        19_001 => "the webhook address is wrong, or the bot was removed from the chat",
        19_021 => "the signing secret is wrong, or this server's clock is off by more than an hour",
        19_022 => "allow this server's address in the bot's IP whitelist",
        19_024 => "the bot asks for a keyword; remove that or add the word Steward",
        230_002 => "add the app's bot to the chat",
        230_006 => "turn on the app's bot ability and publish a version",
        230_027 | 99_991_672 => "give the app the permission im:message:send_as_bot and publish a version",
        _ => return None,
    })
}
