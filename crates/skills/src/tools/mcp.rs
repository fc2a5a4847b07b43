//! Client of MCP servers (Model Context Protocol, <https://modelcontextprotocol.io/specification>).
//!
//! A server is reached by streamable HTTP, through the guarded client, or is a program on this machine that is
//! started for one call and speaks on its standard input and output. Because that runs with the server's rights, only
//! command lines that the operator listed are started, with an empty environment.

use std::{process::Stdio, sync::Arc, time::Duration};

use kernel::Secret;
use platform::outbound::Outbound;
use reqwest::{
    Method,
    header::{HeaderName, HeaderValue},
};
use rmcp::{
    RoleClient, ServiceExt,
    model::{CallToolRequestParams, CallToolResult, ContentBlock},
    service::RunningService,
    transport::{
        StreamableHttpClientTransport, TokioChildProcess,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{process::Command, time::timeout};
use url::Url;

/// How long connecting, and how long one call may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of one answer.
const MAX_ANSWER: usize = 4 << 20;
/// Where programs are looked for.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Where an MCP server is.
pub enum Server {
    Http { url: Url, headers: Vec<(String, Secret<String>)> },
    Stdio { command: String, args: Vec<String> },
}

/// A tool that a server offers.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct McpTool {
    pub name: String,
    #[schema(required)]
    pub description: Option<String>,
    /// JSON Schema of the arguments.
    pub input_schema: Value,
}

/// Calls MCP servers.
#[derive(Clone)]
pub struct Mcp {
    outbound: Outbound,
    stdio: Arc<[String]>,
}

type Client = RunningService<RoleClient, ()>;

impl Mcp {
    /// `stdio` are the command lines that may be started.
    pub fn new(outbound: Outbound, stdio: Vec<String>) -> Self {
        Self { outbound, stdio: stdio.into() }
    }

    /// What the server offers.
    pub async fn list(&self, server: &Server) -> Result<Vec<McpTool>, String> {
        let client = self.connect(server).await?;
        let listed = timeout(PATIENCE, client.list_all_tools()).await;
        disconnect(client).await;
        let tools = listed.map_err(|_| late())?.map_err(|error| error.to_string())?;
        let tool = |tool: rmcp::model::Tool| McpTool {
            name: tool.name.to_string(),
            description: tool.description.map(|text| text.to_string()),
            input_schema: Value::Object((*tool.input_schema).clone()),
        };
        Ok(tools.into_iter().map(tool).collect())
    }

    /// Calls a tool of the server.
    pub async fn call(&self, server: &Server, tool: String, arguments: Value) -> Result<Value, String> {
        let client = self.connect(server).await?;
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            _ => serde_json::Map::new(),
        };
        let params = CallToolRequestParams::new(tool).with_arguments(arguments);
        let called = timeout(PATIENCE, client.call_tool(params)).await;
        disconnect(client).await;
        answer(called.map_err(|_| late())?.map_err(|error| error.to_string())?)
    }

    async fn connect(&self, server: &Server) -> Result<Client, String> {
        let connecting = async {
            match server {
                Server::Http { url, headers } => {
                    ().serve(self.http(url, headers)?).await.map_err(|e| e.to_string())
                }
                Server::Stdio { command, args } => {
                    ().serve(self.start(command, args)?).await.map_err(|e| e.to_string())
                }
            }
        };
        timeout(PATIENCE, connecting).await.map_err(|_| late())?
    }

    fn http(
        &self,
        url: &Url,
        headers: &[(String, Secret<String>)],
    ) -> Result<StreamableHttpClientTransport<reqwest::Client>, String> {
        // the guard admits the address now, and the client it guards checks what its name leads to
        let request = self.outbound.request(Method::POST, url).map_err(|error| error.to_string())?;
        let (guarded, _) = request.build_split();
        let mut custom = std::collections::HashMap::new();
        for (name, value) in headers {
            let header: HeaderName = name.parse().map_err(|_| format!("{name} is no name of a header"))?;
            let value = HeaderValue::from_str(value.expose())
                .map_err(|_| format!("the secret for header {name} cannot stand in a header"))?;
            custom.insert(header, value);
        }
        let config = StreamableHttpClientTransportConfig::with_uri(url.as_str())
            .custom_headers(custom)
            .max_sse_event_size(MAX_ANSWER);
        Ok(StreamableHttpClientTransport::with_client(guarded, config))
    }

    fn start(&self, command: &str, args: &[String]) -> Result<TokioChildProcess, String> {
        let asked = || std::iter::once(command).chain(args.iter().map(String::as_str));
        if !self.stdio.iter().any(|allowed| allowed.split_whitespace().eq(asked())) {
            let line = asked().collect::<Vec<_>>().join(" ");
            return Err(format!("the operator of this server does not allow to start `{line}`"));
        }
        let mut program = Command::new(command);
        // the server's environment holds its keys
        program.args(args).env_clear().env("PATH", PATH).kill_on_drop(true);
        let started = TokioChildProcess::builder(program).stderr(Stdio::null()).spawn();
        started.map(|(process, _)| process).map_err(|error| format!("{command} cannot be started: {error}"))
    }
}

/// Ends the session politely, but waits for nobody.
async fn disconnect(client: Client) {
    let _ = timeout(Duration::from_secs(2), client.cancel()).await;
}

fn late() -> String {
    format!("the MCP server did not answer within {} s", PATIENCE.as_secs())
}

/// Structured content if there is any, else the text; text that is a JSON object or array is taken as that.
fn answer(result: CallToolResult) -> Result<Value, String> {
    let texts: Vec<&str> =
        result.content.iter().filter_map(|block| Some(block.as_text()?.text.as_str())).collect();
    let text = texts.join("\n");
    if result.is_error == Some(true) {
        return Err(if text.is_empty() { "the tool failed and did not say why".into() } else { text });
    }
    if let Some(structured) = result.structured_content {
        return Ok(structured);
    }
    if texts.len() < result.content.len() {
        let kinds = result.content.iter().map(|block| match block {
            ContentBlock::Text(text) => json!(text.text),
            other => serde_json::to_value(other).unwrap_or_default(),
        });
        return Ok(kinds.collect());
    }
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => Ok(value),
        _ => Ok(Value::String(text)),
    }
}
