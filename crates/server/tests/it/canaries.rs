//! Secrets that went in come out nowhere: not in an answer, an event, an audit line, a job, an error, a log line.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use notify::channels::{CHANNELS, Descriptor, Format};
use platform::telemetry::Struck;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};
use testkit::TestClient;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::product::TestProduct;

const CANARY: &str = "canary-5f2d8c1e";
const PASSWORD: &str = "canary-5f2d8c1e-password";

/// Everything that is logged, down to the last detail.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A receiver that is told of everything, with a canary in each credential that its channel declares.
fn receiver(channel: &Descriptor, platform: &MockServer, when: &str) -> Value {
    let mut receiver = json!({
        "name": channel.name, "receiver_im": channel.id, "im_type": channel.im_type, "transport": channel.transport,
        "is_default": true
    });
    for setting in channel.settings {
        let secret = format!("{CANARY}-{}{when}", setting.name);
        receiver[setting.name] = json!(match setting.format {
            Format::Id => "C1".to_owned(),
            Format::Address => "team@example.com".to_owned(),
            Format::Token { prefix } => format!("{prefix}{secret}"),
            Format::WebhookUrl => format!("{}/{secret}", platform.uri()),
            Format::SigningSecret => format!("whsec_{}", BASE64.encode(secret)),
        });
    }
    receiver
}

/// A platform that refuses what it is sent, and repeats all of it.
async fn repeating() -> MockServer {
    let server = MockServer::start().await;
    let repeat = |request: &wiremock::Request| {
        let token = request.headers.get("authorization").map_or("", |token| token.to_str().unwrap());
        let told = format!("no: {} {token} {}", request.url, String::from_utf8_lossy(&request.body));
        ResponseTemplate::new(400).set_body_string(told)
    };
    Mock::given(wiremock::matchers::any()).respond_with(repeat).mount(&server).await;
    server
}

/// Sends requests and keeps every answer.
struct Probe {
    client: TestClient,
    seen: Vec<(String, Value)>,
}

impl Probe {
    async fn send(&mut self, method: &str, path: &str, body: Value) -> Value {
        let method: Method = method.parse().unwrap();
        let body = if body.is_null() { axum::body::Body::empty() } else { body.to_string().into() };
        let response = self.client.send(method, path, body).await;
        assert!(!response.status.is_server_error(), "{path}: {}", response.body);
        self.seen.push((path.replace(CANARY, "…"), response.body.clone()));
        response.body
    }

    /// Secrets of every kind go in, right and wrong.
    async fn put_secrets_in(&mut self, platform: &MockServer) {
        for value in [&format!("{CANARY}-of-before"), CANARY] {
            self.send("PUT", "/api/v1/configurations/general/token", json!({ "value": value })).await;
        }
        self.send("PUT", "/api/v1/configurations/wrong/token", json!({ "value": CANARY })).await;
        for password in [PASSWORD, "canary-5f2d8c1e-wrong"] {
            let sign_in = json!({ "email": "dana@acme.example", "password": password });
            self.send("POST", "/api/v1/auth/sign-in", sign_in).await;
        }
        for channel in CHANNELS {
            let receiver = self.send("POST", "/api/v1/receivers", receiver(channel, platform, "")).await;
            let id = receiver["id"].as_str().unwrap_or_else(|| panic!("{receiver}"));
            self.send("POST", &format!("/api/v1/receivers/{id}/test"), json!({})).await;
            self.send("GET", &format!("/api/v1/receivers/{id}"), Value::Null).await;
            self.replace_credentials(id, channel, platform).await;
        }
    }

    /// Each is replaced, the one before used again, and what is left forgotten; the platform is told in between.
    async fn replace_credentials(&mut self, id: &str, channel: &Descriptor, platform: &MockServer) {
        let path = format!("/api/v1/receivers/{id}");
        self.send("PUT", &path, receiver(channel, platform, "-of-after")).await;
        self.send("POST", &format!("{path}/test"), json!({})).await;
        for setting in channel.credentials() {
            let credential = format!("{path}/credentials/{}", setting.name);
            let stored = self.send("GET", &format!("{path}/credentials"), Value::Null).await;
            let stored = stored["items"].as_array().unwrap();
            let both = |stored: &&Value| stored["versions"].as_array().unwrap().len() == 2;
            assert_eq!(stored.iter().filter(both).count(), channel.credentials().count(), "{stored:?}");
            self.send("POST", &format!("{credential}/restore"), json!({ "version": 1 })).await;
            self.send("POST", &format!("{path}/test"), json!({})).await;
        }
        if let Some(forgotten) = channel.credentials().next() {
            self.send("POST", &format!("{path}/credentials/{}/forget-earlier", forgotten.name), json!({}))
                .await;
        }
    }

    /// A tool that does its best to tell the secret it was given.
    async fn let_a_tool_leak(&mut self) {
        let code =
            "export default async () => { console.log(secrets.token); return { text: secrets.token } }";
        let tool = json!({
            "name": "leak", "type": "custom_code",
            "config": { "code": code, "allowed_hosts": [], "secrets": ["token"] }
        });
        let tool = self.send("POST", "/api/v1/tools", tool).await;
        let run = format!("/api/v1/tools/{}/run", tool["id"].as_str().unwrap());
        let ran = self.send("POST", &run, json!({ "arguments": {} })).await;
        assert_eq!(ran["ok"], true, "{ran}");
    }

    /// An MCP server that repeats the header it is shown: as it is, in base64 and as in a URL, in errors of every kind.
    async fn ask_an_mcp_server_that_repeats(&mut self) {
        let server = MockServer::start().await;
        Mock::given(wiremock::matchers::method("POST"))
            .respond_with(|request: &wiremock::Request| {
                let shown = request.headers["authorization"].to_str().unwrap().to_owned();
                let told = format!("no: {shown} {} {}", BASE64.encode(&shown), shown.replace(' ', "%20"));
                let body = json!({ "jsonrpc": "2.0", "id": 0, "error": { "code": -32000, "message": told } });
                ResponseTemplate::new(200).set_body_json(body).insert_header("x-told", shown.as_str())
            })
            .mount(&server)
            .await;
        let config = json!({
            "transport": "http", "url": server.uri(), "tool": "echo", "headers": { "Authorization": "header" }
        });
        let value = json!({ "value": format!("Bearer {CANARY}-of-a-header") });
        self.send("PUT", "/api/v1/configurations/general/header", value).await;
        let asked = self.send("POST", "/api/v1/tools/mcp/list", json!({ "config": config })).await;
        assert_eq!(asked["code"], "mcp_failed");
        let tool = json!({ "name": "repeats", "type": "mcp", "config": config });
        let tool = self.send("POST", "/api/v1/tools", tool).await;
        let run = format!("/api/v1/tools/{}/run", tool["id"].as_str().unwrap());
        let ran = self.send("POST", &run, json!({ "arguments": {} })).await;
        assert!(ran["error"].as_str().unwrap().contains("[hidden]"), "{ran}");
    }

    /// A link that is shown once opens the way in; whoever follows it chooses a password.
    async fn invite(&mut self, product: &TestProduct) -> String {
        let invitation = json!({ "email": "kim@acme.example", "role": "viewer" });
        let invited = self.client.post("/api/v1/invitations", invitation).await.expect(201);
        let token = invited["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        let guest = std::mem::replace(&mut self.client, product.anonymous());
        let accept = json!({ "token": token, "name": "Kim", "password": format!("{PASSWORD}-of-kim") });
        self.send("POST", "/api/v1/auth/invitation", json!({ "token": token })).await;
        self.send("POST", "/api/v1/auth/invitation/accept", accept).await;
        self.client = guest;
        token
    }

    async fn read_everything(&mut self) {
        for path in [
            "/api/v1/me",
            "/api/v1/members",
            "/api/v1/invitations",
            "/api/v1/tokens",
            "/api/v1/configurations",
            "/api/v1/configurations/general/token/versions",
            "/api/v1/audit",
            "/api/v1/receivers",
            "/api/v1/tools",
            "/api/v1/alerts",
            "/api/v1/issues",
            "/api/v1/overview",
            "/api/v1/dead-letters",
            "/openapi.json",
            "/metrics",
        ] {
            self.send("GET", path, Value::Null).await;
        }
    }
}

#[tokio::test]
async fn no_canary_is_seen_again() {
    let log = Log::default();
    let writer = log.clone();
    // Libraries of the network show bytes at `trace`; nobody runs a server with that.
    let filter = "trace,hyper=info,hyper_util=info,h2=info,rustls=info,reqwest=info,tokio=info,mio=info";
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || Struck(writer.clone())).init();
    let platform = repeating().await;
    let product = TestProduct::with(|settings| {
        settings.egress.slack_api_url = platform.uri().parse().unwrap();
        settings.egress.lark_api_url = platform.uri().parse().unwrap();
    })
    .await;
    let ops = product.member("acme", "admin").await;
    product.person("acme", "dana@acme.example", PASSWORD).await;
    let mut probe = Probe { client: ops.client.clone(), seen: Vec::new() };

    probe.put_secrets_in(&platform).await;
    let link = probe.invite(&product).await;
    probe.let_a_tool_leak().await;
    probe.ask_an_mcp_server_that_repeats().await;
    ops.add_skill(
        "Anything",
        "1. Look.\n   - run: `leak()` as `found`\n2. Ask.\n   - run: `repeats()` as `told`\n",
    )
    .await;
    probe.send("POST", "/hooks/generic", json!({ "title": "Something" })).await;
    probe.send("POST", &format!("/hooks/generic?token={CANARY}"), json!({ "title": "Something" })).await;
    product.settle().await;
    probe.read_everything().await;

    let told = platform.received_requests().await.unwrap().len();
    assert!(told >= 2 * CHANNELS.len(), "{told}");
    assert!(probe.seen.len() > 20);
    for (path, body) in &probe.seen {
        let text = body.to_string();
        assert!(!text.contains("canary-") && !text.contains(&in_base64()), "{path} shows it: {body}");
        assert!(!text.contains(&link), "{path} shows a link: {body}");
    }
    everything_stored_is_clean(&product).await;
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.len() > 10_000, "{}", logged.len());
    let shows = |line: &&str| line.contains("canary-") || line.contains(&in_base64()) || line.contains(&link);
    assert_eq!(logged.lines().find(shows), None);
}

/// Looks into every row of every table, as text.
async fn everything_stored_is_clean(product: &TestProduct) {
    let mut tx = product.db.db.system("a test looks into every row").await.unwrap();
    let tables = "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'";
    let mut rows = 0;
    for table in sqlx::query(tables).fetch_all(tx.conn()).await.unwrap() {
        let name: String = table.get("name");
        let query = format!("select t::text as row from {name} t");
        for row in sqlx::query(AssertSqlSafe(query)).fetch_all(tx.conn()).await.unwrap() {
            let text: String = row.get("row");
            assert!(!text.contains("canary-") && !text.contains(&in_base64()), "{name}: {text}");
            // bytea shows as hexadecimal
            assert!(!text.contains(&hex(b"canary-")), "{name}: {text}");
            rows += 1;
        }
    }
    assert!(rows > 30, "{rows}");
}

/// What of a canary is the same wherever in a text it begins.
fn in_base64() -> String {
    BASE64.encode(format!("Bearer {CANARY}"))[12..24].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
