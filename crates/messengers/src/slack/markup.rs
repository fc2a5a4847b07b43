//! Slack's markup (<https://docs.slack.dev/messaging/formatting-message-text>).

use chrono::{DateTime, Utc};

use crate::text;

/// A text from outside: Slack's three control characters as entities, so that it can neither link nor mention
/// (`<!channel>`), cut so that the result keeps to `limit` UTF-16 units.
pub fn escaped(source: &str, limit: usize) -> String {
    let cost = |next: char| match next {
        '&' => 5,
        '<' | '>' => 4,
        other => other.len_utf16(),
    };
    text::fit(source, limit, cost).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A time that Slack shows in the reader's own zone.
pub fn time(at: DateTime<Utc>) -> String {
    format!("<!date^{}^{{time}}|{} UTC>", at.timestamp(), at.format("%H:%M"))
}
