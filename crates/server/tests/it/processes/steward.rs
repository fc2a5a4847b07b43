//! The binary on a data folder of its own, with an embedded, durable PostgreSQL.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;
use sqlx::{Connection, PgConnection};
use tokio::process::Child;

use super::platforms::Platforms;

pub struct Steward {
    folder: PathBuf,
    address: String,
    platforms: String,
    /// What its environment holds besides.
    pub settings: Vec<(&'static str, String)>,
}

/// A running `steward serve`.
pub struct Process(Child);

impl Steward {
    /// Makes the folder, the organization and the database, with the commands an operator would use.
    pub fn prepare(platforms: &Platforms) -> Self {
        Self::prepare_with(platforms, Vec::new())
    }

    /// With these settings from the beginning.
    pub fn prepare_with(platforms: &Platforms, settings: Vec<(&'static str, String)>) -> Self {
        Self::prepare_in(new_folder(), platforms, settings)
    }

    /// In a folder that is there already.
    pub fn prepare_in(folder: PathBuf, platforms: &Platforms, settings: Vec<(&'static str, String)>) -> Self {
        // A port that was free a moment ago; nothing else on a test machine takes it in between.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (address, platforms) = (format!("127.0.0.1:{port}"), platforms.address.clone());
        let steward = Self { folder, address, platforms, settings };
        steward.run(&["admin", "create-org", "acme"]);
        steward
    }

    /// What this folder holds besides the database.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The process number of the embedded PostgreSQL.
    pub fn postmaster(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.file("cluster/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_steward"));
        let environment = [
            ("STEWARD_DATA_DIR", self.folder.to_str().unwrap().to_owned()),
            ("STEWARD_LISTEN", self.address.clone()),
            ("STEWARD_SLACK_API_URL", format!("http://{}/slack", self.platforms)),
            ("STEWARD_LARK_API_URL", format!("http://{}/lark", self.platforms)),
            ("STEWARD_JOB_LEASE", "3".into()),
            ("STEWARD_RATE_LIMIT", "0".into()),
            ("STEWARD_LOG", "error".into()),
        ];
        command
            .env_remove("STEWARD_DATABASE_URL")
            .envs(environment)
            .envs(self.settings.clone())
            .stdin(Stdio::null());
        command
    }

    /// What a command says.
    pub fn run(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command().args(arguments).output().unwrap();
        assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    /// A token, made beside the running server.
    pub fn token(&self, flags: &[&str]) -> String {
        self.run(&[&["admin", "create-token", "test", "--org", "acme"], flags].concat()).trim().to_owned()
    }

    /// Starts the server and waits until it is ready.
    pub async fn serve(&self) -> Process {
        let mut command = tokio::process::Command::from(self.command());
        let said = std::fs::File::create(self.file("said")).unwrap();
        let mut child = command.arg("serve").stderr(said).kill_on_drop(true).spawn().unwrap();
        let client = reqwest::Client::new();
        for _ in 0..600 {
            if let Ok(response) = client.get(self.url("/readyz")).send().await
                && response.status() == 200
            {
                return Process(child);
            }
            assert!(child.try_wait().unwrap().is_none(), "the server ended: {}", self.said());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server is not ready after a minute");
    }

    /// What the server last started has logged.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.file("said")).unwrap_or_default()
    }

    /// How the server answers without credentials; None when it does not.
    pub async fn status(&self, path: &str) -> Option<u16> {
        Some(reqwest::get(self.url(path)).await.ok()?.status().as_u16())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn post(&self, token: &str, path: &str, body: Value) -> Value {
        let sent =
            reqwest::Client::new().post(self.url(path)).bearer_auth(token).json(&body).send().await.unwrap();
        let (status, body) = (sent.status(), sent.json().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// No issue is being analyzed, no job waits, and reactions have followed all that happened.
    pub async fn everything_is_done(&self, token: &str) -> bool {
        let path = self.url("/api/v1/issues?status=analyzing&limit=1");
        let Ok(answer) = reqwest::Client::new().get(path).bearer_auth(token).send().await else {
            return false;
        };
        let page: Value = answer.json().await.unwrap();
        if page["items"].as_array().is_none_or(|items| !items.is_empty()) {
            return false;
        }
        let mut db = self.database().await;
        let query = "select not exists (select from jobs) and not exists (select from event_log e
            join feed_cursors c on c.name = 'reactions' and c.position < e.position)";
        sqlx::query_scalar(query).fetch_one(&mut db).await.unwrap()
    }

    /// A connection past the server, to look at what is stored.
    pub async fn database(&self) -> PgConnection {
        let read = |name: &str| std::fs::read_to_string(self.file(name)).unwrap().trim().to_owned();
        let external = self.settings.iter().find(|(name, _)| *name == "STEWARD_DATABASE_URL");
        let url = external.map_or_else(
            || format!("postgres://steward:{}@127.0.0.1:{}/steward", read("password"), read("port")),
            |(_, url)| url.clone(),
        );
        PgConnection::connect(&url).await.unwrap()
    }
}

/// An empty folder that no other test has.
pub fn new_folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("steward-test-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir(&folder).unwrap();
    folder
}

impl Drop for Steward {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Process {
    /// SIGKILL: no chance to write anything.
    pub async fn kill_9(&mut self) {
        self.0.kill().await.unwrap();
    }

    /// The end that it comes to by itself.
    pub async fn end(&mut self) -> std::process::ExitStatus {
        tokio::time::timeout(Duration::from_secs(60), self.0.wait()).await.unwrap().unwrap()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// SIGTERM, and the end that it leads to.
    pub async fn terminate(&mut self) {
        let pid = self.0.id().unwrap().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        let ended = tokio::time::timeout(Duration::from_secs(30), self.0.wait()).await.unwrap().unwrap();
        assert!(ended.success(), "{ended}");
    }
}
