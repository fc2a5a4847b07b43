//! What lies close together, in both embedders.

use kernel::{Error, Secret};
use proptest::prelude::*;
use reqwest::Client;
use testkit::scripted_llm::ScriptedLlm;

use super::{DIMENSIONS, EmbeddingOptions, EmbeddingProvider, hashed::vector, normalized, openai::padded};
use crate::Embedder;

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn similarity(a: &str, b: &str) -> f64 {
    cosine(&vector(a), &vector(b))
}

/// Alerts as they come, and the runbook that each is about.
const PAIRS: [(&str, &str); 15] = [
    (
        "KubePodCrashLooping: Pod shop/api-7d9f8b6c54-x2x9k (api) is in waiting state (reason: CrashLoopBackOff).",
        "Crash-looping pods. A container keeps restarting. Look at the last log lines and the exit code, compare with the \
         last rollout, and roll back if it began with a release.",
    ),
    (
        "NodeFilesystemAlmostOutOfSpace: Filesystem on /dev/sda1 at db-3 has only 4.2% available space left.",
        "Disk full. A volume is filling up. Find the largest directories, rotate logs, extend the partition.",
    ),
    (
        "Watchdog: This is an alert meant to ensure that the entire alerting pipeline is functional.",
        "Dead man's switch. The heartbeat of the alerting pipeline always fires; it is not a problem.",
    ),
    (
        "TLS cert for shop.example.com expires in 6 days",
        "Certificate expiry. Renew the certificate with the issuer and reload the proxies.",
    ),
    (
        "PostgresqlReplicationLag: standby pg-2 is 340 s behind",
        "Database replica falls behind. Check long transactions on the primary, network throughput and WAL replay.",
    ),
    (
        "High p99 response time on checkout: 4.1s",
        "Slow requests. Latency of a service is above its objective: compare with traffic, dependencies and deploys.",
    ),
    (
        "container worker was OOMKilled 5 times",
        "Out of memory. A process uses more memory than its limit; look at the heap profile and raise the limit.",
    ),
    (
        "KafkaConsumerGroupLag orders-billing 120k messages",
        "Queue backlog. Consumers do not keep up with a topic: scale them, look for a poison message.",
    ),
    (
        "etcdInsufficientMembers: etcd cluster \"kube-etcd\": insufficient members (1).",
        "etcd has lost quorum. Find which members are gone, restore them from a snapshot if their data is broken.",
    ),
    (
        "HostHighCpuLoad: CPU load is > 80% on web-7 for 10 minutes",
        "CPU saturation. A process burns processor time: use top, look for a runaway loop or too little capacity.",
    ),
    (
        "ImagePullBackOff for deployment payments: manifest for registry.local/payments:1.4.2 not found",
        "Image cannot be pulled. Check the tag, the registry and the pull secret of the namespace.",
    ),
    (
        "Backup job pg-nightly has not succeeded for 30h",
        "Missing backups. See why the nightly dump failed, run it by hand, verify that it can be restored.",
    ),
    (
        "5xx rate of api-gateway above 3% (current: 7.4%)",
        "Server errors at the edge. Compare the error rate by upstream and status code, look at the gateway's log.",
    ),
    (
        "Too many failed logins for admin from 203.0.113.7",
        "Brute force attempts. Block the source, check whether a password was guessed, force new credentials.",
    ),
    ("node-12 clock is 0.8s off", "Time drift. NTP is not reached or chrony is stopped on a machine."),
];

/// Alerts that none of these runbooks is about.
const STRANGERS: [&str; 4] = [
    "Coffee machine on floor 3 needs descaling",
    "Conversion of the spring campaign dropped by 12%",
    "UPS battery of rack B4 must be replaced",
    "Licence count for the design tool is exceeded by two seats",
];

/// Below this similarity two texts of the built-in embedding have nothing to do with each other.
const NOISE: f64 = 0.15;

#[test]
fn each_alert_is_closest_to_its_runbook() {
    for (at, (alert, runbook)) in PAIRS.iter().enumerate() {
        let own = similarity(alert, runbook);
        assert!(own > NOISE, "{alert}: {own:.3}");
        for (_, foreign) in PAIRS.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, pair)| pair) {
            let other = similarity(alert, foreign);
            assert!(own > other, "{alert}: {own:.3} to its own, {other:.3} to {foreign}");
        }
    }
}

#[test]
fn an_alert_that_no_runbook_is_about_is_close_to_none() {
    for (stranger, (_, runbook)) in
        STRANGERS.iter().flat_map(|stranger| PAIRS.iter().map(move |pair| (stranger, pair)))
    {
        let close = similarity(stranger, runbook);
        assert!(close < NOISE, "{stranger}: {close:.3} to {runbook}");
    }
}

#[test]
fn a_rule_name_is_close_to_its_words_and_far_from_others() {
    assert!(similarity("KubePodCrashLooping", "kube pod crash looping") > 0.99);
    assert!(similarity("KubePodCrashLooping", "pods keep crash looping") > 0.6);
    assert!(similarity("KubePodCrashLooping", "certificate expires soon").abs() < 0.1);
}

#[test]
fn scripts_without_spaces_are_compared_by_their_characters() {
    assert!(
        similarity("服务器磁盘空间不足", "磁盘空间不足告警")
            > similarity("服务器磁盘空间不足", "证书即将过期")
    );
}

#[test]
fn the_vectors_of_this_version_never_change() {
    let vector = vector("KubePodCrashLooping: pod api-1 restarts, disk 91% full");
    let mut largest: Vec<(usize, f32)> = vector.into_iter().enumerate().collect();
    largest.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    let golden: Vec<String> = largest.iter().take(8).map(|(at, x)| format!("{at}:{x:.4}")).collect();
    assert_eq!(
        golden.join(" "),
        "25:-0.3668 947:0.3668 985:0.3668 328:-0.2445 743:0.2445 980:-0.2445 1032:-0.2445 1196:0.2445"
    );
}

proptest! {
    #[test]
    fn every_text_has_a_vector_of_length_one(text in "\\PC{0,200}") {
        let vector = vector(&text);
        prop_assert_eq!(vector.len(), DIMENSIONS);
        prop_assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-6);
        let length: f64 = vector.iter().map(|x| f64::from(*x).powi(2)).sum();
        prop_assert!((length - 1.0).abs() < 1e-4);
    }

    #[test]
    fn padding_and_scaling_change_no_cosine(pair in prop::collection::vec((-10.0_f32..10.0, -10.0_f32..10.0), 1..=64)) {
        let (a, b): (Vec<f32>, Vec<f32>) = pair.into_iter().unzip();
        let fitted = |vector: &[f32]| normalized(padded(vector.to_vec()));
        if let (Some(long_a), Some(long_b)) = (fitted(&a), fitted(&b)) {
            prop_assert!((cosine(&a, &b) - cosine(&long_a, &long_b)).abs() < 1e-5);
        }
    }
}

fn remote(server: &ScriptedLlm) -> std::sync::Arc<dyn Embedder> {
    let options = EmbeddingOptions {
        provider: EmbeddingProvider::OpenAi,
        base_url: server.openai_url().parse().ok(),
        api_key: Some(Secret::new("k".into())),
        model: Some("small".into()),
    };
    options.build(Client::new()).unwrap()
}

#[tokio::test]
async fn many_texts_go_in_batches_and_come_back_in_order() {
    let server = ScriptedLlm::start([]).await;
    let embedder = remote(&server);
    // no two of these have the same letters
    let texts: Vec<String> = (1..=70).map(|n| "a".repeat(n) + "b").collect();
    let vectors = embedder.embed(&texts).await.unwrap();
    let shares = vectors.iter().map(|vector| vector[usize::from(b'a') % 8]);
    assert!(shares.clone().is_sorted() && shares.count() == 70);
    assert!(vectors.iter().all(|vector| vector.len() == DIMENSIONS));
    let requests = server.requests();
    let sizes: Vec<usize> =
        requests.iter().map(|asked| asked.body["input"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [32, 32, 6]);
    assert_eq!((requests[0].body["model"].as_str(), embedder.model()), (Some("small"), "small"));
}

#[tokio::test]
async fn blank_and_endless_texts_are_sent_as_what_a_provider_takes() {
    let server = ScriptedLlm::start([]).await;
    remote(&server).embed(&[" ".into(), "é".repeat(20_000)]).await.unwrap();
    let body = &server.requests()[0].body;
    assert_eq!(body["input"][0], "(nothing)");
    assert_eq!(body["input"][1].as_str().unwrap().len(), 16_000);
}

#[tokio::test]
async fn a_model_with_more_dimensions_than_fit_is_refused_by_its_setting() {
    let server = ScriptedLlm::start([]).await;
    server.set_dimensions(DIMENSIONS + 1);
    let error = remote(&server).embed(&["x".into()]).await.unwrap_err();
    assert!(
        matches!(&error, Error::Conflict { detail, .. } if detail.contains("--embeddings-model")),
        "{error}"
    );
}

#[test]
fn a_remote_model_needs_a_name() {
    let options = EmbeddingOptions { provider: EmbeddingProvider::OpenAi, ..EmbeddingOptions::default() };
    let Err(Error::Invalid { fields, .. }) = options.build(Client::new()) else { panic!("not refused") };
    assert_eq!(fields[0].pointer, "--embeddings-model");
}

#[tokio::test]
async fn without_a_model_the_built_in_one_is_used() {
    let embedder = EmbeddingOptions::default().build(Client::new()).unwrap();
    assert_eq!(embedder.model(), "steward-hash-v1");
    assert_eq!(embedder.embed(&["disk full".into()]).await.unwrap(), [vector("disk full")]);
}
