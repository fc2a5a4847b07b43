//! One number for two measures.

use super::store::Similarity;

/// The default threshold.
pub const THRESHOLD: f64 = 0.3;

/// From 0 to 1.
pub fn score(found: &Similarity) -> f64 {
    let cosine = found.cosine.unwrap_or(0.0).clamp(0.0, 1.0);
    (1.0 - (1.0 - cosine) * (1.0 - 0.5 * found.words)).clamp(0.0, 1.0)
}

pub fn reason(found: &Similarity) -> String {
    match found.cosine {
        Some(cosine) => format!("meaning {cosine:.2}, words {:.2}", found.words),
        None => format!("words {:.2}; the skill has no embedding of the current model yet", found.words),
    }
}
