//! A real mail server (aiosmtpd) for a test: what is sent through it can be read.
//!
//! ```no_run
//! # async fn example() {
//! let server = testkit::mail::MailServer::start(testkit::mail::Setup::default()).await;
//! let url = server.url(); // smtp://127.0.0.1:43210?tls=none
//! // … what sends a mail …
//! let mail = &server.received(1).await[0];
//! assert_eq!(mail.message().subject(), Some("You are invited"));
//! # }
//! ```
//!
//! It refuses recipients that ask for it, such as `550-no-such-user@example.com`; `server.py` says how. It ends with the
//! test, however that ends.

mod certificate;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
pub use certificate::Certificate;
pub use mail_parser;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::watch,
};

/// Only to end a test that hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the server is to be talked to.
#[derive(Clone, Debug)]
pub struct Setup {
    pub protection: Protection,
    /// The names and addresses in its certificate.
    pub names: &'static [&'static str],
    /// Who must sign in, with which password.
    pub user: Option<(&'static str, &'static str)>,
    /// Ways to sign in that it does not offer, such as `PLAIN`.
    pub without: &'static [&'static str],
    /// Whether it takes addresses outside ASCII.
    pub smtputf8: bool,
    /// The largest mail, in bytes.
    pub size: usize,
}

impl Default for Setup {
    /// A relay on this machine that takes everything from everybody.
    fn default() -> Self {
        Self {
            protection: Protection::Plain,
            names: &["localhost", "127.0.0.1"],
            user: None,
            without: &[],
            smtputf8: true,
            size: 32 * 1024 * 1024,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    Plain,
    /// Required.
    StartTls,
    Tls,
}

/// A mail as the server took it.
#[derive(Clone, Debug, Deserialize)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    /// The parameters of MAIL.
    pub options: Vec<String>,
    /// Who had signed in.
    pub user: Option<String>,
    pub encrypted: bool,
    /// The name that the client gave itself.
    pub hello: String,
    #[serde(deserialize_with = "decoded")]
    pub content: Vec<u8>,
}

impl Received {
    /// Subject, bodies and headers, decoded.
    pub fn message(&self) -> mail_parser::Message<'_> {
        mail_parser::MessageParser::default().parse(&self.content).expect("what came is a mail")
    }
}

pub struct MailServer {
    setup: Setup,
    port: u16,
    certificate: Certificate,
    received: watch::Receiver<Vec<Received>>,
    // The server ends when this is dropped.
    _input: ChildStdin,
    _process: Child,
}

impl MailServer {
    pub async fn start(setup: Setup) -> Self {
        let certificate = Certificate::valid_for(setup.names);
        let (process, mut input, mut output) = spawn();
        let options = json!({
            "security": match setup.protection {
                Protection::Plain => "plain",
                Protection::StartTls => "starttls",
                Protection::Tls => "tls",
            },
            "user": setup.user.map(|(user, _)| user),
            "password": setup.user.map(|(_, password)| password),
            "without": setup.without,
            "smtputf8": setup.smtputf8,
            "size": setup.size,
            "certificate": certificate.chain_and_key,
        });
        input.write_all(format!("{options}\n").as_bytes()).await.expect("the mail server is told what to be");
        let first =
            output.next_line().await.ok().flatten().expect("the mail server starts; its error is above");
        let first: Value = serde_json::from_str(&first).expect("a line of JSON");
        let port = first["port"].as_u64().and_then(|port| port.try_into().ok()).expect("a port");
        let received = collect(output);
        Self { setup, port, certificate, received, _input: input, _process: process }
    }

    /// Where it is, as a setting names it, user and password included.
    pub fn url(&self) -> String {
        let user = self.setup.user.map(|(user, password)| format!("{user}:{password}@")).unwrap_or_default();
        let port = self.port;
        match self.setup.protection {
            Protection::Plain => format!("smtp://{user}127.0.0.1:{port}?tls=none"),
            Protection::StartTls => format!("smtp://{user}127.0.0.1:{port}"),
            Protection::Tls => format!("smtps://{user}127.0.0.1:{port}"),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The authority that signed its certificate, in PEM.
    pub fn ca(&self) -> &str {
        &self.certificate.ca
    }

    /// The mails it took, once there are at least so many.
    pub async fn received(&self, at_least: usize) -> Vec<Received> {
        let mut received = self.received.clone();
        let enough = received.wait_for(|mails| mails.len() >= at_least);
        let enough = tokio::time::timeout(PATIENCE, enough).await;
        enough.expect("the mail comes").expect("the mail server lives").clone()
    }
}

fn spawn() -> (Child, ChildStdin, Lines<BufReader<ChildStdout>>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packages: PathBuf = root.join("../../target/aiosmtpd");
    assert!(
        packages.join("complete").exists(),
        "aiosmtpd, the mail server of the tests, is not there: `make setup` brings it by name, with pip"
    );
    let mut process = Command::new("python3")
        .args(["-I", "-B"])
        .args([root.join("src/mail/server.py"), packages])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("python3 is there");
    let input = process.stdin.take().expect("a pipe");
    let output = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    (process, input, output)
}

fn collect(mut output: Lines<BufReader<ChildStdout>>) -> watch::Receiver<Vec<Received>> {
    let (sender, receiver) = watch::channel(Vec::new());
    tokio::spawn(async move {
        while let Ok(Some(line)) = output.next_line().await {
            let mail: Received = serde_json::from_str(&line).expect("a mail as JSON");
            sender.send_modify(|mails| mails.push(mail));
        }
    });
    receiver
}

fn decoded<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64.decode(text).map_err(serde::de::Error::custom)
}
