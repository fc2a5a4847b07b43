//! From a released version to this one: what it left waiting, under way and given up is carried over, and where the schema only expands
//! both work side by side. releases.txt names the versions; `make test-scale` builds them (tools/build-release.sh) and runs this.

use std::time::Duration;

use serde_json::{Value, json};
use server::process::migrations::MIGRATIONS;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::TestDb;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any, matchers::path};

use crate::fleet::{Fleet, PRESENT, Running, until};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Each released version: its name and its binary.
fn released() -> Vec<(String, String)> {
    let list = std::fs::read_to_string(format!("{ROOT}/releases.txt")).unwrap();
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let versions = lines.map(|line| line.split_whitespace().next().unwrap().to_owned());
    let binary = |version: &String| format!("{ROOT}/target/released/{version}/steward");
    versions.map(|version| (version.clone(), binary(&version))).collect()
}

/// A server of some version, its organization's token, and a messenger that its receivers post to.
struct Scene {
    fleet: Fleet,
    token: String,
    messenger: MockServer,
}

impl Scene {
    async fn set_up(binary: &str) -> Self {
        let mut fleet = Fleet::over(TestDb::empty().await);
        fleet.settings.push(("STEWARD_EGRESS_ALLOW", "127.0.0.1".into()));
        fleet.run(binary, &["admin", "create-org", "acme"]);
        let scopes = ["--org", "acme", "--scopes", "api,ingest", "--role", "admin"];
        let token = fleet.run(binary, &[&["admin", "create-token", "test"], &scopes[..]].concat());
        Self { fleet, token, messenger: MockServer::start().await }
    }

    async fn answers(&self, at: &str, response: ResponseTemplate) {
        Mock::given(path(at)).respond_with(response).mount(&self.messenger).await;
    }

    async fn everything_is_taken(&self) {
        self.messenger.reset().await;
        let taken = ResponseTemplate::new(200).set_body_json(json!({ "code": 0, "msg": "success" }));
        Mock::given(any()).respond_with(taken).mount(&self.messenger).await;
    }

    async fn receiver(&self, server: &Running, name: &str) {
        let url = format!("{}/{name}", self.messenger.uri());
        let receiver = json!({ "name": name, "receiver_im": name, "im_type": "lark", "transport": "webhook", "webhook_url": url });
        server.post(&self.token, "/api/v1/receivers", &receiver).await;
    }

    async fn alert(&self, server: &Running, receiver: &str, title: &str) {
        let alert = json!({ "title": title, "fingerprint": title });
        server.post(&self.token, &format!("/hooks/generic?receiver_im={receiver}"), &alert).await;
    }

    /// Whether the messenger was told of this.
    async fn told(&self, what: &str) -> bool {
        let requests = self.messenger.received_requests().await.unwrap();
        requests.iter().any(|request| String::from_utf8_lossy(&request.body).contains(what))
    }

    async fn dead(&self, server: &Running) -> Vec<Value> {
        server.get(&self.token, "/api/v1/dead-letters").await["items"].as_array().unwrap().clone()
    }

    /// Whether a job was given up, whichever version did.
    async fn has_given_up(&self) -> bool {
        let mut db = PgConnection::connect(&self.fleet.db.url).await.unwrap();
        // The first version kept them in a table of their own.
        let table = "select coalesce(to_regclass('dead_letters'), to_regclass('dead_jobs'))::text";
        let table: String = sqlx::query_scalar(table).fetch_one(&mut db).await.unwrap();
        let query = AssertSqlSafe(format!("select exists (select from {table})"));
        sqlx::query_scalar(query).fetch_one(&mut db).await.unwrap()
    }

    async fn all_is_concluded(&self, server: &Running, issues: usize) -> bool {
        let page = server.get(&self.token, "/api/v1/issues?limit=100").await;
        let items = page["items"].as_array().unwrap();
        items.len() == issues && items.iter().all(|issue| issue["status"] != "analyzing")
    }

    /// Whether a binary that made this database can work beside this version.
    async fn can_be_rolled(&self) -> bool {
        let mut db = PgConnection::connect(&self.fleet.db.url).await.unwrap();
        let knows = "select exists (select from pg_attribute
            where attrelid = to_regclass('_sqlx_migrations') and attname = 'expands' and not attisdropped)";
        let newest: i64 =
            sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(&mut db).await.unwrap();
        let knows: bool = sqlx::query_scalar(knows).fetch_one(&mut db).await.unwrap();
        let ups = MIGRATIONS.iter().filter(|migration| migration.migration_type.is_up_migration());
        let mut newer = ups.filter(|migration| migration.version > newest);
        knows && newer.all(|migration| migration.sql.as_str().lines().any(|line| line == "-- expand"))
    }
}

/// Leaves jobs waiting, under way and given up, as a server that is killed does.
async fn leave_jobs(scene: &Scene, binary: &str) {
    let mut server = scene.fleet.start(binary, &["serve", "--no-worker"], "--listen");
    server.is_ready().await;
    scene.receiver(&server, "gone").await;
    scene.receiver(&server, "slow").await;
    scene
        .answers(
            "/gone",
            ResponseTemplate::new(404).set_body_json(json!({ "code": 19001, "msg": "no such hook" })),
        )
        .await;
    scene.answers("/slow", ResponseTemplate::new(200).set_delay(Duration::from_secs(3600))).await;
    let mut worker = scene.fleet.start(binary, &["worker"], "--monitor-listen");
    worker.is_ready().await;
    scene.alert(&server, "gone", "Given up").await;
    until("a job is given up", async || scene.has_given_up().await).await;
    scene.alert(&server, "slow", "Under way").await;
    until("a message is under way", async || scene.told("Under way").await).await;
    worker.kill().await;
    for waiting in ["Waiting 1", "Waiting 2", "Waiting 3"] {
        scene.alert(&server, "slow", waiting).await;
    }
    server.terminate().await;
}

#[ignore = "needs the released versions: make test-scale"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_released_version_left_waiting_under_way_and_given_up_is_carried_over() {
    for (version, binary) in released() {
        let scene = Scene::set_up(&binary).await;
        leave_jobs(&scene, &binary).await;
        scene.everything_is_taken().await;
        let mut server = scene.fleet.serve(PRESENT);
        server.is_ready().await;
        for told in ["Under way", "Waiting 1", "Waiting 2", "Waiting 3"] {
            until(&format!("{told} of {version} is told"), async || scene.told(told).await).await;
        }
        until("every issue is concluded", async || scene.all_is_concluded(&server, 5).await).await;
        let dead = scene.dead(&server).await;
        assert!(!dead.is_empty(), "{version}");
        for job in &dead {
            let replay = format!("/api/v1/dead-letters/{}/replay", job["id"].as_str().unwrap());
            server.post(&scene.token, &replay, &Value::Null).await;
        }
        until("what was given up is told", async || scene.told("Given up").await).await;
        let mut db = PgConnection::connect(&scene.fleet.db.url).await.unwrap();
        until("no job waits", async || {
            let waiting = "select count(*) from pending_jobs";
            sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut db).await.unwrap() == 0
        })
        .await;
        server.terminate().await;
    }
}

/// Both versions take alerts and work on jobs, and processes of both come and go.
async fn roll(version: &str, scene: &Scene, binary: &str) {
    scene.everything_is_taken().await;
    let mut old = scene.fleet.serve(binary);
    old.is_ready().await;
    scene.receiver(&old, "team").await;
    scene.alert(&old, "team", "Before").await;
    let mut new = scene.fleet.serve(PRESENT);
    new.is_ready().await;
    let mut late = scene.fleet.start(binary, &["worker"], "--monitor-listen");
    late.is_ready().await;
    for number in 0..20 {
        let server = if number % 2 == 0 { &old } else { &new };
        scene.alert(server, "team", &format!("Number {number} of both")).await;
    }
    until("both see every issue concluded", async || {
        scene.all_is_concluded(&old, 21).await && scene.all_is_concluded(&new, 21).await
    })
    .await;
    old.terminate().await;
    late.terminate().await;
    scene.alert(&new, "team", "After").await;
    until("the rest is done", async || scene.all_is_concluded(&new, 22).await && scene.told("After").await)
        .await;
    let mut db = PgConnection::connect(&scene.fleet.db.url).await.unwrap();
    let concluded =
        "select count(*), count(distinct subject_id) from event_log where kind = 'issue.concluded.v1'";
    let concluded: (i64, i64) = sqlx::query_as(concluded).fetch_one(&mut db).await.unwrap();
    assert_eq!(concluded, (22, 22), "{version}: each once");
    assert!(scene.dead(&new).await.is_empty(), "{version}");
    new.terminate().await;
}

#[ignore = "needs the released versions: make test-scale"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_released_version_works_beside_this_one_where_the_schema_only_expands() {
    // The next release is this version.
    for (version, binary) in released().into_iter().chain([("present".into(), PRESENT.into())]) {
        let scene = Scene::set_up(&binary).await;
        if scene.can_be_rolled().await {
            roll(&version, &scene, &binary).await;
        }
    }
}
