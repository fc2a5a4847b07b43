use std::path::PathBuf;

use tokio::process::Command;

use super::{PATIENCE, Peer, free, new_folder};

/// A NATS with JetStream, whose streams stand on disk.
pub struct NatsServer {
    peer: Peer,
}

impl NatsServer {
    pub async fn start() -> Self {
        Self::configured("jetstream { store_dir: \"/var/lib/nats\" }", Vec::new(), &[]).await
    }

    /// One with this configuration, but for where it listens and stores, and these files that it may include.
    pub async fn configured(
        configuration: &str,
        environment: Vec<(&'static str, String)>,
        files: &[(&str, String)],
    ) -> Self {
        let (folder, address) = (new_folder(), free());
        let arguments = vec!["-c".to_owned(), folder.join("nats.conf").to_string_lossy().into_owned()];
        let mut peer = Peer::new("nats-server", arguments, &folder, address);
        peer.environment = environment;
        let mut server = Self { peer };
        server.write(configuration, files);
        server.peer.start().await;
        server
    }

    fn write(&self, configuration: &str, files: &[(&str, String)]) {
        let stored = self.peer.folder.join("jetstream");
        let configuration = configuration.replace("/var/lib/nats", &stored.to_string_lossy());
        let text = format!("listen: \"{}\"\n{configuration}\n", self.peer.address);
        for (name, text) in files.iter().map(|(name, text)| (*name, text)).chain([("nats.conf", &text)]) {
            std::fs::write(self.peer.folder.join(name), text).expect("a file");
        }
    }

    /// Has it take another configuration, as an operator does.
    ///
    /// # Panics
    /// When it refuses that.
    pub async fn reload(&self, configuration: &str, files: &[(&str, String)]) {
        self.write(configuration, files);
        let said = || std::fs::read_to_string(self.said()).unwrap_or_default();
        let reloaded = || said().matches("Reloaded server configuration").count();
        let (before, process) = (reloaded(), self.peer.running.as_ref().and_then(tokio::process::Child::id));
        let process = process.expect("it runs").to_string();
        Command::new("kill").args(["-HUP", &process]).status().await.expect("kill");
        let reloads = async {
            while reloaded() == before {
                assert!(!said().contains("Failed to reload"), "{}", said());
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, reloads).await.expect("it reloads");
    }

    fn said(&self) -> PathBuf {
        self.peer.folder.join("said")
    }

    pub fn url(&self) -> String {
        format!("nats://{}", self.peer.address)
    }

    /// As somebody.
    pub fn url_for(&self, user: &str, password: &str) -> String {
        format!("nats://{user}:{password}@{}", self.peer.address)
    }

    pub async fn kill(&mut self) {
        self.peer.kill().await;
    }

    /// Starts it again at the same address, with its streams.
    pub async fn restart(&mut self) {
        self.peer.kill().await;
        self.peer.start().await;
    }
}
