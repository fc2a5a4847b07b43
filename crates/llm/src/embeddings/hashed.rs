//! The built-in embedding: feature hashing (Weinberger et al., 2009, <https://arxiv.org/abs/0902.2206>).
//!
//! A text is the sum of its features: words, pairs of words, concepts and pieces of words. Each feature is
//! hashed to one dimension and a sign, so that collisions cancel out instead of adding up. It knows no
//! language, but it knows how the same trouble is spelled in a rule's name, an alert's text and a runbook.

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use kernel::Result;

use super::{
    DIMENSIONS, Embedder,
    concepts::concepts,
    normalized,
    words::{self, words},
};

/// Changes with anything that changes a vector.
const NAME: &str = "steward-hash-v1";
/// The beginning of a long text says what it is about.
const MAX_TEXT_BYTES: usize = 64 * 1024;

const WORD: f64 = 1.0;
const PAIR: f64 = 0.5;
/// A word of ten letters has over twenty pieces; together they weigh less than the word.
const PIECE: f64 = 0.15;
/// Scripts without spaces have no other features to speak of.
const PIECE_OF_OTHER_SCRIPT: f64 = 0.5;

pub(super) struct Hashed;

impl Embedder for Hashed {
    fn model(&self) -> &str {
        NAME
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>>> {
        std::future::ready(Ok(texts.iter().map(|text| vector(text)).collect())).boxed()
    }
}

/// How often features occur and what they weigh. Ordered, because the sum of floats depends on the order.
#[derive(Default)]
struct Features(BTreeMap<u64, (f64, u32)>);

impl Features {
    fn add(&mut self, kind: char, text: &str, weight: f64) {
        let entry = self.0.entry(hash(kind, text)).or_insert((weight, 0));
        entry.1 += 1;
    }
}

pub(super) fn vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0_f32; DIMENSIONS];
    for (hash, (weight, count)) in features(text).0 {
        let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
        let dimension = (hash % DIMENSIONS as u64) as usize;
        vector[dimension] += (sign * weight * (1.0 + f64::from(count).ln())) as f32;
    }
    normalized(vector).unwrap_or_else(nothing)
}

/// The vector of a text that says nothing: a direction of its own, since cosines need one.
fn nothing() -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSIONS];
    vector[0] = 1.0;
    vector
}

fn features(text: &str) -> Features {
    let mut features = Features::default();
    let words = words(&text[..text.floor_char_boundary(MAX_TEXT_BYTES)]);
    for (concept, weight) in concepts(&words) {
        features.add('c', concept, weight);
    }
    for pair in words.windows(2) {
        features.add('p', &pair.join(" "), PAIR);
    }
    for word in &words {
        let told = words::weight(word);
        features.add('w', word, told * WORD);
        let (sizes, weight) = if word.is_ascii() { (3..=5, PIECE) } else { (2..=3, PIECE_OF_OTHER_SCRIPT) };
        let letters: Vec<char> = format!("^{word}$").chars().collect();
        for piece in sizes.flat_map(|size| letters.windows(size)) {
            features.add('n', &piece.iter().collect::<String>(), told * weight);
        }
    }
    features
}

/// FNV-1a of 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>) of the kind and the text, mixed by the
/// finalizer of MurmurHash3 because the high bits of FNV hardly differ for short texts.
fn hash(kind: char, text: &str) -> u64 {
    let mut hash = fnv1a(kind.encode_utf8(&mut [0; 4]).bytes().chain(text.bytes()));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::fnv1a;

    #[test]
    fn the_hash_is_that_of_its_authors() {
        // test vectors of draft-eastlake-fnv
        assert_eq!(fnv1a("".bytes()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("a".bytes()), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a("foobar".bytes()), 0x8594_4171_f739_67e8);
    }
}
