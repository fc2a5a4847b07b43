//! JSON as JavaScript writes it, made into JSON that everybody reads.
//!
//! A string of JavaScript may hold half of a surrogate pair. `JSON.stringify` writes it as an escape (`\ud800`), which is no
//! character and which Rust, PostgreSQL and most others refuse. It becomes U+FFFD, the replacement character, as
//! `String.prototype.toWellFormed` would have it (ECMA-262, 22.1.3.31).

use std::borrow::Cow;

/// The text with every escape of a lone surrogate replaced.
pub fn well_formed(text: &str) -> Cow<'_, str> {
    let mut made = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let escape = at + found;
        at = escape + 2;
        let Some(unit) = unit_at(text, escape) else { continue };
        at = escape + 6;
        match unit {
            0xd800..0xdc00 if matches!(unit_at(text, at), Some(0xdc00..0xe000)) => at += 6,
            0xd800..0xe000 => {
                made.push_str(&text[copied..escape]);
                made.push('\u{fffd}');
                copied = at;
            }
            _ => {}
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    made.push_str(&text[copied..]);
    Cow::Owned(made)
}

/// The code unit that an escape (`\u` and four digits) at this place stands for.
fn unit_at(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::well_formed;

    #[test]
    fn pairs_stay_and_halves_are_replaced() {
        let check = |text: &str, expected: &str| assert_eq!(well_formed(text), expected, "{text}");
        check(r#"{"a":"\n\\ud800\u00e9"}"#, r#"{"a":"\n\\ud800\u00e9"}"#);
        check(r#""\ud83d\ude00""#, r#""\ud83d\ude00""#);
        check(r#""\ud83d""#, "\"\u{fffd}\"");
        check(r#"{"\udc00":"\ud800\ud800\udc00\\"}"#, "{\"\u{fffd}\":\"\u{fffd}\\ud800\\udc00\\\\\"}");
    }

    proptest! {
        /// As UTF-16 is read elsewhere, whatever the mixture of escapes and characters.
        #[test]
        fn what_any_code_units_become_is_what_utf_16_makes_of_them(
            units in prop::collection::vec(prop_oneof![0xd7f0u16..0xe010, 0x20u16..0x80, any::<u16>()], 0..40),
        ) {
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let read: String = serde_json::from_str(&well_formed(&format!("\"{escaped}\""))).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }
    }
}
