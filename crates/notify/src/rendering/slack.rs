//! A card as Block Kit (<https://docs.slack.dev/reference/block-kit/blocks>).
//!
//! Limits: 3,000 characters in the text of a section, 2,000 in a field, 50 blocks in a message. Text from outside
//! is escaped, so that it can neither link nor mention (`<!channel>`).

use messengers::{
    slack::{escaped, time},
    text,
};
use serde_json::{Value, json};

use super::Shape;
use crate::card::{Card, State, Told, Urgency};

const TITLE: usize = 150;
const SECTION: usize = 2900;
const ACTION: usize = 500;
/// The steps of the trail that are shown; the oldest are left out.
const TRAIL: usize = 10;

/// The `text`, `blocks` and `attachments` of a message. The attachment gives the coloured bar.
pub(crate) fn message(card: &Card, shape: Shape<'_>) -> Value {
    let title = format!("{} *<{}|{}>*", emoji(card), card.link, escaped(&text::title(&card.title), TITLE));
    json!({
        "text": escaped(&text::line(&card.headline()), 2 * TITLE),
        "blocks": [section(title)],
        "attachments": [{ "color": color(card), "blocks": body(card, shape) }],
    })
}

fn body(card: &Card, shape: Shape<'_>) -> Vec<Value> {
    let mut facts = vec![
        format!("*State*\n{}", card.state.label()),
        format!("*Severity*\n{}", card.severity.label()),
        format!("*Alerts*\n{}", card.alert_count),
    ];
    facts.extend(card.verdict().map(|verdict| format!("*Verdict*\n{verdict}")));
    let fields: Vec<Value> =
        facts.into_iter().map(|fact| json!({ "type": "mrkdwn", "text": fact })).collect();
    let mut blocks: Vec<Value> = paragraph(card.note.as_deref()).map(section).into_iter().collect();
    blocks.push(json!({ "type": "section", "fields": fields }));
    blocks.extend(paragraph(card.summary.as_deref()).map(section));
    blocks.extend(paragraph(card.cause.as_deref()).map(|cause| section(format!("*Cause*\n{cause}"))));
    blocks.extend(actions(&card.actions));
    if let Shape::Living(trail) = shape {
        blocks.push(json!({ "type": "context", "elements": [{ "type": "mrkdwn", "text": history(trail) }] }));
    }
    blocks.push(json!({ "type": "actions", "elements": [{
        "type": "button",
        "action_id": "open",
        "text": { "type": "plain_text", "text": "Open in Steward" },
        "url": card.link,
    }]}));
    blocks
}

fn actions(actions: &[String]) -> Option<Value> {
    let mut list = String::from("*What to do*");
    for action in actions {
        let item = format!("\n• {}", escaped(&text::line(action), ACTION));
        if list.len() + item.len() > SECTION {
            break;
        }
        list.push_str(&item);
    }
    (!actions.is_empty()).then(|| section(list))
}

fn history(trail: &[Told]) -> String {
    let shown = &trail[trail.len().saturating_sub(TRAIL)..];
    let steps: Vec<String> =
        shown.iter().map(|told| format!("{} {}", told.state.label(), time(told.at))).collect();
    steps.join("  →  ")
}

/// Slack refuses a section without text.
fn paragraph(text: Option<&str>) -> Option<String> {
    text.map(|text| escaped(text, SECTION)).filter(|text| !text.is_empty())
}

fn section(text: String) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

fn emoji(card: &Card) -> &'static str {
    match (card.state, card.severity) {
        (State::Resolved, _) => ":white_check_mark:",
        (State::FalsePositive, _) => ":no_bell:",
        (_, Urgency::Critical) => ":red_circle:",
        (_, Urgency::High) => ":large_orange_circle:",
        (_, Urgency::Medium) => ":large_yellow_circle:",
        (_, Urgency::Low) => ":large_blue_circle:",
    }
}

fn color(card: &Card) -> &'static str {
    match (card.state, card.severity) {
        (State::Resolved, _) => "#2eb67d",
        (State::FalsePositive, _) => "#8d8d8d",
        (_, Urgency::Critical) => "#d0021b",
        (_, Urgency::High) => "#f2711c",
        (_, Urgency::Medium) => "#e8b100",
        (_, Urgency::Low) => "#2b7de9",
    }
}
