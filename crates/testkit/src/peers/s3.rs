use std::path::Path;

use super::{Peer, free, new_folder};
use crate::mail::Certificate;

const LAUNCHER: &str = include_str!("s3.py");

/// An S3-compatible store (moto) with one bucket. It keeps everything in memory, and forgets it when it ends.
pub struct S3Server {
    peer: Peer,
    scheme: &'static str,
    /// Of the authority that signed its certificate, where it has one.
    pub ca: Option<String>,
}

impl S3Server {
    pub const BUCKET: &str = "steward";

    /// One that takes any credentials.
    pub async fn start() -> Self {
        Self::with(&[], None).await
    }

    /// One with TLS.
    pub async fn with_tls() -> Self {
        Self::with(&[], Some(Certificate::valid_for(&["localhost", "127.0.0.1"]))).await
    }

    /// One that knows nobody.
    pub async fn that_refuses() -> Self {
        Self::with(&[("INITIAL_NO_AUTH_ACTION_COUNT", "0")], None).await
    }

    async fn with(environment: &[(&'static str, &str)], certificate: Option<Certificate>) -> Self {
        let (folder, address) = (new_folder(), free());
        let mut arguments = vec!["-c".to_owned(), LAUNCHER.to_owned(), Self::BUCKET.to_owned()];
        arguments.extend(["-H".into(), address.ip().to_string(), "-p".into(), address.port().to_string()]);
        if let Some(certificate) = &certificate {
            let chain = folder.join("chain.pem");
            std::fs::write(&chain, &certificate.chain_and_key).expect("a file");
            let chain = chain.to_string_lossy().into_owned();
            arguments.extend(["-c".into(), chain.clone(), "-k".into(), chain]);
        }
        let mut peer = Peer::new("python3", arguments, &folder, address);
        let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/moto");
        assert!(packages.join("complete").exists(), "moto is not there: make setup fetches it");
        peer.environment.push(("PYTHONPATH", packages.to_string_lossy().into_owned()));
        peer.environment.extend(environment.iter().map(|(name, value)| (*name, (*value).to_owned())));
        peer.start().await;
        let scheme = if certificate.is_some() { "https" } else { "http" };
        Self { peer, scheme, ca: certificate.map(|certificate| certificate.ca) }
    }

    pub fn endpoint(&self) -> String {
        format!("{}://{}", self.scheme, self.peer.address)
    }

    pub async fn kill(&mut self) {
        self.peer.kill().await;
    }

    /// Starts it again at the same address, with nothing in its bucket.
    pub async fn restart(&mut self) {
        self.peer.kill().await;
        self.peer.start().await;
    }
}
