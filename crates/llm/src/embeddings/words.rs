//! Reads technical text as words: identifiers are taken apart, endings cut, and what operators call by many names
//! gets one.

use std::sync::LazyLock;

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

/// The concepts of operations that a list of words speaks of. A concept may need two words: "out of memory".
pub(super) fn concepts(text_words: &[String]) -> Vec<&'static str> {
    static TERMS: LazyLock<Vec<(&str, Vec<Vec<String>>)>> = LazyLock::new(|| {
        let terms = |list: &str| list.split(", ").map(words).collect();
        CONCEPTS.iter().map(|(concept, list)| (*concept, terms(list))).collect()
    });
    let said = |term: &Vec<String>| text_words.windows(term.len()).any(|window| window == term);
    TERMS.iter().filter(|(_, terms)| terms.iter().any(said)).map(|(concept, _)| *concept).collect()
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
    if word.len() < 5 || !word.is_ascii() {
        return plural(word);
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

/// `pods` is `pod`, and `dns`, `aws`, `tls` stay.
fn plural(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(one)
            if word.len() == 4
                && one.contains(['a', 'e', 'i', 'o', 'u'])
                && !one.ends_with(['s', 'u', 'i']) =>
        {
            one
        }
        _ => word,
    }
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

/// What operators call by many names: a concept and its terms.
const CONCEPTS: [(&str, &str); 27] = [
    ("memory", "memory, oom, oomkilled, out of memory, heap, swap, rss"),
    ("disk", "disk, filesystem, file system, fs, volume, storage, inode, pvc, mount, mountpoint, partition"),
    (
        "full",
        "full, filling, filling up, fills up, space left, out of space, exhausted, running out, saturated",
    ),
    (
        "crash",
        "crash, crashloop, crashloopbackoff, crashing, restart, panic, segfault, died, killed, terminated, exited",
    ),
    (
        "down",
        "down, unreachable, unavailable, offline, absent, not ready, notready, disappeared, gone, outage",
    ),
    ("slow", "slow, latency, delay, response time, timeout, timed out, p95, p99, duration, degraded"),
    ("error", "error, failure, fail, failing, exception, fault, 5xx, 500, 502, 503, 504"),
    ("cpu", "cpu, processor, load average, core, throttling"),
    ("network", "network, packet, dns, connection, socket, nic, interface, bandwidth, tcp, connectivity"),
    ("certificate", "certificate, cert, tls, ssl, x509"),
    ("expiry", "expiry, expire, expired, expires, expiration, renew, renewal"),
    ("container", "pod, container, workload, kubernetes, k8s, kube, statefulset, daemonset, deployment"),
    ("host", "node, host, machine, instance, vm, kubelet, server"),
    ("database", "database, db, postgres, postgresql, mysql, mariadb, mongodb, oracle, sql"),
    ("replication", "replication, replica, standby, follower, secondary, replication lag"),
    ("queue", "queue, backlog, kafka, rabbitmq, consumer, topic, broker, dead letter, lag"),
    (
        "access",
        "auth, login, authentication, password, credential, unauthorized, 401, 403, forbidden, permission, denied",
    ),
    ("release", "deploy, release, rollout, rollback, canary, deployment, version"),
    ("watchdog", "watchdog, dead man, deadman, deadmansswitch, heartbeat, always firing, snitch"),
    ("backup", "backup, snapshot, restore, dump, pitr"),
    ("cache", "cache, redis, memcached, eviction, hit rate"),
    ("proxy", "load balancer, nginx, haproxy, envoy, proxy, gateway, ingress, upstream"),
    ("attack", "attack, intrusion, malware, vulnerability, cve, breach, exploit, brute force"),
    ("limit", "quota, limit, rate limit, throttled, 429, too many requests"),
    ("image", "image, registry, imagepull, imagepullbackoff, errimagepull, pull"),
    ("clock", "clock, ntp, skew, drift, chrony"),
    ("schedule", "cron, cronjob, batch, schedule, job"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(words(text).join(" "), expected);
    }

    #[test]
    fn an_identifier_is_read_as_its_words() {
        check("KubePodCrashLooping", "kube pod crash loop");
        check("kube_pod-crash.looping", "kube pod crash loop");
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

    #[test]
    fn many_names_are_one_concept() {
        let concepts = |text| super::concepts(&words(text));
        assert_eq!(concepts("container was OOMKilled"), ["memory", "crash", "container"]);
        assert_eq!(concepts("ran out of memory"), ["memory"]);
        assert_eq!(concepts("filesystem is filling up"), concepts("disk full"));
        assert!(concepts("hello").is_empty());
    }

    #[test]
    fn every_term_is_found_in_itself() {
        for (concept, list) in CONCEPTS {
            for term in list.split(", ") {
                assert!(concepts(&words(term)).contains(&concept), "{term}");
            }
        }
    }
}
