//! Processes of one server, of this version or of others, on one database: what `steward` says, and whether it is ready.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use kernel::Secret;
use platform::secrets::Keyring;
use serde_json::Value;
use testkit::TestDb;
use tokio::process::Child;

use crate::processes::new_folder;

/// The binary of this version.
pub const PRESENT: &str = env!("CARGO_BIN_EXE_steward");
/// Only to end a test that hangs.
const LONG: Duration = Duration::from_secs(300);

/// What the processes share.
pub struct Fleet {
    pub db: TestDb,
    key: Secret<String>,
    /// What each process says.
    folder: PathBuf,
    /// What their environment holds besides.
    pub settings: Vec<(&'static str, String)>,
}

/// A process, which ends with the test.
pub struct Running {
    pub url: String,
    said: PathBuf,
    child: Child,
}

impl Fleet {
    pub fn over(db: TestDb) -> Self {
        Self { db, key: Keyring::generate(), folder: new_folder(), settings: Vec::new() }
    }

    pub fn command(&self, binary: &str) -> Command {
        let mut command = Command::new(binary);
        let environment = [
            ("STEWARD_DATABASE_URL", self.db.url.clone()),
            ("STEWARD_DATABASE_CONNECTIONS", "4".into()),
            ("STEWARD_MASTER_KEY", self.key.expose().clone()),
            ("STEWARD_JOB_LEASE", "3".into()),
            ("STEWARD_RATE_LIMIT", "0".into()),
            // A busy machine makes slow statements.
            ("STEWARD_LOG", "warn,sqlx=error".into()),
        ];
        command.envs(environment).envs(self.settings.clone()).stdin(Stdio::null());
        command
    }

    /// What a command says.
    pub fn run(&self, binary: &str, arguments: &[&str]) -> String {
        let output = self.command(binary).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts a process, which listens on an address of its own. `address_is` names the setting.
    pub fn start(&self, binary: &str, arguments: &[&str], address_is: &str) -> Running {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let said = self.folder.join(free.port().to_string());
        let mut command = tokio::process::Command::from(self.command(binary));
        command.args(arguments).args([address_is, &free.to_string()]);
        command.stderr(std::fs::File::create(&said).unwrap()).kill_on_drop(true);
        Running { url: format!("http://{free}"), said, child: command.spawn().unwrap() }
    }

    pub fn serve(&self, binary: &str) -> Running {
        self.start(binary, &["serve"], "--listen")
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Running {
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap()
    }

    pub async fn is_ready(&mut self) {
        let ready = format!("{}/readyz", self.url);
        until("a process is ready", async || {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("it ended ({status}): {}", self.said());
            }
            reqwest::get(&ready).await.is_ok_and(|response| response.status() == 200)
        })
        .await;
    }

    pub async fn post(&self, token: &str, path: &str, body: &Value) -> Value {
        let request =
            reqwest::Client::new().post(format!("{}{path}", self.url)).bearer_auth(token).json(body);
        let sent = request.send().await.unwrap();
        let (status, body) = (sent.status(), sent.json().await.unwrap_or_default());
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    pub async fn get(&self, token: &str, path: &str) -> Value {
        let sent = reqwest::Client::new().get(format!("{}{path}", self.url)).bearer_auth(token).send();
        let sent = sent.await.unwrap();
        let (status, body) = (sent.status(), sent.json().await.unwrap_or_default());
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// SIGTERM, and the end that it leads to.
    pub async fn terminate(mut self) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        let ended = tokio::time::timeout(LONG, self.child.wait()).await.unwrap().unwrap();
        assert!(ended.success(), "{ended}: {}", self.said());
    }

    /// SIGKILL.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(LONG, wait).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}
