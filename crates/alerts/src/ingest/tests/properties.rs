//! Laws of reading: whatever is sent, and whatever is planned.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::ingest::{
    alertmanager, generic,
    normalize::cut,
    plan::plan,
    reader::Reader,
    signal::{Signal, SignalOutcome},
};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("2026-11-21T12:00:00Z")),
    ];
    let keys = prop_oneof![
        Just("alerts"),
        Just("labels"),
        Just("annotations"),
        Just("title"),
        Just("status"),
        Just("severity"),
        Just("startsAt"),
        Just("ends_at"),
        Just("fingerprint"),
        Just("groupLabels"),
        Just("other"),
    ];
    leaf.prop_recursive(5, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..8).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn any_document_is_read_or_refused(document in any_json()) {
        let reader = || Reader::new(testkit::start_of_time());
        for body in [document.to_string(), json!({ "alerts": [document] }).to_string()] {
            for parse in [alertmanager::parse, generic::parse] {
                if let Ok(parsed) = parse(body.as_bytes(), reader(), None) {
                    for signal in parsed.signals {
                        prop_assert!((1..=500).contains(&signal.title.chars().count()));
                        prop_assert!((1..=255).contains(&signal.alert_type.chars().count()));
                        prop_assert!((1..=100).contains(&signal.source.chars().count()));
                        prop_assert!(!signal.fingerprint.is_empty() && !signal.group_key.is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(body: Vec<u8>) {
        let _ = alertmanager::parse(&body, Reader::new(testkit::start_of_time()), None);
    }

    #[test]
    fn a_cut_text_fits_and_keeps_its_start(text: String, longest in 1_usize..40) {
        let (kept, was_cut) = cut(&text, longest);
        prop_assert!(kept.chars().count() <= longest);
        prop_assert_eq!(was_cut, text.chars().count() > longest);
        prop_assert!(text.starts_with(kept.strip_suffix('…').filter(|_| was_cut).unwrap_or(&kept)));
    }

    /// One request or many: the same words in the same order end the same.
    #[test]
    fn a_plan_keeps_the_books(words in prop::collection::vec((0_u8..4, any::<bool>()), 0..60)) {
        let now = testkit::start_of_time();
        let document: Vec<Value> = words
            .iter()
            .map(|(alert, over)| json!({
                "title": "x", "fingerprint": alert.to_string(), "group_key": (alert % 2).to_string(),
                "status": if *over { "resolved" } else { "firing" },
            }))
            .collect();
        let parsed = generic::parse(json!(document).to_string().as_bytes(), Reader::new(now), None).unwrap();
        let signals: Vec<&Signal> = parsed.signals.iter().collect();
        let made = plan(&signals, &[], (Vec::new(), None), now);
        let mut open: HashMap<&str, u32> = HashMap::new();
        for (signal, entry) in signals.iter().zip(&made.entries) {
            let fingerprint = signal.fingerprint.as_str();
            match entry.outcome {
                SignalOutcome::Created => prop_assert!(open.insert(fingerprint, 1).is_none()),
                SignalOutcome::Repeated => prop_assert!(open.contains_key(fingerprint)),
                SignalOutcome::Resolved => prop_assert!(open.remove(fingerprint).is_some()),
                SignalOutcome::UnmatchedResolve => prop_assert!(!open.contains_key(fingerprint)),
            }
        }
        prop_assert_eq!(made.entries.len(), words.len());
        prop_assert_eq!(made.created.iter().filter(|created| created.ended.is_none()).count(), open.len());
        let firing = words.iter().filter(|(_, over)| !over).count();
        prop_assert_eq!(made.created.iter().map(|created| created.occurrences).sum::<i64>(), firing as i64);
        prop_assert!(made.issues.len() <= 2);
        prop_assert_eq!(made.issues.iter().map(|issue| issue.joined.len()).sum::<usize>(), made.created.len());
    }
}
