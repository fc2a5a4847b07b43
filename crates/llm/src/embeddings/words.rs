//! Reads technical text as words: identifiers are taken apart, endings cut, and what says nothing left out.

/// The words of a text in order, lower-case, without those that say nothing.
///
/// `KubePodCrashLooping` and `kube_pod-crash.looping` read as the same words.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        for part in parts(run) {
            let word = part.to_lowercase();
            if !STOP_WORDS.contains(&word.as_str()) && !is_noise(&word) {
                words.push(stem(&word).to_owned());
            }
        }
    }
    words
}

/// Splits an identifier where its case changes: `HTTPServerError` is `HTTP`, `Server`, `Error`.
fn parts(run: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = run.char_indices().collect();
    let (mut parts, mut start) = (Vec::new(), 0);
    for at in 1..chars.len() {
        let (before, (offset, here)) = (chars[at - 1].1, chars[at]);
        let next_is_lower = chars.get(at + 1).is_some_and(|(_, next)| next.is_lowercase());
        let hump = here.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower));
        if hump {
            parts.push(&run[start..offset]);
            start = offset;
        }
    }
    parts.push(&run[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Numbers, hashes and the random parts of pod names say nothing about the kind of trouble.
/// Status codes such as 503 do.
fn is_noise(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let status = word.len() == 3 && word.starts_with(['4', '5']);
    let long_mix = word.len() >= 8 && digits >= 2;
    let letter = word.len() == 1;
    letter || long_mix || (digits == word.len() && !status) || (word.is_ascii() && word.len() > 40)
}

/// Cuts the endings of English inflection. Crude on purpose: both sides of a comparison are cut alike.
fn stem(word: &str) -> &str {
    if !word.is_ascii() {
        return word;
    }
    for ending in ["ments", "ment", "ings", "ing", "ies", "ied", "ed", "es", "s", "ly", "y", "e"] {
        let Some(stem) = word.strip_suffix(ending) else { continue };
        let part_of_the_word = match ending {
            "s" => stem.ends_with(['s', 'u', 'i']),
            "y" => stem.ends_with(['a', 'e', 'o', 'u']),
            _ => false,
        };
        if stem.len() >= 3 && !part_of_the_word {
            return undoubled(stem);
        }
    }
    word
}

/// `stopp`, from `stopped`, is `stop`.
fn undoubled(stem: &str) -> &str {
    let mut ends = stem.bytes().rev();
    match (ends.next(), ends.next()) {
        (Some(a), Some(b)) if a == b && !matches!(a, b'l' | b's' | b'z') => &stem[..stem.len() - 1],
        _ => stem,
    }
}

const STOP_WORDS: [&str; 62] = [
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "do", "does", "for", "from", "had", "has", "have", "how", "if", "in", "into", "is", "it", "its",
    "more", "no", "not", "of", "on", "or", "our", "so", "such", "than", "that", "the", "their", "them",
    "then", "there", "these", "this", "to", "up", "was", "we", "were", "what", "when", "which", "while",
    "will", "with", "you", "your", "should",
];

/// Stemmed words that stand in most alerts and runbooks.
const COMMON_WORDS: [&str; 44] = [
    "alert",
    "alarm",
    "monitor",
    "check",
    "look",
    "find",
    "see",
    "issu",
    "problem",
    "warn",
    "critical",
    "high",
    "low",
    "minut",
    "hour",
    "day",
    "tim",
    "valu",
    "current",
    "team",
    "runbook",
    "step",
    "servic",
    "system",
    "cluster",
    "kub",
    "kubernet",
    "pod",
    "contain",
    "container",
    "nod",
    "host",
    "instanc",
    "server",
    "namespac",
    "job",
    "nam",
    "stat",
    "reason",
    "last",
    "keep",
    "begin",
    "left",
    "machin",
];

/// How much a word tells about the kind of trouble, from 0 to 1.
pub(super) fn weight(word: &str) -> f64 {
    if COMMON_WORDS.contains(&word) { 0.3 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(words(text).join(" "), expected);
    }

    #[test]
    fn an_identifier_is_read_as_its_words() {
        check("KubePodCrashLooping", "kub pod crash loop");
        check("kube_pod-crash.looping", "kub pod crash loop");
        check("HTTPServerError OOMKilled", "http server error oom kill");
        check("node_filesystem_avail_bytes", "nod filesystem avail byt");
    }

    #[test]
    fn inflected_words_are_one_word() {
        for (one, other) in [
            ("restarts", "restarting"),
            ("failed", "failing"),
            ("nodes", "node"),
            ("pods", "pod"),
            ("stopped", "stop"),
            ("memories", "memory"),
            ("deployed", "deployment"),
            ("processes", "process"),
            ("latencies", "latency"),
        ] {
            assert_eq!(words(one), words(other), "{one} and {other}");
        }
    }

    #[test]
    fn short_names_keep_their_end() {
        check("dns tls aws redis status", "dns tls aws redis status");
    }

    #[test]
    fn numbers_and_random_names_are_left_out_and_status_codes_stay() {
        check("api-7d9f8b6c54-x2x9k 12345 3 HTTP 503 p99", "api x2x9k http 503 p99");
    }

    #[test]
    fn every_script_is_read() {
        check("磁盘已满 диск Заполнен", "磁盘已满 диск заполнен");
    }
}
