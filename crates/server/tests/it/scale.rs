//! The whole product on several processes: two that answer requests, a worker, a Redis and a NATS, on one PostgreSQL. Each of them is
//! killed once while alerts come in. `make test-scale` runs this alone.

use std::{process::Stdio, time::Duration};

use kernel::Secret;
use platform::secrets::Keyring;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use testkit::{
    TestDb,
    peers::{NatsServer, RedisServer},
};
use tokio::process::{Child, Command};
use uuid::Uuid;

const ALERTS: usize = 200;
/// Only to end a test that hangs.
const LONG: Duration = Duration::from_secs(300);

/// What all processes share.
struct Cluster {
    db: TestDb,
    redis: RedisServer,
    nats: NatsServer,
    key: Secret<String>,
}

/// A process, which ends with the test.
struct Process {
    arguments: Vec<String>,
    ready: String,
    url: String,
    running: Child,
}

impl Cluster {
    async fn start() -> Self {
        let (db, redis, nats) = tokio::join!(TestDb::new(), RedisServer::start(), NatsServer::start());
        Self { db, redis, nats, key: Keyring::generate() }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_steward"));
        let environment = [
            ("STEWARD_DATABASE_URL", self.db.url.clone()),
            ("STEWARD_DATABASE_CONNECTIONS", "4".into()),
            ("STEWARD_MASTER_KEY", self.key.expose().clone()),
            ("STEWARD_REDIS_URL", self.redis.url().into()),
            ("STEWARD_NATS_URL", self.nats.url()),
            ("STEWARD_JOB_LEASE", "3".into()),
            ("STEWARD_LOG", "error".into()),
        ];
        command.envs(environment).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    async fn run(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).output().await.unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts `steward` with these arguments and an address of its own, and waits until it is ready.
    async fn process(&self, arguments: &[&str], address_is: &str) -> Process {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut arguments: Vec<_> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        arguments.extend([address_is.to_owned(), free.to_string()]);
        let running = self.command().args(&arguments).spawn().unwrap();
        let url = format!("http://{free}");
        let process = Process { arguments, ready: format!("{url}/readyz"), url, running };
        process.is_ready().await;
        process
    }

    async fn kill(&self, process: &mut Process) {
        process.running.kill().await.unwrap();
        process.running = self.command().args(&process.arguments).spawn().unwrap();
    }
}

impl Process {
    async fn is_ready(&self) {
        until("a process is ready", async || {
            reqwest::get(&self.ready).await.is_ok_and(|response| response.status() == 200)
        })
        .await;
    }
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(LONG, wait).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}

/// As senders do: to whoever answers, until it is taken.
async fn post(processes: &[Process], token: &str, number: usize) {
    let alert = json!({ "title": format!("Number {number}"), "fingerprint": format!("n{number}") });
    let client = reqwest::Client::new();
    for attempt in number.. {
        let url = format!("{}/hooks/generic", processes[attempt % 2].url);
        if let Ok(response) = client.post(&url).bearer_auth(token).json(&alert).send().await
            && response.status() == 202
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The ids of the messages in the stream, in order, by kind.
async fn streamed(nats: &NatsServer) -> Vec<(String, Uuid)> {
    let context = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let stream = context.get_stream("steward").await.unwrap();
    let state = stream.get_info().await.unwrap().state;
    let mut found = Vec::new();
    for sequence in state.first_sequence.max(1)..=state.last_sequence {
        let message = stream.get_raw_message(sequence).await.unwrap();
        let event: platform::record::Event = serde_json::from_slice(&message.payload).unwrap();
        found.push((event.kind.clone(), event.id.uuid()));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_when_any_process_redis_or_nats_is_killed() {
    let mut cluster = Cluster::start().await;
    cluster.run(&["admin", "create-org", "acme"]).await;
    let token = cluster.run(&["admin", "create-token", "test", "--org", "acme", "--scopes", "ingest"]).await;
    let mut replicas = [
        cluster.process(&["serve", "--no-worker"], "--listen").await,
        cluster.process(&["serve", "--no-worker"], "--listen").await,
    ];
    let mut worker = cluster.process(&["worker"], "--monitor-listen").await;
    until("events are handed on", async || {
        let context = async_nats::jetstream::new(async_nats::connect(cluster.nats.url()).await.unwrap());
        context.get_stream("steward").await.is_ok()
    })
    .await;
    for number in 0..ALERTS {
        match number {
            40 => cluster.kill(&mut replicas[0]).await,
            60 => cluster.redis.kill().await,
            80 => cluster.nats.kill().await,
            100 => cluster.kill(&mut worker).await,
            120 => cluster.nats.restart().await,
            140 => cluster.redis.restart().await,
            160 => cluster.kill(&mut replicas[1]).await,
            _ => {}
        }
        post(&replicas, &token, number).await;
    }
    let count = |events: &[(String, Uuid)], kind: &str| events.iter().filter(|event| event.0 == kind).count();
    until("every issue is concluded and told", async || {
        count(&streamed(&cluster.nats).await, "issue.concluded.v1") >= ALERTS
    })
    .await;
    let mut db = PgConnection::connect(&cluster.db.url).await.unwrap();
    let query =
        "select kind, id from event_log where kind like 'issue.%' or kind like 'run.%' order by position";
    let written: Vec<(String, Uuid)> = sqlx::query_as(query).fetch_all(&mut db).await.unwrap();
    let mut told = streamed(&cluster.nats).await;
    told.retain(|(kind, _)| kind.starts_with("issue.") || kind.starts_with("run."));
    assert_eq!(count(&written, "issue.opened.v1"), ALERTS);
    assert_eq!(count(&written, "issue.concluded.v1"), ALERTS);
    assert_eq!(told, written, "once, and in the order of the log");
    for process in replicas.iter().chain([&worker]) {
        process.is_ready().await;
    }
}
