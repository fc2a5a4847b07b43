//! A card as Lark's interactive card (<https://open.larksuite.com/document/common-capabilities/message-card/message-cards-content/card-structure/card-content>).
//!
//! Limits: 20 KB for the request of a custom bot, 30 KB for a card of an app; ours keep to the smaller one. Text from
//! outside is only ever `plain_text`: in `lark_md` it could mention everybody (`<at id=all></at>`).

use messengers::{lark::bounded, text};
use serde_json::{Value, json};

use super::Shape;
use crate::card::{Card, State, Told, Urgency};

const TITLE: usize = 450;
const NOTE: usize = 400;
const SUMMARY: usize = 6000;
const CAUSE: usize = 4000;
const ACTIONS: usize = 3000;
/// The steps of the trail that are shown; the oldest are left out.
const TRAIL: usize = 10;

pub(crate) fn card(card: &Card, shape: Shape<'_>) -> Value {
    json!({
        "config": {
            "wide_screen_mode": true,
            // Without it a card cannot be edited.
            "update_multi": true,
        },
        "header": {
            "template": template(card),
            "title": { "tag": "plain_text", "content": bounded(&text::title(&card.title), TITLE) },
        },
        "elements": elements(card, shape),
    })
}

fn elements(card: &Card, shape: Shape<'_>) -> Vec<Value> {
    let mut facts = vec![
        ("State", card.state.label().to_owned()),
        ("Severity", card.severity.label().to_owned()),
        ("Alerts", card.alert_count.to_string()),
    ];
    facts.extend(card.verdict().map(|verdict| ("Verdict", verdict.to_owned())));
    let fields: Vec<Value> = facts.into_iter().map(|(name, value)| field(name, &value)).collect();
    let mut elements: Vec<Value> = paragraph(card.note.as_deref(), NOTE).into_iter().collect();
    elements.push(json!({ "tag": "div", "fields": fields }));
    elements.extend(paragraph(card.summary.as_deref(), SUMMARY));
    if let Some(cause) = paragraph(card.cause.as_deref(), CAUSE) {
        elements.extend([heading("Cause"), cause]);
    }
    if !card.actions.is_empty() {
        let list: Vec<String> =
            card.actions.iter().map(|action| format!("• {}", text::line(action))).collect();
        elements.extend([heading("What to do"), plain(&bounded(&list.join("\n"), ACTIONS))]);
    }
    if let Shape::Living(trail) = shape {
        let note = json!({ "tag": "plain_text", "content": history(trail) });
        elements.push(json!({ "tag": "note", "elements": [note] }));
    }
    elements.push(json!({ "tag": "action", "actions": [{
        "tag": "button",
        "type": "primary",
        "text": { "tag": "plain_text", "content": "Open in Steward" },
        "url": card.link,
    }]}));
    elements
}

/// Our own words only.
fn field(name: &str, value: &str) -> Value {
    json!({ "is_short": true, "text": { "tag": "lark_md", "content": format!("**{name}**\n{value}") } })
}

fn heading(words: &str) -> Value {
    json!({ "tag": "div", "text": { "tag": "lark_md", "content": format!("**{words}**") } })
}

/// Lark refuses a text without content.
fn paragraph(text: Option<&str>, limit: usize) -> Option<Value> {
    text.map(|text| bounded(text, limit)).filter(|text| !text.is_empty()).map(|text| plain(&text))
}

fn plain(content: &str) -> Value {
    json!({ "tag": "div", "text": { "tag": "plain_text", "content": content } })
}

fn history(trail: &[Told]) -> String {
    let shown = &trail[trail.len().saturating_sub(TRAIL)..];
    let step = |told: &Told| format!("{} {} UTC", told.state.label(), told.at.format("%H:%M"));
    shown.iter().map(step).collect::<Vec<_>>().join("  →  ")
}

fn template(card: &Card) -> &'static str {
    match (card.state, card.severity) {
        (State::Resolved, _) => "green",
        (State::FalsePositive, _) => "grey",
        (_, Urgency::Critical) => "red",
        (_, Urgency::High) => "orange",
        (_, Urgency::Medium) => "yellow",
        (_, Urgency::Low) => "blue",
    }
}
