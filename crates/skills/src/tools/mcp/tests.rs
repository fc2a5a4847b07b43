//! A program that speaks MCP on its standard input and output, written for what is to be seen.

use std::{path::PathBuf, sync::Arc, time::Duration};

use kernel::OrgId;
use platform::outbound::{Outbound, Policy};
use rmcp::{
    RoleServer, ServerHandler,
    handler::server::router::tool::ToolRouter,
    model::{ProgressNotificationParam, ServerCapabilities, ServerConfig},
    service::RequestContext,
    tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::{Map, Value, json};
use tokio::io::AsyncWriteExt;

use super::Server;
use crate::{
    Options, Toolbox,
    testing::options,
    tools::{Prepared, mcp::McpTool},
};

/// It writes its number and its grandchild's into the file that it is given, and ignores SIGTERM as that does. What a tool
/// does is its name.
const PROGRAM: &str = r#"
import json, os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL)
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
def say(message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
def works(token):
    say({"method": "notifications/progress", "params": {"progressToken": token, "progress": 1}})
    time.sleep(0.1)
for line in sys.stdin:
    request = json.loads(line)
    if "id" not in request:
        continue
    method, params = request["method"], request.get("params", {})
    answer = {"id": request["id"]}
    if method == "initialize":
        answer["result"] = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                            "serverInfo": {"name": "test", "version": "1"}}
    elif method == "tools/list":
        while sys.argv[2:3] == ["hang"]:
            time.sleep(1)
        answer["result"] = eval(sys.argv[3]) if len(sys.argv) > 3 else {"tools": [{"name": "answer", "inputSchema": {"type": "object"}}]}
    elif method == "tools/call":
        token = params["_meta"]["progressToken"]
        if params["name"] == "hang":
            time.sleep(600)
        for _ in range(25 if params["name"] == "work" else 0):
            works(token)
        while params["name"] == "work for ever":
            works(token)
        answer["result"] = {"content": [{"type": "text", "text": "done"}]}
    else:
        answer["error"] = {"code": -32601, "message": "unknown"}
    say(answer)
if sys.argv[3:] == ["stay"]:
    time.sleep(600)
"#;

/// How long it may say nothing.
const PATIENCE: Duration = Duration::from_secs(2);

struct Fake {
    toolbox: Toolbox,
    args: Vec<String>,
    folder: PathBuf,
}

impl Fake {
    /// With more arguments it hangs when it is asked for its tools; with more still it does not end with its input.
    fn new(longest: Duration, arguments: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("steward-mcp-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        let script = folder.join("server.py");
        std::fs::write(&script, PROGRAM).unwrap();
        let paths = [script, folder.join("processes")].map(|path| path.display().to_string());
        let mut args: Vec<String> = vec!["-I".into()];
        args.extend(paths);
        args.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let line = format!("python3 {}", args.join(" "));
        let options = Options { mcp_stdio: vec![line], longest_call: longest, ..options() };
        Self { toolbox: Toolbox::new(testkit::outbound(), options), args, folder }
    }

    fn server(&self) -> Server {
        Server::stdio("python3".into(), self.args.clone(), PATIENCE)
    }

    async fn call(&self, tool: &str) -> Result<Value, String> {
        let prepared = Prepared::of_mcp(OrgId::new(testkit::start_of_time()), self.server(), tool);
        self.toolbox.call(prepared, Map::new()).await.result
    }

    /// The page of its tools that it says instead, for ever.
    fn listing(page: &str) -> Self {
        Self::new(LONG, &["page", page])
    }

    async fn list(&self) -> Result<Vec<McpTool>, String> {
        self.toolbox.list(&self.server()).await
    }

    /// The program and its child, once they run.
    async fn processes(&self) -> Vec<u32> {
        let file = self.folder.join("processes");
        wait_for("the program", || file.exists()).await;
        std::fs::read_to_string(file).unwrap().split(' ').map(|number| number.parse().unwrap()).collect()
    }

    async fn nothing_is_left(&self) {
        for process in self.processes().await {
            wait_for("the end of it", || !runs(process)).await;
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// It is there, and no zombie.
fn runs(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

async fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .unwrap_or_else(|_| panic!("in vain: {what}"));
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_program_and_what_it_started_are_gone_after_the_call() {
    for arguments in [&[][..], &["hang", "stay"]] {
        let fake = Fake::new(LONG, arguments);
        assert_eq!(fake.call("answer").await, Ok(json!("done")));
        fake.nothing_is_left().await;
    }
}

#[tokio::test]
async fn they_are_gone_when_the_call_is_dropped() {
    let fake = Fake::new(LONG, &[]);
    let started = async { assert!(fake.processes().await.into_iter().all(runs)) };
    tokio::select! {
        result = fake.call("work for ever") => panic!("{result:?}"),
        () = started => {}
    }
    fake.nothing_is_left().await;
}

#[tokio::test]
async fn they_are_gone_when_the_program_says_nothing_for_too_long() {
    let fake = Fake::new(LONG, &["hang"]);
    let late = "the MCP server said nothing for 2000 ms";
    assert_eq!(fake.call("hang").await, Err(late.into()));
    fake.nothing_is_left().await;
    assert_eq!(fake.list().await.unwrap_err(), late);
    fake.nothing_is_left().await;
}

/// A server over HTTP that works for longer than it may say nothing, and tells of it.
#[derive(Clone)]
struct Slow {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Slow {
    #[tool(description = "Works")]
    async fn work(&self, context: RequestContext<RoleServer>) -> String {
        let token = context.meta.get_progress_token().unwrap();
        for step in 1..=25 {
            let progress = ProgressNotificationParam::new(token.clone(), f64::from(step));
            context.peer.notify_progress(progress).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        "done".into()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Slow {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

#[tokio::test]
async fn over_http_progress_extends_the_patience_as_well() {
    let service: StreamableHttpService<Slow, LocalSessionManager> = StreamableHttpService::new(
        || Ok(Slow { tool_router: Slow::tool_router() }),
        Arc::default(),
        StreamableHttpServerConfig::default(),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(
        async move { axum::serve(listener, axum::Router::new().nest_service("/mcp", service)).await },
    );
    // requests of other tools may take less than that
    let policy = Policy { allowed: vec!["127.0.0.1".into()] };
    let outbound = Outbound::new(policy, Duration::from_millis(400)).unwrap();
    let server = Server::http(url, Vec::new(), PATIENCE);
    let prepared = Prepared::of_mcp(OrgId::new(testkit::start_of_time()), server, "work");
    let outcome = Toolbox::new(outbound, options()).call(prepared, Map::new()).await;
    assert_eq!(outcome.result, Ok(json!("done")));
}

#[tokio::test]
async fn progress_extends_the_patience_but_not_beyond_the_longest_call() {
    let fake = Fake::new(LONG, &[]);
    assert_eq!(fake.call("work").await, Ok(json!("done")), "two and a half seconds of work");
    let fake = Fake::new(Duration::from_secs(4), &[]);
    assert_eq!(fake.call("work for ever").await, Err("the tool did not end within 4 s".into()));
    fake.nothing_is_left().await;
}

#[tokio::test]
async fn a_connection_to_a_server_that_never_answers_ends_with_the_call() {
    let events = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    for beginning in ["", "HTTP/1.1 200 OK\r\n", events] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap()).parse().unwrap();
        let server = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            connection.write_all(beginning.as_bytes()).await.unwrap();
            // it ends when the other side closes
            let _ = tokio::io::copy(&mut connection, &mut tokio::io::sink()).await;
        };
        let place = Server::http(url, Vec::new(), Duration::from_millis(300));
        let prepared = Prepared::of_mcp(OrgId::new(testkit::start_of_time()), place, "work");
        let toolbox = Toolbox::new(testkit::outbound(), options());
        let both = futures::future::join(toolbox.call(prepared, Map::new()), server);
        let (outcome, ()) = tokio::time::timeout(Duration::from_secs(30), both).await.expect("it closes");
        assert_eq!(outcome.result, Err("the MCP server said nothing for 300 ms".into()));
    }
}

#[tokio::test]
async fn a_server_that_lists_tools_without_end_is_refused() {
    let tool = "{'name':'a','inputSchema':{'type':'object','title':'a'*LENGTH}}";
    for (length, tools, error) in [
        ("1", "1", "more than 50 pages"),
        ("1", "30", "more than 1000 tools"),
        ("500000", "1", "8388608 bytes"),
    ] {
        let tool = tool.replace("LENGTH", length);
        let fake = Fake::listing(&format!("{{'tools':[{tool}]*{tools},'nextCursor':'again'}}"));
        let refused = fake.list().await.unwrap_err();
        assert!(refused.contains(error), "{refused}");
    }
}
