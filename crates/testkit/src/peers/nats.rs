use super::{Peer, free, new_folder};

/// A NATS with JetStream, whose streams stand on disk.
pub struct NatsServer {
    peer: Peer,
}

impl NatsServer {
    pub async fn start() -> Self {
        Self::with("").await
    }

    /// One with this beside in its configuration, such as `authorization { … }`.
    pub async fn with(configuration: &str) -> Self {
        let (folder, address) = (new_folder(), free());
        let file = folder.join("nats.conf");
        let store = folder.join("jetstream");
        let text = format!(
            "listen: \"{address}\"\njetstream {{ store_dir: {:?} }}\n{configuration}\n",
            store.to_string_lossy()
        );
        std::fs::write(&file, text).expect("a file");
        let arguments = vec!["-c".to_owned(), file.to_string_lossy().into_owned()];
        let mut peer = Peer::new("nats-server", arguments, &folder, address);
        peer.start().await;
        Self { peer }
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
