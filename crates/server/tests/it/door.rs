//! What happens to a request before any handler sees it.

use std::{io::Write, sync::Arc, time::Duration};

use axum::{body::Body, http::Method};
use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use serde_json::{Value, json};
use server::process::connections::{Connections, Patience};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{product::TestProduct, replicas::Replica};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn a_packed_body_is_unpacked_as_far_as_it_may_be_large() {
    let product = TestProduct::new().await;
    let client = product.member("acme", "admin").await.client;
    let alert = json!({ "title": "The disk is full" }).to_string();
    let bomb = json!({ "title": " ".repeat(64 << 20) }).to_string();
    assert!(gzip(bomb.as_bytes()).len() < 100_000);
    let check = async |encoding: &str, body: Vec<u8>, expected: u16| {
        let client = client.clone().with_header("content-encoding", encoding);
        let answer = client.send(Method::POST, "/hooks/generic", Body::from(body)).await;
        assert_eq!(answer.status, expected, "{encoding}: {}", answer.body);
    };
    check("gzip", gzip(alert.as_bytes()), 202).await;
    check("GZIP", gzip(alert.as_bytes()), 202).await;
    check("x-gzip", gzip(alert.as_bytes()), 202).await;
    check("deflate", deflate(alert.as_bytes()), 202).await;
    check("identity", alert.clone().into_bytes(), 202).await;
    check("gzip", gzip(bomb.as_bytes()), 413).await;
    check("deflate", deflate(bomb.as_bytes()), 413).await;
    check("gzip", b"this is not packed".to_vec(), 400).await;
    for unknown in ["br", "zstd", "gzip, gzip", "x"] {
        check(unknown, alert.clone().into_bytes(), 415).await;
    }
}

#[tokio::test]
async fn metrics_are_for_who_has_their_token() {
    let product = TestProduct::with(|settings| {
        settings.listen.metrics_token = Some("a token for metrics".parse().unwrap());
    })
    .await;
    let admin = product.member("acme", "admin").await.client;
    let scraper = product.anonymous().with_header("authorization", "Bearer a token for metrics");
    assert_eq!(product.anonymous().get("/metrics").await.problem(401), "unauthenticated");
    assert_eq!(admin.get("/metrics").await.problem(401), "unauthenticated");
    scraper.get("/metrics").await.expect(200);
    let changed = TestProduct::with(|settings| {
        settings.listen.metrics_token = Some("new-token, old-token".parse().unwrap());
    })
    .await;
    for (token, status) in [("new-token", 200), ("old-token", 200), ("new-token, old-token", 401), ("", 401)]
    {
        let scraper = changed.anonymous().with_header("authorization", &format!("Bearer {token}"));
        assert_eq!(scraper.get("/metrics").await.status, status, "{token}");
    }
    let without = TestProduct::new().await;
    assert_eq!(without.anonymous().get("/metrics").await.problem(404), "not_found");
}

#[tokio::test]
async fn everything_that_is_answered_has_a_policy() {
    let product = TestProduct::new().await;
    for (path, shows) in [
        ("/", "default-src 'self'; connect-src 'self'"),
        ("/issues", "default-src 'self'; connect-src 'self'"),
        ("/docs/", "default-src 'self'"),
        ("/openapi.json", "default-src 'self'"),
        ("/api/v1/me", "default-src 'none'"),
        ("/nowhere.js", "default-src"),
        ("/healthz", "default-src 'none'"),
    ] {
        let answer = product.anonymous().get(path).await;
        let policy = answer.headers.get("content-security-policy");
        let policy = policy.unwrap_or_else(|| panic!("{path} has none")).to_str().unwrap();
        assert!(policy.contains(shows) && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn a_page_that_did_not_change_keeps_its_policy() {
    let product = TestProduct::new().await;
    for path in ["/", "/issues", "/favicon.svg"] {
        let first = product.anonymous().get(path).await;
        let known = product.anonymous().with_header("if-none-match", first.headers["etag"].to_str().unwrap());
        let again = known.get(path).await;
        assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null), "{path}");
        // A browser puts the headers of this answer in the place of those that it keeps (RFC 9111, 3.2).
        for name in ["content-security-policy", "cache-control", "etag"] {
            assert_eq!(again.headers.get(name), first.headers.get(name), "{path}: {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_waits_and_silences_nobody_in_their_network() {
    let product = TestProduct::with(|settings| {
        settings.listen.stranger_rate_limit = 1;
        settings.listen.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let token = product.member("acme", "admin").await.client.headers()["authorization"].clone();
    let replica = Replica::start(&product.settings, &product.product, "one").await;
    let from = async |address: &str, authorization: &str| {
        let request = reqwest::Client::new().get(format!("{}/api/v1/me", replica.url));
        let request = request.header("x-forwarded-for", address).header("authorization", authorization);
        request.send().await.unwrap().status().as_u16()
    };
    let (stranger, member) = ("Bearer acme.0000000000000000000000000000", token.to_str().unwrap());
    assert_eq!(from("2001:db8:1:2::1", member).await, 200);
    let mut refused = Vec::new();
    for host in 0..12 {
        refused.push(from(&format!("2001:db8:1:2::{host}"), stranger).await);
    }
    assert_eq!((refused[0], refused[11]), (401, 429), "one network, however many addresses: {refused:?}");
    assert_eq!(from("2001:db8:1:2::ffff", member).await, 200, "who was let in a moment ago still is");
    assert_eq!(from("2001:db8:1:3::1", stranger).await, 401, "the next network has its own");
}

#[tokio::test]
async fn a_caller_who_asks_too_often_waits_and_nobody_else_does() {
    let product = TestProduct::with(|settings| settings.listen.rate_limit = 1).await;
    let hasty = product.member("acme", "admin").await.client;
    let mut answers = Vec::new();
    for _ in 0..30 {
        answers.push(hasty.get("/api/v1/me").await.status.as_u16());
    }
    assert!(answers[0] == 200 && answers.contains(&429), "{answers:?}");
    product.member("rival", "admin").await.client.get("/api/v1/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_slow_clients_delay_nobody_and_are_sent_away() {
    let product = TestProduct::new().await;
    let member = product.member("acme", "admin").await.client.headers()["authorization"].clone();
    let patience = Patience { head: Duration::from_secs(2), ..Patience::default() };
    let connections = Connections::new(1000, Arc::new([])).patient(patience);
    let replica = Replica::behind(&product.settings, &product.product, "one", connections.clone()).await;
    let address = replica.url.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(b"POST /hooks/generic HTTP/1.1\r\nHost: steward\r\nX-Never-").await.unwrap();
        slow.push(stream);
    }
    let url = format!("{}/api/v1/me", replica.url);
    let asked = reqwest::Client::new().get(url).header("authorization", member).send().await.unwrap();
    assert_eq!(asked.status(), 200);
    let ends = async {
        for stream in &mut slow {
            stream.read_to_end(&mut Vec::new()).await.unwrap();
        }
        while connections.open() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ends).await.expect("slow clients are sent away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_most_connections_there_are_a_client_is_told_to_come_again() {
    let product = TestProduct::new().await;
    let connections = Connections::new(2, Arc::new([]));
    let replica = Replica::behind(&product.settings, &product.product, "one", connections.clone()).await;
    let address = replica.url.trim_start_matches("http://").to_owned();
    let first = [TcpStream::connect(&address).await.unwrap(), TcpStream::connect(&address).await.unwrap()];
    while connections.open() < 2 {
        tokio::task::yield_now().await;
    }
    let mut told = String::new();
    TcpStream::connect(&address).await.unwrap().read_to_string(&mut told).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 503 ") && told.contains("retry-after: 1"), "{told}");
    drop(first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_with_a_dead_token_locks_nobody_of_its_network_out_of_the_sign_in() {
    let product = TestProduct::with(|settings| {
        settings.listen.stranger_rate_limit = 1;
        settings.listen.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let replica = Replica::start(&product.settings, &product.product, "one").await;
    let client = reqwest::Client::new();
    let dead = async || {
        let request =
            client.post(format!("{}/hooks/generic", replica.url)).header("x-forwarded-for", "192.0.2.9");
        let request = request.header("authorization", "Bearer acme.0000000000000000000000000000");
        request.body("{}").send().await.unwrap()
    };
    let sign_in = async || {
        let request = client.post(format!("{}/api/v1/auth/sign-in", replica.url));
        let request = request.header("x-forwarded-for", "192.0.2.9");
        let body = json!({ "email": "jo@example.com", "password": "not the right one" }).to_string();
        request.header("content-type", "application/json").body(body).send().await.unwrap()
    };
    let mut last = dead().await;
    for _ in 0..12 {
        last = dead().await;
    }
    assert_eq!(last.status().as_u16(), 429);
    let said = last.text().await.unwrap();
    assert!(said.contains("stranger"), "{said}");
    let tried = sign_in().await;
    assert_eq!(tried.status().as_u16(), 401, "{}", tried.text().await.unwrap());
    let mut guests = Vec::new();
    for _ in 0..30 {
        let request = client.get(format!("{}/api/v1/me", replica.url)).header("x-forwarded-for", "192.0.2.9");
        guests.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(guests.last(), Some(&429), "those without any are counted as well: {guests:?}");
}
