//! Rules that all formats share.

use hex::ToHex;
use sha2::{Digest, Sha256};

use super::{
    reader::{Object, Reader},
    signal::{State, Texts},
};
use crate::severity::Severity;

pub const LONGEST_SOURCE: usize = 100;
pub const LONGEST_TYPE: usize = 255;
pub const LONGEST_TITLE: usize = 500;
pub const LONGEST_DESCRIPTION: usize = 16_384;
pub const LONGEST_RECEIVER: usize = 255;
const LONGEST_URL: usize = 2_048;
/// What an index entry takes with room to spare.
const LONGEST_KEY: usize = 255;

/// The first characters of a text, ending in "…" when some are missing.
pub fn cut(text: &str, longest: usize) -> (String, bool) {
    match text.char_indices().nth(longest) {
        None => (text.to_owned(), false),
        Some(_) => {
            let mut kept: String = text.chars().take(longest - 1).collect();
            kept.push('…');
            (kept, true)
        }
    }
}

/// A key as it came, or its hash when it is long: a cut key could equal another.
pub fn key(text: &str) -> String {
    if text.chars().count() <= LONGEST_KEY { text.to_owned() } else { format!("sha256:{}", hash([text])) }
}

/// SHA-256 of texts that cannot run into each other.
pub fn hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().encode_hex()
}

/// The texts of a map, sorted by key.
pub fn flat(texts: &Texts) -> impl Iterator<Item = &str> {
    texts.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()])
}

/// Medium, when the source does not say or says something unknown.
pub fn severity(reader: &mut Reader, word: Option<&str>, pointer: &str) -> Severity {
    let Some(word) = word else { return Severity::Medium };
    Severity::read(word).unwrap_or_else(|| {
        reader.warn(pointer, "is no severity that is known; medium is taken instead");
        Severity::Medium
    })
}

/// Whether an alert is on or over. Firing unless the source says otherwise.
pub fn state(reader: &mut Reader, object: &Object<'_>, end: &str) -> State {
    let over = match reader.text(object, "status").map(str::to_ascii_lowercase).as_deref() {
        None
        | Some(
            "firing" | "alerting" | "alert" | "open" | "active" | "problem" | "trigger" | "triggered"
            | "down",
        ) => false,
        Some(
            "resolved" | "resolve" | "ok" | "closed" | "close" | "normal" | "recovered" | "recovery"
            | "inactive" | "up",
        ) => true,
        Some(_) => {
            reader.error(object.at("status"), "must be `firing` or `resolved`");
            false
        }
    };
    let end = reader.time(object, end);
    if over { State::Resolved(end.unwrap_or(reader.now()).min(reader.now())) } else { State::Firing }
}

/// A link that is safe to show: http or https.
pub fn url(reader: &mut Reader, object: &Object<'_>, key: &str) -> Option<String> {
    let text = reader.text(object, key)?;
    if text.chars().count() <= LONGEST_URL && (text.starts_with("http://") || text.starts_with("https://")) {
        return Some(text.to_owned());
    }
    reader.warn(&object.at(key), "is no http(s) address of up to 2048 characters; it was left out");
    None
}
