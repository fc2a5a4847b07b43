use std::path::PathBuf;

use kernel::Secret;
use platform::secrets::{self, Name};
use rmcp::{
    ServerHandler,
    handler::server::{router::tool::ToolRouter, wrapper::Parameters},
    model::{ServerCapabilities, ServerConfig},
    schemars, tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};

use crate::{
    Deps, Options, Toolbox,
    testing::{client, client_of, deps, options},
};

fn code(code: &str) -> Value {
    let schema = json!({ "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"] });
    json!({ "name": "t", "type": "custom_code", "config": { "code": code }, "input_schema": schema })
}

async fn create(client: &TestClient, tool: Value) -> String {
    let tool = client.post("/api/v1/tools", tool).await.expect(201);
    format!("/api/v1/tools/{}", tool["id"].as_str().unwrap())
}

async fn run(client: &TestClient, path: &str, arguments: Value) -> Value {
    client.post(&format!("{path}/run"), json!({ "arguments": arguments })).await.expect(200)
}

#[tokio::test]
async fn a_tool_is_created_changed_and_deleted() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let path = create(&client, code("export default () => 1")).await;
    assert_eq!(
        client.post("/api/v1/tools", code("export default () => 2")).await.problem(409),
        "tool_name_taken"
    );
    let mut changed = code("export default () => 2");
    changed["status"] = json!("inactive");
    changed["description"] = json!("two");
    let shown = client.put(&path, changed).await.expect(200);
    assert_eq!((&shown["status"], &shown["description"]), (&json!("inactive"), &json!("two")));
    assert_eq!(client.get("/api/v1/tools").await.expect(200)["items"][0], shown);
    client.delete(&path).await.expect(204);
    assert_eq!(client.get(&path).await.problem(404), "not_found");
    assert_eq!(org.count("audit_logs").await, 3);
}

#[tokio::test]
async fn what_is_wrong_with_a_tool_is_said_with_its_place() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let check = async |change: &dyn Fn(&mut Value), pointer: &str| {
        let mut tool = code("export default () => 1");
        change(&mut tool);
        let problem = client.post("/api/v1/tools", tool).await.expect(422);
        assert_eq!(
            (&problem["code"], &problem["errors"][0]["pointer"]),
            (&json!("invalid_tool"), &json!(pointer))
        );
    };
    check(&|tool| tool["name"] = json!("no spaces"), "/name").await;
    check(&|tool| tool["input_schema"] = json!({ "type": "nothing" }), "/input_schema").await;
    check(&|tool| tool["config"] = json!({ "code": "let let" }), "/config/code").await;
    check(&|tool| tool["config"]["timeout_ms"] = json!(1), "/config/timeout_ms").await;
    check(&|tool| tool["config"]["allowed_hosts"] = json!(["a", "b/c"]), "/config/allowed_hosts/1").await;
    check(&|tool| tool["config"]["surprise"] = json!(1), "/config").await;
    let mcp = json!({ "transport": "http", "url": "https://example.com/mcp" });
    check(&|tool| (tool["type"], tool["config"]) = (json!("mcp"), mcp.clone()), "/config/tool").await;
    let mut hasty = mcp;
    (hasty["tool"], hasty["timeout_ms"]) = (json!("search"), json!(1));
    check(&|tool| (tool["type"], tool["config"]) = (json!("mcp"), hasty.clone()), "/config/timeout_ms").await;
}

#[tokio::test]
async fn a_test_run_answers_the_result_or_the_error() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let path =
        create(&client, code("export default ({ n }) => { console.log(n); return { twice: n * 2 } }")).await;
    let outcome = run(&client, &path, json!({ "n": 21 })).await;
    assert_eq!((&outcome["ok"], &outcome["result"]), (&json!(true), &json!({ "twice": 42 })));
    assert_eq!((&outcome["error"], &outcome["logs"]), (&json!(null), &json!(["21"])));
    let wrong = run(&client, &path, json!({ "n": "x" })).await;
    let error = "the arguments do not fit: /n: \"x\" is not of type \"integer\"";
    assert_eq!(
        (&wrong["ok"], &wrong["error"], &wrong["result"]),
        (&json!(false), &json!(error), &json!(null))
    );
    let reader = crate::testing::client(&db, org.caller_with(&["tools:read"]));
    assert_eq!(reader.post(&format!("{path}/run"), json!({})).await.problem(403), "forbidden");
}

#[tokio::test]
async fn a_long_result_is_cut() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let path = create(&client, code("export default () => ['ä'.repeat(200_000)]")).await;
    let outcome = run(&client, &path, json!({ "n": 1 })).await;
    assert_eq!(outcome["truncated"], true);
    assert!(outcome["result"].as_str().unwrap().len() <= 256 * 1024);
}

async fn put_secret(org: &TestOrg, deps: &Deps, key: &str, value: &str) {
    let mut tx = org.tx().await;
    let name = Name::new("general", key);
    secrets::put(&mut tx, &deps.app.keyring, name, &Secret::new(value.into())).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn secrets_are_opened_for_the_call_and_shown_to_nobody() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let deps = deps(&db.db);
    let client = client_of(deps.clone(), org.caller());
    let mut tool = code("export default () => { console.log(secrets.pager_key); return secrets }");
    tool["config"]["secrets"] = json!(["pager_key"]);
    let path = create(&client, tool).await;
    let missing = run(&client, &path, json!({ "n": 1 })).await;
    assert_eq!(missing["error"], "the secret `pager_key` is not set; put it into the settings (general)");
    put_secret(&org, &deps, "pager_key", "canary-12345").await;
    let outcome = run(&client, &path, json!({ "n": 1 })).await;
    assert_eq!(
        (&outcome["result"], &outcome["logs"]),
        (&json!({ "pager_key": "[hidden]" }), &json!(["[hidden]"]))
    );
}

#[tokio::test]
async fn a_tool_gets_the_newest_of_a_secret_and_shows_no_earlier_one() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let deps = deps(&db.db);
    let client = client_of(deps.clone(), org.caller());
    let mut tool = code("export default () => [secrets.key === 'canary-second', 'canary-first is over']");
    tool["config"]["secrets"] = json!(["key"]);
    let path = create(&client, tool).await;
    for value in ["canary-first", "canary-second"] {
        put_secret(&org, &deps, "key", value).await;
    }
    assert_eq!(run(&client, &path, json!({ "n": 1 })).await["result"], json!([true, "[hidden] is over"]));
}

#[tokio::test]
async fn only_who_may_set_secrets_says_what_a_tool_does_with_them() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let deps = deps(&db.db);
    let admin = client_of(deps.clone(), org.caller());
    let member = client_of(deps, org.caller_with(&["tools:read", "tools:write"]));
    let mut tool = code("export default () => secrets.pager_key.length");
    member.post("/api/v1/tools", tool.clone()).await.expect(201);
    tool["name"] = json!("pager");
    tool["config"]["secrets"] = json!(["pager_key"]);
    assert_eq!(member.post("/api/v1/tools", tool.clone()).await.problem(403), "forbidden");
    let path = create(&admin, tool.clone()).await;
    tool["description"] = json!("What it does is the same");
    member.put(&path, tool.clone()).await.expect(200);
    tool["config"]["allowed_hosts"] = json!(["elsewhere.example"]);
    assert_eq!(member.put(&path, tool.clone()).await.problem(403), "forbidden");
    admin.put(&path, tool).await.expect(200);
    let server = json!({ "config": { "transport": "http", "url": "https://elsewhere.example", "headers": { "x": "pager_key" } } });
    assert_eq!(member.post("/api/v1/tools/mcp/list", server).await.problem(403), "forbidden");
}

#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
struct EchoArguments {
    text: String,
}

/// An MCP server of one tool, which fails when it is told to.
#[derive(Clone)]
struct Echo {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Echo {
    #[tool(description = "Says it again")]
    async fn echo(&self, Parameters(arguments): Parameters<EchoArguments>) -> Result<String, String> {
        if arguments.text == "fail" { Err("told to fail".into()) } else { Ok(arguments.text) }
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Echo {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

/// An MCP server over HTTP that wants the right key; answers its address.
async fn echo_server() -> String {
    let service: StreamableHttpService<Echo, LocalSessionManager> = StreamableHttpService::new(
        || Ok(Echo { tool_router: Echo::tool_router() }),
        std::sync::Arc::default(),
        StreamableHttpServerConfig::default(),
    );
    let guard = axum::middleware::from_fn(
        |request: axum::extract::Request, next: axum::middleware::Next| async move {
            match request.headers().get("x-key") {
                Some(key) if key == "k-123456" => next.run(request).await,
                _ => axum::response::IntoResponse::into_response(axum::http::StatusCode::UNAUTHORIZED),
            }
        },
    );
    let router = axum::Router::new().nest_service("/mcp", service).layer(guard);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/mcp")
}

#[tokio::test]
async fn an_mcp_server_is_asked_over_http() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let deps = deps(&db.db);
    put_secret(&org, &deps, "mcp_key", "k-before").await;
    put_secret(&org, &deps, "mcp_key", "k-123456").await;
    let client = client_of(deps, org.caller());
    let url = echo_server().await;
    let server = json!({ "transport": "http", "url": url, "headers": { "X-Key": "mcp_key" } });
    let listed = client.post("/api/v1/tools/mcp/list", json!({ "config": server })).await.expect(200);
    assert_eq!(
        (&listed["tools"][0]["name"], &listed["tools"][0]["description"]),
        (&json!("echo"), &json!("Says it again"))
    );
    assert_eq!(listed["tools"][0]["input_schema"]["required"], json!(["text"]));

    let mut config = server;
    config["tool"] = json!("echo");
    let path = create(&client, json!({ "name": "echo", "type": "mcp", "config": config })).await;
    assert_eq!(run(&client, &path, json!({ "text": "hi" })).await["result"], "hi");
    assert_eq!(run(&client, &path, json!({ "text": "{\"a\":[1]}" })).await["result"], json!({ "a": [1] }));
    assert_eq!(run(&client, &path, json!({ "text": "k-123456" })).await["result"], "[hidden]");
    assert_eq!(run(&client, &path, json!({ "text": "k-before" })).await["result"], "[hidden]");
    assert_eq!(run(&client, &path, json!({ "text": "fail" })).await["error"], "told to fail");
}

#[tokio::test]
async fn an_mcp_server_on_a_private_network_is_refused() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    for url in ["http://169.254.169.254/mcp", "http://10.0.0.1/mcp", "file:///etc/passwd"] {
        let server = json!({ "config": { "transport": "http", "url": url } });
        let problem = client.post("/api/v1/tools/mcp/list", server).await.expect(422);
        assert_eq!(problem["code"], "mcp_failed", "{problem}");
    }
}

/// An MCP server on standard input and output.
const STDIO_SERVER: &str = r#"
import json, os, sys
for line in sys.stdin:
    request = json.loads(line)
    if "id" not in request:
        continue
    method, params = request["method"], request.get("params", {})
    answer = {"jsonrpc": "2.0", "id": request["id"]}
    if method == "initialize":
        answer["result"] = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                            "serverInfo": {"name": "test", "version": "1"}}
    elif method == "tools/list":
        answer["result"] = {"tools": [{"name": "env", "inputSchema": {"type": "object"}}]}
    elif method == "tools/call":
        answer["result"] = {"content": [], "structuredContent": sorted(os.environ)}
    else:
        answer["error"] = {"code": -32601, "message": "unknown"}
    print(json.dumps(answer), flush=True)
"#;

#[tokio::test]
async fn a_program_is_started_only_if_the_operator_allows_it_and_finds_no_environment() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let script: PathBuf = std::env::temp_dir().join(format!("steward-mcp-{}.py", uuid::Uuid::new_v4()));
    std::fs::write(&script, STDIO_SERVER).unwrap();
    let line = format!("python3 -I {}", script.display());
    let mut deps = deps(&db.db);
    deps.toolbox = Toolbox::new(testkit::outbound(), Options { mcp_stdio: vec![line], ..options() });
    let server = |file: &str| json!({ "transport": "stdio", "command": "python3", "args": ["-I", file], "tool": "env" });

    let allowed = client_of(deps, org.caller());
    let file = script.display().to_string();
    let path = create(&allowed, json!({ "name": "env", "type": "mcp", "config": server(&file) })).await;
    let found = run(&allowed, &path, json!({})).await["result"].clone();
    assert!(found.as_array().unwrap().iter().all(|name| name == "PATH" || name == "LC_CTYPE"), "{found}");
    let other = allowed
        .post("/api/v1/tools/mcp/list", json!({ "config": server("/tmp/other.py") }))
        .await
        .expect(422);
    assert!(other["detail"].as_str().unwrap().contains("does not allow to start `python3 -I /tmp/other.py`"));

    assert!(Options::default().mcp_stdio.is_empty());
    let refused = run(&client(&db, org.caller()), &path, json!({})).await;
    assert!(refused["error"].as_str().unwrap().contains("does not allow"));
    std::fs::remove_file(script).unwrap();
}

#[tokio::test]
async fn runs_find_active_tools_by_name() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, org.caller());
    let path = create(&client, code("export default () => 1")).await;
    assert_eq!(super::find_active(&mut org.tx().await, "t", None).await.unwrap().unwrap().name, "t");
    assert_eq!(super::list_active(&mut org.tx().await, None).await.unwrap().len(), 1);
    let mut inactive = code("export default () => 1");
    inactive["status"] = json!("inactive");
    client.put(&path, inactive).await.expect(200);
    assert_eq!(super::find_active(&mut org.tx().await, "t", None).await.unwrap(), None);
    assert!(super::list_active(&mut org.tx().await, None).await.unwrap().is_empty());
}
