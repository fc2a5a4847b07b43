//! The real binary, whose database is killed, stopped, or a standby for a while.
//!
//! The server lives on: it answers at once, with 503 and `Retry-After` where it needs the database, and goes on by itself.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::StreamExt;
use platform::db::embedded::{Durability, Embedded, Options};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    every_alert_is_stored_once_and_every_issue_concluded_once,
    platforms::Platforms,
    set_up,
    steward::{Steward, new_folder},
    until,
};

const ALERTS: usize = 40;

/// Posts alerts from four clients, each until it is answered 202; counts both answers.
struct Senders {
    accepted: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    /// The last ones wait for this, so that somebody sends while the database is away, however quick the server is.
    go_on: CancellationToken,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Senders {
    fn start(steward: &Steward, token: &str) -> Self {
        let (accepted, refused) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let next = Arc::new(AtomicUsize::new(0));
        let go_on = CancellationToken::new();
        let client =
            async |url: String, token: String, counts: [Arc<AtomicUsize>; 3], go_on: CancellationToken| {
                let [next, accepted, refused] = counts;
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= ALERTS {
                        return;
                    }
                    if number >= ALERTS / 2 {
                        go_on.cancelled().await;
                    }
                    while !post(&url, &token, number).await {
                        refused.fetch_add(1, Ordering::SeqCst);
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    accepted.fetch_add(1, Ordering::SeqCst);
                }
            };
        let clients = (0..4)
            .map(|_| {
                let counts = [next.clone(), accepted.clone(), refused.clone()];
                tokio::spawn(client(steward.url("/hooks/generic"), token.to_owned(), counts, go_on.clone()))
            })
            .collect();
        Self { accepted, refused, go_on, clients }
    }

    async fn accepted(&self, alerts: usize) {
        until("alerts were accepted", async || self.accepted.load(Ordering::SeqCst) >= alerts).await;
    }

    async fn end(self) -> usize {
        self.go_on.cancel();
        for client in self.clients {
            client.await.unwrap();
        }
        assert_eq!(self.accepted.load(Ordering::SeqCst), ALERTS);
        self.refused.load(Ordering::SeqCst)
    }
}

/// Whether it was accepted; else it was refused as senders understand it.
async fn post(url: &str, token: &str, number: usize) -> bool {
    let alert = json!({
        "title": format!("Number {number}"), "severity": "low", "fingerprint": format!("n{number}"),
        "labels": { "number": number.to_string() }
    });
    let answer = reqwest::Client::new().post(url).bearer_auth(token).json(&alert).send().await.unwrap();
    let status = answer.status();
    if status == 202 {
        return true;
    }
    let again = answer.headers().get("retry-after").is_some();
    let said: Value = answer.json().await.unwrap();
    assert_eq!((status.as_u16(), again, said["code"].as_str()), (503, true, Some("unavailable")), "{said}");
    false
}

fn kill_9(process: u32) {
    let killed = std::process::Command::new("kill").args(["-9", &process.to_string()]).status().unwrap();
    assert!(killed.success());
}

/// Follows the live stream until so many alerts were received.
async fn follow(steward: &Steward, token: &str, alerts: usize) -> tokio::task::JoinHandle<()> {
    let request = reqwest::Client::new().get(steward.url("/api/v1/events")).bearer_auth(token);
    let stream = request.send().await.unwrap();
    assert_eq!(stream.status(), 200);
    let mut chunks = stream.bytes_stream();
    tokio::spawn(async move {
        let mut said = String::new();
        while said.matches("\"kind\":\"alert.received.v1\"").count() < alerts {
            let chunk = chunks.next().await.expect("the stream goes on").unwrap();
            said.push_str(&String::from_utf8_lossy(&chunk));
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_postgres_is_started_again_and_what_was_refused_comes_through_later() {
    let platforms = Platforms::start().await;
    let steward = Steward::prepare(&platforms);
    let mut process = steward.serve().await;
    let token = steward.token(&["--scopes", "api,ingest", "--role", "admin"]);
    set_up(&steward, &token).await;
    let followed = follow(&steward, &token, ALERTS).await;

    let senders = Senders::start(&steward, &token);
    senders.accepted(ALERTS / 4).await;
    let killed = steward.postmaster().unwrap();
    kill_9(killed);
    until("the server is not ready", async || steward.status("/readyz").await == Some(503)).await;
    senders.go_on.cancel();
    assert_eq!(steward.status("/healthz").await, Some(200));
    until("the server is ready again", async || steward.status("/readyz").await == Some(200)).await;
    assert_ne!(steward.postmaster(), Some(killed));

    assert!(senders.end().await > 0, "the kill refused nobody: it proves nothing");
    until("every issue is concluded", async || steward.everything_is_done(&token).await).await;
    every_alert_is_stored_once_and_every_issue_concluded_once(&steward, ALERTS as i64).await;
    tokio::time::timeout(Duration::from_secs(60), followed).await.expect("the stream goes on").unwrap();
    process.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_session_takes_postgres_down_for_a_moment_and_nothing_else() {
    let platforms = Platforms::start().await;
    let steward = Steward::prepare(&platforms);
    let mut process = steward.serve().await;
    let token = steward.token(&["--scopes", "api,ingest", "--role", "admin"]);
    set_up(&steward, &token).await;

    let senders = Senders::start(&steward, &token);
    senders.accepted(ALERTS / 4).await;
    let postmaster = steward.postmaster();
    let mut db = steward.database().await;
    let session: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut db).await.unwrap();
    kill_9(session.cast_unsigned());
    senders.end().await;
    until("every issue is concluded", async || steward.everything_is_done(&token).await).await;
    every_alert_is_stored_once_and_every_issue_concluded_once(&steward, ALERTS as i64).await;
    assert_eq!(steward.postmaster(), postmaster, "PostgreSQL itself lives on");
    process.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_does_not_stay_is_given_up_with_what_it_said() {
    let steward = Steward::prepare(&Platforms::start().await);
    let mut process = steward.serve().await;
    let mut killed = Vec::new();
    until("the server gives up", async || {
        if let Some(running) = steward.postmaster().filter(|running| !killed.contains(running)) {
            kill_9(running);
            killed.push(running);
        }
        process.has_ended()
    })
    .await;
    assert!(!process.end().await.success());
    let said = steward.said();
    for expected in ["5 times in a row", "signal: 9", "postgres.log"] {
        assert!(said.contains(expected), "no {expected:?} in: {said}");
    }
    assert_eq!(killed.len(), 6, "the first, and five more: {said}");
}

/// A PostgreSQL beside the server, in a folder of its own.
struct External {
    folder: PathBuf,
    running: Option<Embedded>,
}

impl External {
    fn new() -> Self {
        Self { folder: new_folder(), running: None }
    }

    /// On the thread of the test, whose end would end it.
    fn start(&mut self) -> String {
        let file = format!("../../target/pg/pg-18.4-linux-{}.tar.xz", std::env::consts::ARCH);
        let pack = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let options = Options {
            data_dir: self.folder.clone(),
            pg_bin: None,
            pack: Some(pack.leak()),
            pack_name: "pg-of-the-tests",
            durability: Durability::Durable,
            max_connections: 50,
        };
        let running = self.running.insert(Embedded::start(&options).unwrap());
        running.url().expose().clone()
    }

    fn stop(&mut self) {
        self.running.take().unwrap().stop().unwrap();
    }
}

impl Drop for External {
    fn drop(&mut self) {
        drop(self.running.take());
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_external_postgres_may_stop_and_be_a_standby_for_a_while() {
    let mut postgres = External::new();
    let settings = vec![
        ("STEWARD_DATABASE_URL", postgres.start()),
        ("STEWARD_MASTER_KEY", platform::secrets::Keyring::generate().expose().clone()),
    ];
    let platforms = Platforms::start().await;
    let steward = Steward::prepare_with(&platforms, settings);
    let mut process = steward.serve().await;
    let token = steward.token(&["--scopes", "api,ingest", "--role", "admin"]);
    set_up(&steward, &token).await;

    let senders = Senders::start(&steward, &token);
    senders.accepted(ALERTS / 4).await;
    postgres.stop();
    until("the server is not ready", async || steward.status("/readyz").await == Some(503)).await;
    senders.go_on.cancel();
    assert_eq!(steward.status("/healthz").await, Some(200));

    // A standby answers questions and takes no changes, until it is promoted.
    std::fs::write(postgres.folder.join("cluster/standby.signal"), "").unwrap();
    postgres.start();
    let mut db = steward.database().await;
    let is_standby = "select pg_is_in_recovery()";
    assert!(sqlx::query_scalar::<_, bool>(is_standby).fetch_one(&mut db).await.unwrap());
    assert_eq!(steward.status("/readyz").await, Some(503));
    assert!(sqlx::query_scalar::<_, bool>("select pg_promote()").fetch_one(&mut db).await.unwrap());
    until("the server is ready again", async || steward.status("/readyz").await == Some(200)).await;

    assert!(senders.end().await > 0);
    until("every issue is concluded", async || steward.everything_is_done(&token).await).await;
    every_alert_is_stored_once_and_every_issue_concluded_once(&steward, ALERTS as i64).await;
    process.terminate().await;
}
