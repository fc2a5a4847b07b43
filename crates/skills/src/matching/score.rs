//! One number for two measures.
//!
//! The cosine of the vectors decides; the rank of the words helps. Words alone are a poor judge: short runbooks
//! share words such as "use" or "fail" with alerts about anything, and PostgreSQL's rank does not know
//! which words are rare. So the two are joined as independent evidence (noisy-or), the words with a small weight.
//! Joining scores rather than ranks keeps the result comparable with a threshold
//! (Bruch et al., An Analysis of Fusion Functions for Hybrid Retrieval, <https://arxiv.org/abs/2210.11934>).
//!
//! With the built-in embedding, over the runbooks and alerts in `tests/corpus.rs`, an alert and its runbook have
//! a cosine of 0.24 or more and a score of 0.35 or more; an alert that no runbook is about stays below 0.13
//! and 0.25. Another model has another scale: its threshold is a setting.

use super::store::Similarity;

/// The default threshold.
pub const THRESHOLD: f64 = 0.3;
/// What the words are worth beside a vector.
const WORDS: f64 = 0.25;
/// What the words are worth alone: many of them must agree to reach the threshold.
const WORDS_ALONE: f64 = 0.45;

/// From 0 to 1.
pub fn score(found: &Similarity) -> f64 {
    let words = found.words.clamp(0.0, 1.0);
    match found.cosine {
        Some(cosine) => 1.0 - (1.0 - cosine.clamp(0.0, 1.0)) * (1.0 - WORDS * words),
        None => WORDS_ALONE * words,
    }
}

/// The score in words.
pub fn reason(found: &Similarity) -> String {
    match found.cosine {
        Some(cosine) => format!("meaning {:.2}, words {:.2}", cosine.max(0.0), found.words),
        None => format!("words {:.2}, without an embedding", found.words),
    }
}
