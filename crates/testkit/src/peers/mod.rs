//! Real servers beside Steward: a Redis and a NATS from Debian's packages, an S3-compatible store (moto) from PyPI. Each listens on loopback, on a port and a folder of its own,
//! can be killed and started again, and ends with its test.
//!
//! Whoever has none of them installs them by name: `tools/check-machine.sh servers`, and `make setup` for moto.

mod nats;
mod redis;
mod s3;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

pub use nats::NatsServer;
pub use redis::RedisServer;
pub use s3::S3Server;

/// Only to end a test that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server's program and its folder.
struct Peer {
    program: &'static str,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
    folder: PathBuf,
    address: SocketAddr,
    running: Option<Child>,
}

/// A port that was free a moment ago; nothing else on a test machine takes it in between.
fn free() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

fn new_folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("steward-peer-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

impl Peer {
    fn new(program: &'static str, arguments: Vec<String>, folder: &Path, address: SocketAddr) -> Self {
        Self { program, arguments, environment: Vec::new(), folder: folder.into(), address, running: None }
    }

    /// Starts it and waits until it listens.
    #[expect(clippy::disallowed_methods, reason = "where this machine's programs are")]
    async fn start(&mut self) {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(self.program);
        command.args(&self.arguments).current_dir(&self.folder).env("PATH", format!("{path}:/usr/sbin"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let said = std::fs::File::create(self.folder.join("said")).expect("a file");
        command
            .stdin(Stdio::null())
            .stdout(said.try_clone().expect("a file"))
            .stderr(said)
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!("cannot start {}: {error}; tools/check-machine.sh servers installs it", self.program)
        });
        let listens = async {
            while TcpStream::connect(self.address).await.is_err() {
                if let Some(status) = child.try_wait().expect("a child") {
                    let said = std::fs::read_to_string(self.folder.join("said")).unwrap_or_default();
                    panic!("{} ended with {status}: {said}", self.program);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let listens = tokio::time::timeout(PATIENCE, listens).await;
        listens.unwrap_or_else(|_| panic!("{} does not listen", self.program));
        self.running = Some(child);
    }

    /// Ends it at once, as a machine that loses its power does.
    async fn kill(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().await.expect("a child of ours");
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.running = None;
        let _left = std::fs::remove_dir_all(&self.folder);
    }
}
