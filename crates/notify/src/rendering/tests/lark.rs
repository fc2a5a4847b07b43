use serde_json::{Value, json};

use crate::{
    card::{Card, State},
    rendering::{Shape, lark},
    tests::card,
};

#[test]
fn a_concluded_issue_is_one_card_with_verdict_cause_actions_and_link() {
    let card = card(State::Concluded);
    let field = |text: &str| json!({ "is_short": true, "text": { "tag": "lark_md", "content": text } });
    let heading = |text: &str| json!({ "tag": "div", "text": { "tag": "lark_md", "content": text } });
    let plain = |text: &str| json!({ "tag": "div", "text": { "tag": "plain_text", "content": text } });
    let expected = json!({
        "config": { "wide_screen_mode": true, "update_multi": true },
        "header": { "template": "red", "title": { "tag": "plain_text", "content": "Pod web-1 crash-loops" } },
        "elements": [
            { "tag": "div", "fields": [
                field("**State**\nConcluded"), field("**Severity**\nCritical"), field("**Alerts**\n3"),
                field("**Verdict**\nReal issue"),
            ]},
            plain("The last deploy removed a variable."),
            heading("**Cause**"), plain("DATABASE_URL is not set"),
            heading("**What to do**"), plain("• Roll back to v41"),
            { "tag": "note", "elements": [{ "tag": "plain_text", "content": "Concluded 12:00 UTC" }] },
            { "tag": "action", "actions": [{
                "tag": "button", "type": "primary",
                "text": { "tag": "plain_text", "content": "Open in Steward" },
                "url": "https://steward.example/issues/1",
            }]},
        ],
    });
    assert_eq!(lark::card(&card, Shape::Living(&[card.told()])), expected);
}

/// Every text that Lark would read as its Markdown.
fn markdown(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if object.get("tag").is_some_and(|tag| tag == "lark_md") {
                found.push(object["content"].to_string());
            }
            object.values().for_each(|value| markdown(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| markdown(value, found)),
        _ => {}
    }
}

#[test]
fn text_from_outside_is_never_markdown() {
    let evil = "<at id=all></at>".to_owned();
    let card = Card {
        title: evil.clone(),
        summary: Some(evil.clone()),
        cause: Some(evil.clone()),
        actions: vec![evil],
        ..card(State::Concluded)
    };
    let mut found = Vec::new();
    markdown(&lark::card(&card, Shape::Living(&[card.told()])), &mut found);
    assert!(!found.is_empty() && !found.iter().any(|text| text.contains("<at")), "{found:?}");
}

proptest::proptest! {
    #[test]
    fn a_card_fits_into_the_twenty_kilobytes_of_a_custom_bot(
        filler in "[\"\\\\a漢😀\u{1}\n]{1,4}", times in 1_usize..9000, actions in 0_usize..60,
    ) {
        let long = filler.repeat(times);
        let card = Card {
            title: long.clone(),
            summary: Some(long.clone()),
            cause: Some(long.clone()),
            actions: vec![long; actions],
            ..card(State::Concluded)
        };
        let body = json!({ "card": lark::card(&card, Shape::Living(&vec![card.told(); 20])) });
        proptest::prop_assert!(body.to_string().len() < 19_000, "{}", body.to_string().len());
    }
}
