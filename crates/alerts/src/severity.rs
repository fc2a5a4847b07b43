//! How bad it is.

use crate::text_enum::text_enum;

text_enum! {
    /// Ordered: a later one is worse.
    pub enum Severity {
        Low = "low",
        Medium = "medium",
        High = "high",
        Critical = "critical",
    }
}

impl Severity {
    /// Reads what monitoring systems call it, whatever the case. None for a word that is not known.
    pub fn read(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        Some(match word.as_str() {
            "critical" | "crit" | "page" | "fatal" | "emergency" | "disaster" | "p0" | "p1" | "sev0"
            | "sev1" => Self::Critical,
            "high" | "error" | "err" | "major" | "p2" | "sev2" => Self::High,
            "medium" | "warning" | "warn" | "minor" | "average" | "moderate" | "p3" | "sev3" => Self::Medium,
            "low" | "info" | "information" | "informational" | "notice" | "none" | "debug" | "p4" | "p5"
            | "sev4" | "sev5" => Self::Low,
            _ => return None,
        })
    }
}
