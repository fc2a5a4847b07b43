//! Making what tools give fit to be stored.

use serde_json::Value;

/// The result that a step keeps, in bytes of JSON.
pub const MAX_RESULT_BYTES: usize = 64 << 10;

/// A value without NUL characters, which neither `jsonb` nor `text` can hold.
pub fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', "")),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, field)| (name.replace('\0', ""), without_nul(field))).collect()
        }
        other => other,
    }
}

/// A value of at most `max` bytes, and whether anything had to go. Its shape stays: long texts lose their middle,
/// long lists their end.
pub fn bounded(value: Value, max: usize) -> (Value, bool) {
    if size(&value) <= max {
        return (value, false);
    }
    let mut room = max / 4;
    while room > 0 {
        let shorter = cut(&value, room);
        if size(&shorter) <= max {
            return (shorter, true);
        }
        room /= 2;
    }
    (Value::String(format!("[a value of {} bytes, too large to be kept]", size(&value))), true)
}

fn size(value: &Value) -> usize {
    serde_json::to_string(value).map_or(usize::MAX, |json| json.len())
}

/// No text longer than `room` bytes, no list longer than a sixteenth of that.
fn cut(value: &Value, room: usize) -> Value {
    match value {
        Value::String(text) => Value::String(cut_text(text, room)),
        Value::Array(items) => items.iter().take((room / 16).max(1)).map(|item| cut(item, room)).collect(),
        Value::Object(fields) => fields
            .iter()
            .take((room / 4).max(1))
            .map(|(name, field)| (name.clone(), cut(field, room)))
            .collect(),
        other => other.clone(),
    }
}

fn cut_text(text: &str, room: usize) -> String {
    if text.len() <= room {
        return text.to_owned();
    }
    let head = &text[..text.floor_char_boundary(room * 2 / 3)];
    let tail = &text[text.ceil_char_boundary(text.len() - room / 3)..];
    format!("{head}\n[{} bytes left out]\n{tail}", text.len() - head.len() - tail.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_is_kept_as_it_is() {
        let value = json!({ "a": [1, 2, { "b": "text" }] });
        assert_eq!(bounded(value.clone(), 1000), (value, false));
    }

    #[test]
    fn a_long_log_keeps_its_beginning_its_end_and_its_neighbours() {
        let log = format!("start{}end", "x".repeat(100_000));
        let (kept, truncated) = bounded(json!({ "log": log, "lines": 3 }), 1000);
        let text = kept["log"].as_str().unwrap();
        assert!(truncated && text.starts_with("start") && text.ends_with("end"), "{text}");
        assert_eq!(kept["lines"], 3);
    }

    #[test]
    fn nul_characters_go_from_keys_and_values() {
        assert_eq!(without_nul(json!({ "a\0": ["b\0c"] })), json!({ "a": ["bc"] }));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![any::<i64>().prop_map(Value::from), "\\PC{0,200}".prop_map(Value::from)];
        leaf.prop_recursive(4, 200, 20, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
                prop::collection::btree_map("[a-z]{1,8}", inner, 0..20).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_is_larger_than_the_bound(value in any_json(), max in 64_usize..2000) {
            prop_assert!(size(&bounded(value, max).0) <= max);
        }
    }
}
