//! Striking secrets out of what others say.
//!
//! Whoever we show a secret may repeat it: in an error, a result, a log line. Nobody can tell such a text from a harmless one by
//! its shape, so it is found by its value, in each form in which it may come back: as it is, encoded for a URL, for JSON, in
//! base64 or hexadecimal, and each of its words, because a header may say more than the key (`Bearer …`).

use std::{
    borrow::Cow,
    sync::{Arc, PoisonError, RwLock, Weak},
};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

use crate::Secret;

/// What stands in place of a secret.
pub const HIDDEN: &str = "[hidden]";
/// Shorter values would be found everywhere by chance, and are no secrets.
const SHORTEST: usize = 4;
/// The same for a part of a value and for its encodings.
const SHORTEST_PART: usize = 8;

type Forms = AhoCorasick;

/// Those whose secrets are in use now: what is logged meanwhile is struck by each.
static LIVE: RwLock<Vec<Weak<Forms>>> = RwLock::new(Vec::new());

/// Replaces every occurrence of some secret values. Keep it as long as the values are in use: what this process logs until then
/// does not show them either.
#[derive(Clone, Default)]
pub struct Redactor(Option<Arc<Forms>>);

impl Redactor {
    pub fn new<'a>(values: impl IntoIterator<Item = &'a Secret<String>>) -> Self {
        let mut forms = Vec::new();
        for value in values {
            add_forms(value.expose().trim(), &mut forms);
        }
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&forms);
        // Too many values to find at once: more than any caller has.
        let Some(found) = built.ok().filter(|_| !forms.is_empty()).map(Arc::new) else { return Self(None) };
        let mut live = LIVE.write().unwrap_or_else(PoisonError::into_inner);
        live.retain(|other| other.strong_count() > 0);
        live.push(Arc::downgrade(&found));
        Self(Some(found))
    }

    pub fn text(&self, text: &str) -> String {
        match &self.0 {
            Some(forms) => forms.replace_all(text, &vec![HIDDEN; forms.patterns_len()]),
            None => text.to_owned(),
        }
    }

    /// Also in the names of an object's members.
    pub fn json(&self, value: Value) -> Value {
        if self.0.is_none() {
            return value;
        }
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(name, value)| (self.text(&name), self.json(value))).collect()
            }
            other => other,
        }
    }
}

/// Strikes every secret that is in use now: for logs.
pub fn redact_live(text: &[u8]) -> Cow<'_, [u8]> {
    let live = LIVE.read().unwrap_or_else(PoisonError::into_inner);
    let mut clean = Cow::Borrowed(text);
    for forms in live.iter().filter_map(Weak::upgrade) {
        if forms.is_match(&*clean) {
            clean = forms.replace_all_bytes(&clean, &vec![HIDDEN; forms.patterns_len()]).into();
        }
    }
    clean
}

fn add_forms(value: &str, forms: &mut Vec<String>) {
    if value.len() < SHORTEST {
        return;
    }
    forms.push(value.to_owned());
    add_encodings(value, forms);
    let words = value.split_whitespace().filter(|word| *word != value && word.len() >= SHORTEST_PART);
    for word in words {
        forms.push(word.to_owned());
        add_encodings(word, forms);
    }
}

fn add_encodings(value: &str, forms: &mut Vec<String>) {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    let mut encoded = vec![
        percent_encoded(value, false),
        percent_encoded(value, true),
        percent_encoded(value, false).replace("%20", "+"),
        quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned(),
        value.bytes().map(|byte| format!("{byte:02x}")).collect(),
        value.bytes().map(|byte| format!("{byte:02X}")).collect(),
    ];
    // The characters depend on how many bytes stand before; those at the ends also on which.
    for before in 0..3 {
        let bytes: Vec<u8> = std::iter::repeat_n(0, before).chain(value.bytes()).collect();
        let own = [0, 2, 3][before]..bytes.len() * 8 / 6;
        for text in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            encoded.push(text[own.clone()].to_owned());
        }
    }
    encoded.retain(|form| form != value && form.len() >= SHORTEST_PART);
    encoded.sort();
    encoded.dedup();
    forms.append(&mut encoded);
}

/// RFC 3986: all but the unreserved characters.
fn percent_encoded(value: &str, lower: bool) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(byte.into()),
            _ if lower => text += &format!("%{byte:02x}"),
            _ => text += &format!("%{byte:02X}"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn redactor(values: &[&str]) -> Redactor {
        let values: Vec<_> = values.iter().map(|value| Secret::new((*value).to_owned())).collect();
        Redactor::new(&values)
    }

    #[test]
    fn a_secret_is_struck_in_whatever_form_it_comes_back() {
        let check = |value: &str, said: &str, expected: &str| {
            assert_eq!(redactor(&[value]).text(said), expected, "{value} in {said}");
        };
        check("hunter22", "no hunter22hunter22!", "no [hidden][hidden]!");
        check("Bearer sk-abcdefgh", "the key sk-abcdefgh is wrong", "the key [hidden] is wrong");
        check("Bearer sk-abcdefgh", "got `Bearer sk-abcdefgh`", "got `[hidden]`");
        check(" sk-abcdefgh\n", "sk-abcdefgh", "[hidden]");
        check("a/b c+d=e", "?key=a%2Fb%20c%2Bd%3De", "?key=[hidden]");
        check("a/b c+d=e", "?key=a%2fb%20c%2bd%3de", "?key=[hidden]");
        check("a/b c+d=e", "?key=a%2Fb+c%2Bd%3De", "?key=[hidden]");
        check("say \"friend\"", r#"{"said":"say \"friend\""}"#, r#"{"said":"[hidden]"}"#);
        check("hunter22", "68756e7465723232", "[hidden]");
        check("a.b", "a.b", "a.b");
        check("key", "a key", "a key");
        check("word", "a word", "a [hidden]");
    }

    #[test]
    fn members_and_their_names_are_struck() {
        let said = json!({ "hunter22": ["x hunter22", 1, null, { "a": "hunter22" }] });
        let expected = json!({ "[hidden]": ["x [hidden]", 1, null, { "a": "[hidden]" }] });
        assert_eq!(redactor(&["hunter22"]).json(said), expected);
    }

    #[test]
    fn the_longest_secret_is_struck_as_a_whole() {
        assert_eq!(redactor(&["hunter22", "hunter22-and-more"]).text("hunter22-and-more"), "[hidden]");
    }

    #[test]
    fn what_is_in_use_is_struck_everywhere_and_afterwards_no_more() {
        let clean = |text: &str| String::from_utf8(redact_live(text.as_bytes()).into_owned()).unwrap();
        let first = redactor(&["first-in-use"]);
        let second = redactor(&["second-in-use"]);
        assert_eq!(clean("first-in-use, second-in-use"), "[hidden], [hidden]");
        drop(first.clone());
        assert_eq!(clean("first-in-use"), "[hidden]");
        drop((first, second));
        assert_eq!(clean("first-in-use, second-in-use"), "first-in-use, second-in-use");
    }

    proptest! {
        #[test]
        fn no_part_of_base64_that_tells_the_secret_is_left(
            secret in "[a-zA-Z0-9._-]{12,40}", before in "[a-z:]{0,7}", after in "[a-z:]{0,7}"
        ) {
            let said = STANDARD.encode(format!("{before}{secret}{after}"));
            let left = redactor(&[&secret]).text(&said);
            // What is left on either side is shorter than two bytes of the secret beside what is around it.
            prop_assert!(left.contains(HIDDEN), "{said} {left}");
            prop_assert!(left.len() - HIDDEN.len() <= (before.len() + after.len() + 2) * 4 / 3 + 8, "{said} {left}");
        }
    }
}
