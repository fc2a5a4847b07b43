//! A card as a mail, in text and in HTML that needs no images and no style sheet.

use messengers::text;

use crate::card::{Card, State, Urgency};

/// The same for all mails of a conversation, as programs split one whose subject changes.
pub(super) fn subject(card: &Card) -> String {
    format!("[Steward] {}", text::title(&card.title))
}

fn facts(card: &Card) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("State", card.state.label().to_owned()),
        ("Severity", card.severity.label().to_owned()),
        ("Alerts", card.alert_count.to_string()),
    ];
    facts.extend(card.verdict().map(|verdict| ("Verdict", verdict.to_owned())));
    facts
}

pub(super) fn text(card: &Card) -> String {
    let mut said = vec![text::line(&card.headline())];
    said.extend(card.note.clone());
    said.push(
        facts(card).iter().map(|(name, fact)| format!("{name}: {fact}")).collect::<Vec<_>>().join("\n"),
    );
    said.extend(card.summary.clone());
    said.extend(card.cause.as_ref().map(|cause| format!("Cause\n{cause}")));
    if !card.actions.is_empty() {
        let list = card.actions.iter().map(|action| format!("\n- {}", text::line(action)));
        said.push(format!("What to do{}", list.collect::<String>()));
    }
    said.push(format!("Open in Steward: {}", card.link));
    said.join("\n\n") + "\n"
}

pub(super) fn html(card: &Card) -> String {
    let facts: String = facts(card)
        .iter()
        .map(|(name, fact)| {
            format!("<td style=\"padding-right:24px\"><b>{name}</b><br>{}</td>", escaped(fact))
        })
        .collect();
    let mut said = format!(
        "<div style=\"font-family:sans-serif;border-left:4px solid {};padding-left:16px;max-width:640px\">\
         <p style=\"font-size:18px\"><a href=\"{}\">{}</a></p><table><tr>{facts}</tr></table>",
        color(card),
        escaped(&card.link),
        escaped(&text::title(&card.title)),
    );
    said.extend(card.note.as_deref().map(paragraph));
    said.extend(card.summary.as_deref().map(paragraph));
    said.extend(card.cause.as_deref().map(|cause| format!("<p><b>Cause</b></p>{}", paragraph(cause))));
    if !card.actions.is_empty() {
        let list = card.actions.iter().map(|action| format!("<li>{}</li>", escaped(&text::line(action))));
        said += &format!("<p><b>What to do</b></p><ul>{}</ul>", list.collect::<String>());
    }
    said += &format!("<p><a href=\"{}\">Open in Steward</a></p></div>\n", escaped(&card.link));
    said
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escaped(text.trim()).replace('\n', "<br>\n"))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for next in text.chars() {
        match next {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            other => escaped.push(other),
        }
    }
    escaped
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
