//! What operators call by many names gets one, so that "OOMKilled" lies close to "out of memory".

use std::sync::LazyLock;

use super::words::words;

/// A kind of thing that operators speak of, and how much it tells.
struct Concept {
    name: &'static str,
    weight: f64,
    terms: Vec<Vec<String>>,
}

/// The concepts that a list of words speaks of, with their weights.
pub(super) fn concepts(text_words: &[String]) -> impl Iterator<Item = (&'static str, f64)> {
    static ALL: LazyLock<Vec<Concept>> = LazyLock::new(|| {
        let terms = |list: &str| list.split(", ").map(words).collect();
        CONCEPTS
            .iter()
            .map(|(name, weight, list)| Concept { name, weight: *weight, terms: terms(list) })
            .collect()
    });
    let said = |term: &Vec<String>| text_words.windows(term.len()).any(|window| window == term);
    ALL.iter()
        .filter(move |concept| concept.terms.iter().any(said))
        .map(|concept| (concept.name, concept.weight))
}

/// What a concept weighs that narrows the trouble down, and one that half of all alerts have.
const TELLING: f64 = 1.5;
const VAGUE: f64 = 0.4;

/// What operators call by many names: a concept, its weight and its terms.
const CONCEPTS: [(&str, f64, &str); 27] = [
    ("memory", TELLING, "memory, oom, oomkilled, out of memory, heap, swap, rss"),
    (
        "disk",
        TELLING,
        "disk, filesystem, file system, fs, volume, storage, inode, pvc, mount, mountpoint, partition",
    ),
    (
        "full",
        TELLING,
        "full, filling, filling up, fills up, space left, out of space, exhausted, running out, saturated",
    ),
    (
        "crash",
        TELLING,
        "crash, crashloop, crashloopbackoff, crashing, restart, panic, segfault, died, exited",
    ),
    (
        "down",
        VAGUE,
        "down, unreachable, unavailable, offline, absent, not ready, notready, disappeared, gone, outage",
    ),
    (
        "slow",
        TELLING,
        "slow, latency, delay, response time, timeout, timed out, p95, p99, duration, degraded",
    ),
    ("error", VAGUE, "error, failure, fail, failing, exception, fault, 5xx, 500, 502, 503, 504"),
    ("cpu", TELLING, "cpu, processor, load average, core, throttling"),
    (
        "network",
        TELLING,
        "network, packet, dns, connection, socket, nic, interface, bandwidth, tcp, connectivity",
    ),
    ("certificate", TELLING, "certificate, cert, tls, ssl, x509"),
    ("expiry", TELLING, "expiry, expire, expired, expires, expiration, renew, renewal"),
    (
        "container",
        VAGUE,
        "pod, container, workload, kubernetes, k8s, kube, statefulset, daemonset, deployment",
    ),
    ("host", VAGUE, "node, host, machine, instance, vm, kubelet, server"),
    ("database", TELLING, "database, db, postgres, postgresql, mysql, mariadb, mongodb, oracle, sql"),
    ("replication", TELLING, "replication, replica, standby, follower, secondary, replication lag"),
    ("queue", TELLING, "queue, backlog, kafka, rabbitmq, consumer, topic, broker, dead letter, lag"),
    (
        "access",
        TELLING,
        "auth, login, authentication, password, credential, unauthorized, 401, 403, forbidden, denied",
    ),
    ("release", VAGUE, "deploy, release, rollout, rollback, canary, deployment, version"),
    ("watchdog", TELLING, "watchdog, dead man, deadman, deadmansswitch, heartbeat, always firing, snitch"),
    ("backup", TELLING, "backup, snapshot, restore, dump, pitr"),
    ("cache", TELLING, "cache, redis, memcached, eviction, hit rate"),
    ("proxy", TELLING, "load balancer, nginx, haproxy, envoy, proxy, gateway, ingress, upstream"),
    ("attack", TELLING, "attack, intrusion, malware, vulnerability, cve, breach, exploit, brute force"),
    ("limit", VAGUE, "quota, limit, rate limit, throttled, 429, too many requests"),
    ("image", TELLING, "image, registry, imagepull, imagepullbackoff, errimagepull, pull"),
    ("clock", TELLING, "clock, ntp, skew, drift, chrony"),
    ("schedule", VAGUE, "cron, cronjob, batch, schedule, job"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_one_concept() {
        let concepts = |text| super::concepts(&words(text)).map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(concepts("container was OOMKilled"), ["memory", "container"]);
        assert_eq!(concepts("ran out of memory"), ["memory"]);
        assert_eq!(concepts("filesystem is filling up"), concepts("disk full"));
        assert!(concepts("hello").is_empty());
    }

    #[test]
    fn every_term_is_found_in_itself() {
        for (concept, _, list) in CONCEPTS {
            for term in list.split(", ") {
                assert!(concepts(&words(term)).any(|(found, _)| found == concept), "{term}");
            }
        }
    }
}
