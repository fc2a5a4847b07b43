use super::{Peer, free, new_folder};
use crate::mail::Certificate;

/// A Redis that forgets everything when it ends.
pub struct RedisServer {
    peer: Peer,
    url: String,
    /// Of the authority that signed its certificate, where it has one.
    pub ca: Option<String>,
}

impl RedisServer {
    /// One that everybody on this machine may use.
    pub async fn start() -> Self {
        let (folder, address) = (new_folder(), free());
        let arguments = [&["--port".into(), address.port().to_string()], common(&folder).as_slice()].concat();
        let peer = Peer::new("redis-server", arguments, &folder, address);
        Self { peer, url: format!("redis://{address}"), ca: None }.started().await
    }

    /// One with TLS and a password.
    pub async fn guarded(password: &str) -> Self {
        let (folder, address) = (new_folder(), free());
        let certificate = Certificate::valid_for(&["localhost", "127.0.0.1"]);
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).expect("a file");
            path.to_string_lossy().into_owned()
        };
        let chain = file("chain.pem", &certificate.chain_and_key);
        let guards = [
            ("--port", "0".to_owned()),
            ("--tls-port", address.port().to_string()),
            ("--tls-cert-file", chain.clone()),
            ("--tls-key-file", chain),
            ("--tls-ca-cert-file", file("ca.pem", &certificate.ca)),
            ("--tls-auth-clients", "no".to_owned()),
            ("--requirepass", password.to_owned()),
        ];
        let guards = guards.into_iter().flat_map(|(name, value)| [name.to_owned(), value]);
        let arguments = guards.chain(common(&folder)).collect();
        let peer = Peer::new("redis-server", arguments, &folder, address);
        let url = format!("rediss://:{password}@{address}");
        Self { peer, url, ca: Some(certificate.ca) }.started().await
    }

    async fn started(mut self) -> Self {
        self.peer.start().await;
        self
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub async fn kill(&mut self) {
        self.peer.kill().await;
    }

    /// Starts it again at the same address, with nothing in it.
    pub async fn restart(&mut self) {
        self.peer.kill().await;
        self.peer.start().await;
    }
}

fn common(folder: &std::path::Path) -> Vec<String> {
    let folder = folder.to_string_lossy().into_owned();
    ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", &folder].map(str::to_owned).to_vec()
}
