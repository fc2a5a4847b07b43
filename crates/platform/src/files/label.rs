//! What follows a file's content in its object: 256 bytes of text that say what it is.
//!
//! It comes last, because a checksum is known when the content has ended, and stands in the object itself, because a folder keeps
//! nothing beside a file and two objects cannot be written at once.

use kernel::{Error, Result};

/// Of every label.
pub const LENGTH: u64 = 256;
const BEGINS: &str = "\nsteward-file 1 ";
const SHA256: usize = 64;
/// Bytes of a content type; it fits by far.
const LONGEST_TYPE: usize = 127;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub sha256: String,
    pub content_type: String,
}

impl Label {
    pub fn text(&self) -> String {
        let text = format!("{BEGINS}{} {}", self.sha256, self.content_type);
        format!("{text:<width$}\n", width = LENGTH as usize - 1)
    }

    /// The label in these bytes; none when they are no label.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() as u64 == LENGTH)?;
        let (sha256, content_type) = text.strip_prefix(BEGINS)?.trim_end().split_once(' ')?;
        let whole = sha256.len() == SHA256 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        whole.then(|| Self { sha256: sha256.to_owned(), content_type: content_type.to_owned() })
    }
}

/// A content type that fits into a label and into a header.
pub fn content_type(text: &str) -> Result<String> {
    let visible = text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim() == text;
    match visible && text.contains('/') && text.len() <= LONGEST_TYPE {
        true => Ok(text.to_owned()),
        false => {
            Err(Error::field("invalid_file", "content_type", "must be as text/plain, of 127 bytes at most"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_label_is_read_as_it_was_written(sum: [u8; 32], kind in "[a-z]{1,40}/[a-z]{1,40}(; [a-z]{1,20}=[a-z]{1,20})?") {
            let label = Label { sha256: hex::encode(sum), content_type: content_type(&kind).unwrap() };
            proptest::prop_assert_eq!(label.text().len() as u64, LENGTH);
            proptest::prop_assert_eq!(Label::read(label.text().as_bytes()), Some(label));
        }

        #[test]
        fn other_bytes_are_no_label(bytes: Vec<u8>) {
            proptest::prop_assert_eq!(Label::read(&bytes), None);
        }
    }

    #[test]
    fn what_is_no_content_type_is_refused() {
        for wrong in ["", "text", "text/plain\n", " text/plain", &format!("a/{}", "b".repeat(126)), "té/xt"]
        {
            assert!(content_type(wrong).is_err(), "{wrong}");
        }
    }
}
