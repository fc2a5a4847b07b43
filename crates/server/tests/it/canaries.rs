//! Secrets that went in come out nowhere: not in an answer, an event, an audit line, a job, an error, a log line.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};

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

#[tokio::test]
async fn no_canary_is_seen_again() {
    let log = Log::default();
    let writer = log.clone();
    // Libraries of the network show bytes at `trace`; nobody runs a server with that.
    let filter = "trace,hyper=info,hyper_util=info,h2=info,rustls=info,reqwest=info,tokio=info,mio=info";
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone()).init();
    let product = TestProduct::new().await;
    let ops = product.member("acme", "admin").await;
    product.person("acme", "dana@acme.example", PASSWORD).await;
    let mut seen: Vec<(String, Value)> = Vec::new();
    let mut send = async |method: &str, path: &str, body: Value| {
        let method: Method = method.parse().unwrap();
        let body = if body.is_null() { axum::body::Body::empty() } else { body.to_string().into() };
        let response = ops.client.send(method, path, body).await;
        assert!(!response.status.is_server_error(), "{path}: {}", response.body);
        seen.push((path.to_owned(), response.body.clone()));
        response.body
    };

    send("PUT", "/api/v1/configurations/general/token", json!({ "value": CANARY })).await;
    send("PUT", "/api/v1/configurations/wrong/token", json!({ "value": CANARY })).await;
    send("POST", "/api/v1/auth/sign-in", json!({ "email": "dana@acme.example", "password": PASSWORD })).await;
    send(
        "POST",
        "/api/v1/auth/sign-in",
        json!({ "email": "dana@acme.example", "password": format!("{CANARY}-wrong") }),
    )
    .await;
    let receiver = json!({
        "name": "Ops", "receiver_im": "ops", "im_type": "slack", "transport": "bot", "destination_id": "C1",
        "bot_token": format!("xoxb-{CANARY}"), "is_default": true
    });
    let receiver = send("POST", "/api/v1/receivers", receiver).await;
    let webhook = json!({
        "name": "Hook", "receiver_im": "hook", "im_type": "lark", "transport": "webhook",
        "webhook_url": format!("http://127.0.0.1:9/{CANARY}"), "signing_secret": CANARY
    });
    let webhook = send("POST", "/api/v1/receivers", webhook).await;
    for receiver in [&receiver, &webhook] {
        let id = receiver["id"].as_str().unwrap_or_else(|| panic!("{receiver}"));
        send("POST", &format!("/api/v1/receivers/{id}/test"), json!({})).await;
        send("GET", &format!("/api/v1/receivers/{id}"), Value::Null).await;
    }
    let tool = json!({
        "name": "leak", "type": "custom_code",
        "config": { "code": "export default async () => { console.log(secrets.token); return { text: secrets.token } }", "allowed_hosts": [], "secrets": ["token"] }
    });
    let tool = send("POST", "/api/v1/tools", tool).await;
    let ran = send(
        "POST",
        &format!("/api/v1/tools/{}/run", tool["id"].as_str().unwrap()),
        json!({ "arguments": {} }),
    )
    .await;
    assert_eq!(ran["ok"], true, "{ran}");
    ops.add_skill("Anything", "1. Look.\n   - run: `leak()` as `found`\n").await;
    send("POST", "/hooks/generic?receiver_im=ops", json!({ "title": "Something" })).await;
    product.settle().await;
    for path in [
        "/api/v1/me",
        "/api/v1/members",
        "/api/v1/tokens",
        "/api/v1/configurations",
        "/api/v1/audit",
        "/api/v1/receivers",
        "/api/v1/tools",
        "/api/v1/alerts",
        "/api/v1/issues",
        "/api/v1/overview",
        "/api/v1/jobs/dead",
        "/openapi.json",
        "/metrics",
    ] {
        send("GET", path, Value::Null).await;
    }
    for (path, body) in &seen {
        assert!(!body.to_string().contains("canary-"), "{path} shows it: {body}");
    }
    assert!(seen.len() > 20);
    everything_stored_is_clean(&product).await;
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.len() > 10_000, "{}", logged.len());
    let shown = logged.lines().find(|line| line.contains("canary-"));
    assert_eq!(shown, None);
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
            assert!(!text.contains("canary-"), "{name}: {text}");
            // bytea shows as hexadecimal
            assert!(!text.contains(&hex(b"canary-")), "{name}: {text}");
            rows += 1;
        }
    }
    assert!(rows > 30, "{rows}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
