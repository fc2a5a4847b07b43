use serde_json::{Value, json};

use crate::{
    card::{Card, State, Urgency},
    rendering::{Shape, slack},
    tests::card,
};

/// Every text of a message, with the limit that Slack sets where it stands.
fn texts(message: &Value) -> Vec<(String, usize)> {
    let mut found = vec![(text_of(&message["text"]), 3000)];
    let attached = message["attachments"][0]["blocks"].as_array().unwrap();
    for block in message["blocks"].as_array().unwrap().iter().chain(attached) {
        found.extend((!block["text"].is_null()).then(|| (text_of(&block["text"]["text"]), 3000)));
        for field in block["fields"].as_array().into_iter().flatten() {
            found.push((text_of(&field["text"]), 2000));
        }
        for element in block["elements"].as_array().into_iter().flatten() {
            // A button's text is an object of its own.
            let (text, limit) = if element["type"] == "button" {
                (&element["text"]["text"], 75)
            } else {
                (&element["text"], 3000)
            };
            found.push((text_of(text), limit));
        }
    }
    found
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn a_concluded_issue_is_one_message_with_verdict_cause_actions_and_link() {
    let card = card(State::Concluded);
    let trail = [crate::card::Told { state: State::Analyzing, at: card.at }, card.told()];
    let section = |text: &str| json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } });
    let field = |text: &str| json!({ "type": "mrkdwn", "text": text });
    let expected = json!({
        "text": "[Critical] Concluded: Pod web-1 crash-loops. Real issue",
        "blocks": [section(":red_circle: *<https://steward.example/issues/1|Pod web-1 crash-loops>*")],
        "attachments": [{ "color": "#d0021b", "blocks": [
            { "type": "section", "fields": [
                field("*State*\nConcluded"), field("*Severity*\nCritical"), field("*Alerts*\n3"), field("*Verdict*\nReal issue"),
            ]},
            section("The last deploy removed a variable."),
            section("*Cause*\nDATABASE_URL is not set"),
            section("*What to do*\n• Roll back to v41"),
            { "type": "context", "elements": [field(
                "Analyzing <!date^1795262400^{time}|12:00 UTC>  →  Concluded <!date^1795262400^{time}|12:00 UTC>",
            )]},
            { "type": "actions", "elements": [{
                "type": "button", "action_id": "open",
                "text": { "type": "plain_text", "text": "Open in Steward" },
                "url": "https://steward.example/issues/1",
            }]},
        ]}],
    });
    assert_eq!(slack::message(&card, Shape::Living(&trail)), expected);
}

#[test]
fn text_from_outside_can_neither_mention_nor_link() {
    let card = Card { title: "<!channel> <http://evil|x> & co".into(), ..card(State::Opened) };
    let message = slack::message(&card, Shape::Note);
    assert_eq!(
        message["blocks"][0]["text"]["text"],
        ":red_circle: *<https://steward.example/issues/1|&lt;!channel&gt; &lt;http://evil|x&gt; &amp; co>*"
    );
    assert!(!message["text"].as_str().unwrap().contains('<'));
}

#[test]
fn a_long_text_is_cut_with_a_mark() {
    let message = slack::message(&Card { title: "x".repeat(500), ..card(State::Opened) }, Shape::Note);
    let title = message["blocks"][0]["text"]["text"].as_str().unwrap();
    assert!(title.ends_with("xx…>*"), "{title}");
}

#[test]
fn what_shows_nothing_takes_no_block() {
    let blank = Card {
        title: "\u{1}".into(),
        summary: Some(" ".into()),
        cause: Some("\n".into()),
        ..card(State::Concluded)
    };
    let message = slack::message(&blank, Shape::Note);
    assert!(message["blocks"][0]["text"]["text"].as_str().unwrap().ends_with("|Untitled>*"));
    // The facts, what to do, the button.
    assert_eq!(message["attachments"][0]["blocks"].as_array().unwrap().len(), 3);
}

proptest::proptest! {
    #[test]
    fn every_text_keeps_to_slacks_limits(
        filler in "[<>&a😀\"\u{1}\n]{1,4}", times in 1_usize..4000, actions in 0_usize..60, states in 0_usize..40,
    ) {
        let long = filler.repeat(times);
        let card = Card {
            title: long.clone(),
            severity: Urgency::Low,
            summary: Some(long.clone()),
            cause: Some(long.clone()),
            actions: vec![long; actions],
            ..card(State::Concluded)
        };
        let trail = vec![card.told(); states.max(1)];
        let message = slack::message(&card, Shape::Living(&trail));
        for (text, limit) in texts(&message) {
            let length = text.encode_utf16().count();
            proptest::prop_assert!((1..=limit).contains(&length), "{} of {}: {}", length, limit, text);
        }
        proptest::prop_assert!(message["attachments"][0]["blocks"].as_array().unwrap().len() < 50);
    }
}

#[test]
fn a_message_about_one_state_says_why_for_every_verdict() {
    for state in [State::Concluded, State::FalsePositive, State::UnableToResolve, State::Resolved] {
        let card = Card { is_real_issue: None, ..card(state) };
        let message = slack::message(&card, Shape::Note).to_string();
        for said in ["The last deploy removed a variable.", "DATABASE_URL is not set", "Roll back to v41"] {
            assert!(message.contains(said), "{state:?}: {said}: {message}");
        }
    }
}
